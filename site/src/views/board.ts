import type { BoardEntry } from '../lib/board-columns.ts';
import { formatCount, formatDay } from '../lib/format.ts';
import { attribute, type Html, html, jsonAttribute } from '../lib/html.ts';
import { GROUPS } from '../lib/kinds.ts';
import { boardHref, type Period, type Scope, type Site } from '../lib/site.ts';
import { BOARD_COLUMNS } from '../lib/table-columns.ts';
import { boardRow, listRow, type RowContext } from './board-row.ts';
import { pager } from './pager.ts';
import { periodTabs } from './period-tabs.ts';

/** One page of a board that has anybody on it. */
export interface BoardPage {
  readonly scope: Scope;
  readonly period: Period;
  readonly page: number;
  readonly pages: number;
  /** People with a rank, on all pages. */
  readonly total: number;
  /** People without points, who have no rank. */
  readonly unranked: number;
  /** The day that ranks are compared with; null: there is none. */
  readonly previousOn: string | null;
  /** The score of the first of the whole board. */
  readonly most: number;
  /** Ids of columns that are not known for all of the period. */
  readonly unknown: readonly string[];
  readonly entries: readonly BoardEntry[];
  /** What a screen reader calls the table. */
  readonly caption: string;
  /** Addresses of the documents that have the whole board. */
  readonly documents: readonly string[];
  /** The line below that says where the numbers come from. */
  readonly source: Html;
}

/** What a script needs to make rows of the whole board; it stands as JSON in the page. */
export interface BoardFacts extends RowContext {
  readonly site: RowContext['site'] & {
    readonly pageSize: number;
    readonly scoring: Pick<Site['scoring'], 'base_points'>;
  };
  /** Addresses of the documents that have the whole board. */
  readonly documents: readonly string[];
  /** People on the whole board. */
  readonly total: number;
}

/** The periods of a board, as links. */
export const tabs = (site: Site, scope: Scope, period: Period): Html =>
  periodTabs((other) => boardHref(site, scope, other), site.periods, period);

/** One of the first pages: all columns, and what a script needs to sort and filter the whole board. */
export function fullBoard(site: Site, board: BoardPage): Html {
  const { scope, period, unknown, documents, previousOn, most } = board;
  const { base, sample, avatars, pageSize, scoring } = site;
  const facts: BoardFacts = {
    site: { base, sample, avatars, pageSize, scoring: { base_points: scoring.base_points } },
    total: board.total,
    ...{ previousOn, most, unknown, documents },
  };
  return html`<section class="board kinds"${jsonAttribute('data-board', facts)}>
    <div class="board-tools">${chips()}<div class="controls js-only"></div></div>
    <table${attribute('class', previousOn === null && 'no-move')}>
    <caption class="sr-only">${board.caption}</caption>
    <thead><tr>${BOARD_COLUMNS.map((column) => head(column, board))}</tr></thead>
    <tbody${attribute('class', board.page > 1 && 'rest')}>${board.entries.map((entry) => boardRow(facts, entry))}</tbody></table>
    ${board.source}
    ${pager(board.page, board.pages, (page) => boardHref(site, scope, period, page))}
    ${unrankedNote(board.unranked)}<p class="you js-only" data-you hidden></p></section>`;
}

/** A page after those: rank, name and score. */
export function listBoard(site: Site, board: BoardPage): Html {
  const { scope, period, page, pages } = board;
  const to = (other: number) => boardHref(site, scope, period, other);
  return html`<section class="board-list"><table>
    <caption class="sr-only">${board.caption}</caption>
    <thead><tr><th scope="col">Rank</th><th scope="col">Contributor</th><th scope="col">Score</th></tr></thead>
    <tbody>${board.entries.map((entry) => listRow(site, entry))}</tbody></table>
    ${board.source}${pager(page, pages, to)}${unrankedNote(board.unranked)}</section>`;
}

/** The legend of the bars, which is also the choice of one kind: without a script it dims the others. */
const chips =
  (): Html => html`<fieldset class="chips"><legend class="sr-only">Kind of contribution</legend>
  <label class="chip"><input type="radio" name="kind" value="" checked>All kinds</label>
  ${GROUPS.map(
    ({ id, code, label }) =>
      html`<label class="chip"><input type="radio" name="kind" id="k-${code}" value="${id}"><i class="dot c-${id}"></i>${label}</label>`,
  )}</fieldset>`;

function head(column: (typeof BOARD_COLUMNS)[number], { unknown, previousOn }: BoardPage): Html {
  const { id, label, hint, isFixed, isSilent } = column;
  // The score lacks what is not known of the others.
  const isPartly = unknown.includes(id) || (id === 'score' && unknown.length > 0);
  const lack = id === 'score' ? 'without what is not known' : 'not known in full';
  const since = id === 'move' && previousOn !== null && `Places since ${formatDay(previousOn)}`;
  const title = [hint, since, isPartly && lack].filter(Boolean).join(', ');
  return html`<th${attribute('class', isPartly && 'partly')}${attribute('data-column', !isFixed && id)}
    ${attribute('aria-sort', id === 'rank' && 'ascending')}${attribute('title', title || null)}>
    <span class="${isSilent ? 'sr-only' : 'head'}">${label}</span>${isPartly && html`<span class="sr-only">, ${lack}</span>`}`;
}

/** People who did something that the weights give no points for. */
export const unrankedText = (people: number): string =>
  people === 1
    ? 'One more person contributed in this period, without points: no rank.'
    : `${formatCount(people)} more people contributed in this period, without points: no rank.`;

const unrankedNote = (people: number) =>
  people > 0 && html`<p class="unranked">${unrankedText(people)}</p>`;
