import type { BoardEntry } from '../lib/board-columns.ts';
import { GROUPS } from '../lib/kinds.ts';
import type { KindRank } from '../views/board-row.ts';
import { fold } from './match.ts';

/** Which rows of a board are shown, in which order, and how an address says so: pure. */

/** A board that can be sorted and filtered. */
export interface BoardSource {
  readonly size: number;
  /** Rows on a page. */
  readonly perPage: number;
  /** What a column is sorted by: a value for each row. */
  values(column: string): ArrayLike<number> | readonly string[];
  /** The texts that the filter searches, folded. */
  texts(): readonly string[];
  /** The login of each row. */
  logins(): readonly string[];
  /** The person in a row. */
  entry(row: number): BoardEntry;
  /** The markup of a row, also of a board that is ranked by one kind. */
  row(row: number, byKind?: KindRank): string;
  /** Points of each row for the kinds of a group, given by its place in GROUPS. */
  points(group: number): Float64Array;
}

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

const FIRST_ORDER: Order = { column: 'rank', descending: false };

/** Names and ranks start ascending, other columns descending. */
export const beginsDescending = (column: string) => column !== 'rank' && column !== 'name';

/** Made when a board is first ordered by name: a browser takes some milliseconds. */
let collator: Intl.Collator | undefined;

/** What was found: how many rows, and the first of them in their order. */
export interface FoundRows {
  readonly total: number;
  readonly rows: readonly number[];
}

/** @param most how many of the first rows are asked for: to order all takes time on a long board */
export function findRows(
  source: BoardSource,
  { column, descending }: Order,
  filter: string,
  most = Number.POSITIVE_INFINITY,
): FoundRows {
  const wanted = fold(filter.trim());
  const texts = wanted ? source.texts() : [];
  const found: number[] = [];
  for (let row = 0; row < source.size; row++)
    if (wanted === '' || texts[row]?.includes(wanted)) found.push(row);
  const compare = compareBy(source.values(column), descending ? -1 : 1);
  return { total: found.length, rows: takeFirst(found, compare, most) };
}

type Compare = (a: number, b: number) => number;

/** Equal values stay in the order of ranks, whichever way the column is sorted. */
function compareBy(values: ArrayLike<number> | readonly string[], sign: number): Compare {
  if (typeof values[0] === 'string') {
    const texts = values as readonly string[];
    collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
    const { compare } = collator;
    return (a, b) => sign * compare(texts[a] ?? '', texts[b] ?? '') || a - b;
  }
  const numbers = values as ArrayLike<number>;
  return (a, b) => sign * ((numbers[a] ?? 0) - (numbers[b] ?? 0)) || a - b;
}

/** A few of many are found by one pass that keeps the best; otherwise all are sorted. */
function takeFirst(rows: number[], compare: Compare, most: number): readonly number[] {
  if (most > rows.length / 8) return rows.sort(compare).slice(0, most);
  const best: number[] = [];
  for (const row of rows) {
    const last = best[most - 1];
    if (last !== undefined && compare(row, last) >= 0) continue;
    best.splice(placeIn(best, row, compare), 0, row);
    if (best.length > most) best.pop();
  }
  return best;
}

function placeIn(sorted: readonly number[], row: number, compare: Compare): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(row, sorted[middle] ?? 0) < 0) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** How a board is sorted and filtered, read from and written to the address, so that it can be shared. */
export interface View {
  readonly order: Order;
  readonly filter: string;
  /** The id of the group of kinds that the board is ranked by; null: by the score. */
  readonly kind: string | null;
  /** Page of what was found, from 0. */
  readonly page: number;
}

export const FIRST_VIEW: View = { order: FIRST_ORDER, filter: '', kind: null, page: 0 };

export const isFirstView = ({ order, filter, kind }: View) =>
  kind === null && order.column === FIRST_ORDER.column && !order.descending && filter.trim() === '';

/** The view of an address; a wrong value is replaced by the default. */
export function readView(search: string, columns: readonly string[]): View {
  const query = new URLSearchParams(search);
  const asked = query.get('sort') ?? '';
  const column = columns.includes(asked) ? asked : FIRST_ORDER.column;
  const way = query.get('order');
  return {
    order: { column, descending: way ? way === 'desc' : beginsDescending(column) },
    filter: query.get('filter') ?? '',
    kind: GROUPS.find(({ id }) => id === query.get('kind'))?.id ?? null,
    page: Math.max(1, Number.parseInt(query.get('page') ?? '', 10) || 1) - 1,
  };
}

/** The same address with this view; values that are the defaults are left out, other parameters stay. */
export function writeView(search: string, view: View): string {
  const { column, descending } = view.order;
  const query = new URLSearchParams(search);
  const set = (name: string, value: string, unless: boolean) =>
    unless ? query.delete(name) : query.set(name, value);
  set('kind', view.kind ?? '', view.kind === null);
  set('sort', column, column === FIRST_ORDER.column);
  set('order', descending ? 'desc' : 'asc', descending === beginsDescending(column));
  set('filter', view.filter, view.filter.trim() === '');
  set('page', String(view.page + 1), view.page === 0);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
