import type { Costs, Coverage } from '../../../../pipeline/published/documents.ts';
import { formatBytes, formatCount, formatDollars, plural } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';
import { costChart } from '../costs.ts';
import { figure } from '../figure.ts';
import { bareTime, time } from '../time.ts';

/** What BigQuery cost, by day and by repository. */
export function costFigure(costs: Costs): Html | null {
  const { days, repositories } = costs;
  if (days.length === 0) return null;
  const all = days.reduce((sum, { usd }) => sum + usd, 0);
  const rows = days.map(
    ({ date, usd, bytes_billed, queries }) =>
      html`<tr><th>${bareTime(date)}<td>${formatDollars(usd)}<td>${formatBytes(bytes_billed)}<td>${formatCount(queries)}`,
  );
  const split = html`<details class="more"><summary>Costs by repository</summary><table class="sum"><tbody>${repositories.map(
    ({ repository, usd }) =>
      html`<tr><th scope="row">${repository}</th><td class="number">${formatDollars(usd)}</td></tr>`,
  )}</tbody></table></details>`;
  return html`<div class="g7">${figure({
    title: `${formatDollars(all)} on ${plural(days.length, 'day')} of the last 60`,
    text: 'What BigQuery has billed. A query for several repositories is split evenly.',
    plot: costChart(costs),
    table: html`<table class="led values"><thead><tr><th scope="col">Day<th scope="col">Cost<th scope="col">Billed<th scope="col">Queries</tr></thead><tbody>${rows.toReversed()}</tbody></table>`,
    width: 12,
  })}${repositories.length > 0 && split}</div>`;
}

/** How far back the history is read, by month, and when it will be whole; null: it is, or nobody pays for it. */
export function historyFigure(costs: Costs, repositories: Coverage['repositories']): Html | null {
  const { backfill } = costs;
  if (!backfill) return null;
  const { done_days, remaining_days, spent_usd, estimated_usd, whole_on } = backfill;
  const end = whole_on ? html`whole on about ${time(whole_on)}` : 'never whole within this budget';
  const read = new Set(
    repositories.flatMap(({ months }) =>
      months.filter(({ coverage }) => coverage > 0).map(({ month }) => month),
    ),
  );
  return html`<section class="fig g5"><header><div><h2>${plural(remaining_days, 'day')} of history to read</h2>
    <p>${plural(done_days, 'day')} read for ${formatDollars(spent_usd)}; about ${formatDollars(estimated_usd)} more, ${end}.</p></div></header>
    ${yearGrid(listMonthsBack(costs.generated_at, done_days + remaining_days), read)}</section>`;
}

/** The months (`YYYY-MM`) of the last days, oldest first. */
function listMonthsBack(until: string, days: number): string[] {
  const end = new Date(until);
  const month = new Date(end.getTime() - days * 86_400_000);
  month.setUTCDate(1);
  const months: string[] = [];
  for (; month <= end; month.setUTCMonth(month.getUTCMonth() + 1))
    months.push(month.toISOString().slice(0, 7));
  return months;
}

const INITIALS = [...'JFMAMJJASOND'];

/** A row for each year, latest first, and a cell for each month: read, to be read, or outside. */
function yearGrid(months: readonly string[], read: ReadonlySet<string>): Html {
  const asked = new Set(months);
  const years = [...new Set(months.map((month) => month.slice(0, 4)))].toReversed();
  const cell = (month: string) => {
    if (!asked.has(month)) return html`<td class="o">`;
    return read.has(month)
      ? html`<td><span class="sr-only">read</span>`
      : html`<td class="x"><span class="sr-only">to be read</span>`;
  };
  const row = (year: string) =>
    html`<tr><th scope="row">${year}${INITIALS.map((_, at) => cell(`${year}-${String(at + 1).padStart(2, '0')}`))}`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="History by month"><table class="cov years"><caption class="sr-only">Which months are read</caption>
    <thead><tr><th scope="col"><span class="sr-only">Year</span>${INITIALS.map((initial) => html`<th scope="col">${initial}`)}</tr></thead><tbody>${years.map(row)}</tbody></table></div>
    <p class="keys cov-keys"><span><i class="key-k"></i>read</span><span><i class="key-x"></i>to be read</span></p>`;
}
