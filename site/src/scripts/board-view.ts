import { fold } from './match.ts';

/** Which rows of a board are shown, in which order, and how an address says so: pure. */

/** A board that can be sorted: from the rows of the page, or from the file of a long board. */
export interface BoardSource {
  readonly size: number;
  /** Rows on a page. */
  readonly perPage: number;
  value(column: string, row: number): string | number;
  /** The text that the filter searches. */
  text(row: number): string;
  element(row: number): HTMLTableRowElement;
}

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

const FIRST_ORDER: Order = { column: 'rank', descending: false };

/** Names and ranks start ascending, other columns descending. */
export const beginsDescending = (column: string) => column !== 'rank' && column !== 'name';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const compare = (a: string | number, b: string | number) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));

export function orderRows(source: BoardSource, { column, descending }: Order, filter: string) {
  const wanted = fold(filter.trim());
  const rows = Array.from({ length: source.size }, (_, row) => row);
  const kept = wanted ? rows.filter((row) => source.text(row).includes(wanted)) : rows;
  const sign = descending ? -1 : 1;
  // Equal values stay in the order of ranks, whichever way the column is sorted.
  return kept.sort(
    (a, b) => sign * compare(source.value(column, a), source.value(column, b)) || a - b,
  );
}

/** How a board is sorted and filtered, read from and written to the address, so that it can be shared. */
export interface View {
  readonly order: Order;
  readonly filter: string;
  /** Page of what was found, from 0. */
  readonly page: number;
}

export const FIRST_VIEW: View = { order: FIRST_ORDER, filter: '', page: 0 };

export const isFirstView = ({ order, filter }: View) =>
  order.column === FIRST_ORDER.column && !order.descending && filter.trim() === '';

/** The view of an address; a wrong value is replaced by the default. */
export function readView(search: string, columns: readonly string[]): View {
  const query = new URLSearchParams(search);
  const asked = query.get('sort') ?? '';
  const column = columns.includes(asked) ? asked : FIRST_ORDER.column;
  const way = query.get('order');
  return {
    order: { column, descending: way ? way === 'desc' : beginsDescending(column) },
    filter: query.get('filter') ?? '',
    page: Math.max(1, Number.parseInt(query.get('page') ?? '', 10) || 1) - 1,
  };
}

/** The same address with this view; values that are the defaults are left out, other parameters stay. */
export function writeView(search: string, view: View): string {
  const { column, descending } = view.order;
  const query = new URLSearchParams(search);
  const set = (name: string, value: string, unless: boolean) =>
    unless ? query.delete(name) : query.set(name, value);
  set('sort', column, column === FIRST_ORDER.column);
  set('order', descending ? 'desc' : 'asc', descending === beginsDescending(column));
  set('filter', view.filter, view.filter.trim() === '');
  set('page', String(view.page + 1), view.page === 0);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
