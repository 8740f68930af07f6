import { fold } from './match.ts';

/** Which rows of a board are shown, and in which order: pure. */

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

export const FIRST_ORDER: Order = { column: 'rank', descending: false };

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
