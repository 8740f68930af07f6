import { describeCoverage, type Month } from '../lib/coverage.ts';
import { type Html, html } from '../lib/html.ts';
import type { SiteFacts } from '../lib/site.ts';
import { bareMonthCell, heatLegend } from './heat.ts';

const NUMBERS = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0'));

/** Every year from the first of these months (`YYYY-MM`) to the last, newest first. */
export function listYears(months: readonly string[]): number[] {
  const years = months.map((month) => Number(month.slice(0, 4)));
  if (years.length === 0) return [];
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, index) => last - index);
}

/** How much is known of a repository, a row for each year; there is at least one month. */
export function repositoryMonths({ base }: SiteFacts, months: readonly Month[]): Html {
  const byName = new Map(months.map((month) => [month.month, month]));
  const [first = '', last = first] = [months[0]?.month, months.at(-1)?.month];
  // Months before the first and after the last stay empty: they were never requested.
  const cell = (name: string) =>
    name >= first && name <= last ? bareMonthCell(name, byName.get(name)) : html`<td></td>`;
  const years = listYears(months.map(({ month }) => month));
  return html`<section class="months"><h2>Coverage</h2>
    <p>${describeCoverage(months)} The <a href="${base}coverage/">coverage page</a> lists what is missing.</p>
    <table class="heat"><caption class="sr-only">Coverage by month, in per cent</caption>
    <thead><tr><th scope="col"><span class="sr-only">Year</span></th>${NUMBERS.map((number) => html`<th scope="col">${number}</th>`)}</tr></thead>
    <tbody>${years.map((year) => html`<tr><th scope="row">${year}</th>${NUMBERS.map((number) => cell(`${year}-${number}`))}</tr>`)}</tbody></table>
    ${heatLegend()}</section>`;
}
