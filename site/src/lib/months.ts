import { monthOf } from './format.ts';

/** Months as the documents write them, `YYYY-MM`, and as people read them. */

const long = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export const formatMonth = (month: string) => long.format(new Date(`${month}-01T00:00:00Z`));

/** Every year from the first of these months to the last, newest first. */
export function listYears(months: readonly string[]): number[] {
  const years = months.map((month) => Number(month.slice(0, 4)));
  if (years.length === 0) return [];
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, index) => last - index);
}

/** "May 2025, October 2025 to January 2026": months in a row are given by their first and last. */
export function formatMonths(months: readonly string[]): string {
  return groupRows(months.toSorted())
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

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, number, 1));
}
