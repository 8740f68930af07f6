import type { BoardSource } from './board-view.ts';
import { fold } from './match.ts';

/** A board that stands on its page whole: its rows are moved, none is made. */
export function createPageSource(body: HTMLTableSectionElement): BoardSource {
  const rows = [...body.rows];
  const texts = rows.map((row) => fold(row.querySelector('.names')?.textContent ?? ''));
  return {
    size: rows.length,
    perPage: Math.max(1, rows.length),
    value: (column, row) => readValue(rows[row], column),
    text: (row) => texts[row] ?? '',
    element: (row) => rows[row] as HTMLTableRowElement,
  };
}

function readValue(row: HTMLTableRowElement | undefined, column: string): string | number {
  const value = row?.querySelector<HTMLElement>(`[data-column=${column}]`)?.dataset.value ?? '';
  return column === 'name' ? value : Number(value);
}
