import type { BoardSource } from './board-view.ts';
import { fold } from './match.ts';

/** A board that is complete on its page: its rows are moved, no row is made. */
export function createPageSource(
  body: HTMLTableSectionElement,
  columns: readonly string[],
): BoardSource {
  const rows = [...body.rows];
  const texts = rows.map((row) => fold(row.querySelector('.names')?.textContent ?? ''));
  const values = new Map(
    columns.map((column, place) => [column, rows.map((row) => readValue(row, column, place))]),
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
function readValue(row: HTMLTableRowElement, column: string, place: number): string | number {
  const cell = row.cells[place];
  if (column === 'name') return cell?.querySelector('a')?.textContent ?? '';
  if (column === 'last') return Date.parse(cell?.querySelector('time')?.dateTime ?? '');
  const text = (cell?.querySelector('.place, .score > span') ?? cell)?.textContent ?? '';
  return Number(text.replaceAll(',', ''));
}
