import { AVATAR_START, avatarAt, hueOf, initials } from '../lib/avatar.ts';
import { formatCount, formatDay, splitScore } from '../lib/format.ts';
import { describeMovement } from '../lib/movement.ts';
import { contributorPath } from '../lib/paths.ts';
import { decodeShares } from '../lib/shares.ts';
import { DAY_MS, dateOf } from '../lib/time.ts';

/** Fills a copy of the row that the page was built with, as text only: nothing is parsed as markup. */
export interface RowFacts {
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
export interface RowPlace {
  readonly base: string;
  readonly columns: readonly string[];
}

export function fillRow(row: HTMLTableRowElement, facts: RowFacts, place: RowPlace): void {
  row.id = `c-${facts.username}`;
  fillRank(row, facts);
  fillPerson(row, facts, place.base);
  fillScore(row, facts);
  const widths = decodeShares(facts.shares);
  for (const [index, part] of [...find(row, '.bar').children].entries())
    (part as HTMLElement).style.width = `${widths[index] ?? 0}%`;
  for (const [column, value] of Object.entries(facts.numbers))
    fillCount(row.cells[place.columns.indexOf(column)], value);
  fillTime(find(row, 'time') as HTMLTimeElement, facts.lastDay);
}

function fillScore(row: HTMLElement, { score }: RowFacts): void {
  const [whole, fraction] = splitScore(score);
  const text = find(row, '.score > span');
  const decimals = find(text, 'i');
  decimals.textContent = fraction;
  text.replaceChildren(whole, decimals);
}

function fillCount(cell: HTMLTableCellElement | undefined, value: number): void {
  if (!cell) return;
  cell.textContent = formatCount(value);
  cell.className = value === 0 ? 'zero' : '';
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
