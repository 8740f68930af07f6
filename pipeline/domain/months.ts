import type { TimeWindow } from './window.ts';

/** Months as documents write them, `YYYY-MM`, UTC, and as people read them. */

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'],
  ...['September', 'October', 'November', 'December'],
];

/** `October 2025` */
export function formatMonth(month: string): string {
  const [year = '', number = ''] = month.split('-');
  return `${MONTHS[Number(number) - 1] ?? ''} ${year}`;
}

/** `May 2025, October 2025 to January 2026`: months in a row by their first and last, each once. */
export function formatMonths(months: readonly string[]): string {
  return groupRows([...new Set(months)].sort())
    .map(([first = '', ...rest]) => {
      const last = rest.at(-1);
      return last === undefined
        ? formatMonth(first)
        : `${formatMonth(first)} to ${formatMonth(last)}`;
    })
    .join(', ');
}

/** Sorted months, cut wherever one is left out. */
function groupRows(months: readonly string[]): string[][] {
  const rows: string[][] = [];
  for (const month of months) {
    const row = rows.at(-1);
    if (row && nextMonth(row.at(-1) ?? '') === month) row.push(month);
    else rows.push([month]);
  }
  return rows;
}

/** The month after a month. */
export function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** The moments of a month. */
export const monthWindow = (month: string): TimeWindow => ({
  from: new Date(`${month}-01T00:00:00Z`),
  to: new Date(`${nextMonth(month)}-01T00:00:00Z`),
});
