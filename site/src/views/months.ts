import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Months } from '../../../pipeline/published/documents.ts';
import { formatCount, formatShare } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { monthPath } from '../lib/paths.ts';
import { monthChart } from './month-chart.ts';
import { type MonthSite, personLink, picture } from './month-person.ts';

type MonthRow = Months['months'][number];

/** Months of the picture. */
const DRAWN = 24;

/** The list of all months, newest first, by year. */
export function monthsBody(site: MonthSite, { months }: Months): Html {
  const most = Math.max(1, ...months.map(({ contributions }) => contributions));
  const years = Map.groupBy(months, ({ month }) => month.slice(0, 4));
  return html`<header class="page-head"><h1>Months</h1><p class="lead">A page for each month of the calendar: who was first, who came, what was released. It closes three days after the month, when all repositories are read to its end, and then stays as it is.</p></header>
    ${months.length === 0 && html`<section class="empty"><h2>There is no month yet</h2><p>The first one follows the first run that reads something.</p></section>`}
    ${monthChart(months.slice(0, DRAWN).toReversed(), html`<span>Months of the calendar, UTC</span>`)}
    ${[...years].map(([year, own]) => table(site, year, own, most))}`;
}

const table = (site: MonthSite, year: string, months: readonly MonthRow[], most: number): Html =>
  html`<section><h2>${year}</h2><table class="led months"><thead><tr><th scope="col">Month<th scope="col">First by points<th scope="col">Contributions<th scope="col" class="size"><span class="sr-only">Size</span><th scope="col">People<th scope="col">Newcomers<th scope="col">Known</tr></thead>
    <tbody>${months.map((month) => row(site, month, most))}</tbody></table></section>`;

function row(site: MonthSite, month: MonthRow, most: number): Html {
  const { newcomers, contributions, coverage } = month;
  return html`<tr><th scope="row"><a href="${site.base}${monthPath(month.month)}">${formatMonth(month.month).split(' ')[0]}</a>${month.closed_at === null && html` <span class="tag">Open</span>`}
    <td>${first(site, month)}<td>${formatCount(contributions)}
    <td class="size"><svg class="br" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><path d="M0 4h${Math.round((100 * contributions) / most)}"/></svg>
    <td>${formatCount(month.people)}<td${newcomers === null && html` class="n"`}>${newcomers === null ? '–' : formatCount(newcomers)}<td>${formatShare(coverage / 100)}`;
}

function first(site: MonthSite, { first: best }: MonthRow): Html {
  const [person] = best?.people ?? [];
  if (!best || !person) return html`<span class="n">–</span>`;
  return html`<span class="who">${picture(site, person)}<span>${personLink(site, person)}${best.tied > 1 && ` and ${best.tied - 1} more`}<small>${formatCount(best.score)} points</small></span></span>`;
}
