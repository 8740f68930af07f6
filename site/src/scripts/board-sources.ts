import type { ColumnsFile } from '../lib/columns-file.ts';
import {
  AVATAR_START,
  avatarAt,
  decodeShares,
  describeCount,
  describeMovement,
  hueOf,
  initials,
  readCount,
} from '../lib/entry.ts';
import { DAY_MS, dateOf, formatCount, formatDay, splitScore } from '../lib/format.ts';
import { contributorPath } from '../lib/paths.ts';
import type { BoardSource } from './board-view.ts';
import { fold } from './match.ts';

/** The two sources of a board's rows: the rows of its page, or the columns file of a long board. */

/** A board that is complete on its page: its rows are moved, no row is made. */
export function createPageSource(
  body: HTMLTableSectionElement,
  columns: readonly string[],
): BoardSource {
  const rows = [...body.rows];
  const texts = rows.map((row) => fold(row.querySelector('.names')?.textContent ?? ''));
  const values = new Map(
    columns.map((column, place) => [column, rows.map((row) => readCell(row, column, place))]),
  );
  return {
    size: rows.length,
    perPage: Math.max(1, rows.length),
    value: (column, row) => values.get(column)?.[row] ?? 0,
    text: (row) => texts[row] ?? '',
    element: (row) => rows[row] as HTMLTableRowElement,
  };
}

/** The value of a cell, as a number where it is one. */
function readCell(row: HTMLTableRowElement, column: string, place: number): string | number {
  const cell = row.cells[place];
  if (column === 'name') return cell?.querySelector('a')?.textContent ?? '';
  if (column === 'last') return Date.parse(cell?.querySelector('time')?.dateTime ?? '');
  const text = (cell?.querySelector('.place, .score > span') ?? cell)?.textContent ?? '';
  return readCount(text);
}

/** A long board: its columns are fetched once, and a row is made when it is shown. */
interface FileSourceOptions extends RowPlace {
  readonly url: string;
  readonly perPage: number;
  readonly pattern: HTMLTableRowElement;
}

export async function openFileSource(options: FileSourceOptions): Promise<BoardSource> {
  const response = await fetch(options.url);
  if (!response.ok) throw new Error(`${options.url} answered ${response.status}`);
  const file = (await response.json()) as ColumnsFile;
  const texts = file.username.map((username, row) => fold(`${username} ${file.name[row] || ''}`));
  return {
    size: file.username.length,
    perPage: options.perPage,
    value: (column, row) => readValue(file, column, row),
    text: (row) => texts[row] ?? '',
    element: (row) => {
      const element = options.pattern.cloneNode(true) as HTMLTableRowElement;
      fillRow(element, readRow(file, row), options);
      return element;
    },
  };
}

function readValue(file: ColumnsFile, column: string, row: number): string | number {
  if (column === 'name') return file.name[row] || (file.username[row] ?? '');
  if (column === 'rank' || column === 'score' || column === 'last') return file[column][row] ?? 0;
  return file.numbers[column]?.[row] ?? 0;
}

function readRow(file: ColumnsFile, row: number): RowFacts {
  return {
    username: file.username[row] ?? '',
    name: file.name[row] || null,
    avatar: file.avatar[row] || null,
    rank: file.rank[row] ?? 0,
    previous: file.previous[row] || null,
    score: file.score[row] ?? 0,
    shares: file.shares[row] ?? '',
    lastDay: file.last[row] ?? 0,
    hasPage: file.page[row] === '1',
    numbers: Object.fromEntries(
      Object.entries(file.numbers).map(([id, column]) => [id, column[row] ?? 0]),
    ),
  };
}

/** Fills a copy of the row that the page was built with, as text only: nothing is parsed as markup. */
interface RowFacts {
  readonly username: string;
  readonly name: string | null;
  readonly avatar: string | null;
  readonly rank: number;
  readonly previous: number | null;
  readonly score: number;
  readonly shares: string;
  readonly lastDay: number;
  readonly hasPage: boolean;
  /** By the id of their column. */
  readonly numbers: Readonly<Record<string, number>>;
}

const find = (row: HTMLElement, selector: string) => row.querySelector(selector) as HTMLElement;

/** Where a row stands: on a site with this base, in a table with these columns, by id. */
interface RowPlace {
  readonly base: string;
  readonly columns: readonly string[];
  /** Ids of columns that are not known for all of the period. */
  readonly unknown: readonly string[];
}

function fillRow(row: HTMLTableRowElement, facts: RowFacts, place: RowPlace): void {
  row.id = `c-${facts.username}`;
  fillRank(row, facts);
  fillPerson(row, facts, place.base);
  fillScore(row, facts);
  const widths = decodeShares(facts.shares);
  for (const [index, part] of [...find(row, '.bar').children].entries())
    (part as HTMLElement).style.width = `${widths[index] ?? 0}%`;
  for (const [column, value] of Object.entries(facts.numbers))
    fillCount(row.cells[place.columns.indexOf(column)], value, place.unknown.includes(column));
  fillTime(find(row, 'time') as HTMLTimeElement, facts.lastDay);
}

function fillScore(row: HTMLElement, { score }: RowFacts): void {
  const [whole, fraction] = splitScore(score);
  const text = find(row, '.score > span');
  const decimals = find(text, 'i');
  decimals.textContent = fraction;
  text.replaceChildren(whole, decimals);
}

function fillCount(
  cell: HTMLTableCellElement | undefined,
  value: number,
  isUnknown: boolean,
): void {
  if (!cell) return;
  const { text, className = '' } = describeCount(value, isUnknown);
  cell.textContent = text;
  cell.className = className;
}

function fillRank(row: HTMLElement, { rank, previous }: RowFacts): void {
  const place = find(row, '.place');
  place.textContent = formatCount(rank);
  place.className = `place place-${Math.min(rank, 4)}`;
  const move = find(row, '.move');
  const { kind, mark, text } = describeMovement(rank, previous);
  move.className = `move ${kind}`;
  move.title = text;
  move.ariaLabel = text;
  move.textContent = mark;
}

function fillPerson(row: HTMLElement, facts: RowFacts, base: string): void {
  const { username, name, hasPage } = facts;
  const link = find(row, '.names a') as HTMLAnchorElement;
  link.textContent = name ?? username;
  link.title = name ?? username;
  if (hasPage) link.href = base + contributorPath(username);
  else link.removeAttribute('href');
  find(row, '.login').textContent = name === null ? '' : username;
  fillAvatar(find(row, '.avatar'), facts);
}

function fillAvatar(avatar: HTMLElement, { username, name, avatar: url }: RowFacts): void {
  avatar.style.setProperty('--hue', String(hueOf(username)));
  const letters = avatar.querySelector('span');
  if (letters) letters.textContent = initials(username, name);
  const picture = avatar.querySelector('img');
  if (url === null) picture?.remove();
  else if (picture) picture.src = avatarAt(url.includes(':') ? url : AVATAR_START + url, 32);
}

function fillTime(time: HTMLTimeElement, lastDay: number): void {
  time.dateTime = dateOf(lastDay * DAY_MS);
  time.textContent = formatDay(time.dateTime);
}
