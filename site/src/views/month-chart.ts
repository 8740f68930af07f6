import { type CoverageKind, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth } from '../../../pipeline/domain/months.ts';
import type { Months } from '../../../pipeline/published/documents.ts';
import { formatCompact, formatCount } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, type Kind } from '../lib/kinds.ts';
import { drawChart, listTicks, stackColumns } from './chart.ts';
import { figure, key } from './figure.ts';

/** Contributions by month of the calendar, in columns of kinds. */

/** Lines bring points, and are no contributions. */
const COUNTED = GROUPS.filter(({ id }) => id !== 'lines');

type MonthRow = Months['months'][number];

/** @param months oldest first; the last one may go on */
export function monthChart(months: readonly MonthRow[], source: Html): Html | false {
  const most = Math.max(0, ...months.map(({ contributions }) => contributions));
  if (months.length < 2 || most === 0) return false;
  const groups = COUNTED.map((group) => ({
    ...group,
    counts: months.map(({ counts }) =>
      group.parts.reduce((sum, kind) => sum + (counts[kind as Kind] ?? 0), 0),
    ),
  }));
  const isOpen = months.at(-1)?.closed_at === null;
  return html`<div class="g12 month-chart">${figure({
    title: 'Contributions by month',
    text: `${describeMost(months, most)}${isOpen ? ' The last month goes on.' : ''}`,
    legend: html`${groups.map(({ id, label }) => key(`c-${id}`, label))}`,
    plot: drawChart({
      label: `Contributions by month and kind, ${formatMonth(months[0]?.month ?? '')} to ${formatMonth(months.at(-1)?.month ?? '')}`,
      columns: months.length,
      marks: stackColumns(groups, most, isOpen ? months.length - 1 : months.length),
      values: listTicks(most, 1).map((value) => ({ at: value / most, text: axisText(value) })),
      times: months.map(({ month }, at) => ({ at: at + 0.5, text: shortName(month, at === 0) })),
      ...hatch(months),
    }),
    table: table(groups, months),
    source,
    width: 12,
  })}</div>`;
}

/** Contributions of unknown kinds are not counted: then no month is called the busiest. */
function describeMost(months: readonly MonthRow[], most: number): string {
  const unknown = listUnknown(months);
  if (unknown.length > 0)
    return `Of kinds that are known: ${nameKinds(unknown).toLowerCase()} are not known of the hatched months.`;
  const busiest = months.find(({ contributions }) => contributions === most);
  return `Busiest: ${formatMonth(busiest?.month ?? '')}, with ${formatCount(most)}.`;
}

const listUnknown = (months: readonly MonthRow[]): CoverageKind[] => [
  ...new Set(
    months.flatMap(({ unknown_kinds: kinds }) => kinds.filter((kind) => kind !== 'LINES')),
  ),
];

/** The months of which a kind is not known. */
function hatch(months: readonly MonthRow[]) {
  const bands = months.flatMap((month, at) =>
    listUnknown([month]).length > 0 ? [{ from: at, to: at + 1 }] : [],
  );
  const kinds = listUnknown(months);
  const lacking = kinds.length > 2 ? 'not all known' : `${nameKinds(kinds)} not known in full`;
  return { bands, lacking };
}

const axisText = (value: number): string =>
  value >= 10_000 ? formatCompact(value).toLowerCase() : formatCount(value);

/** `Oct`, with the year where it begins. */
function shortName(month: string, isFirst: boolean): string {
  const [name = '', year = ''] = formatMonth(month).split(' ');
  return `${name.slice(0, 3)}${isFirst || month.endsWith('-01') ? ` ${year}` : ''}`;
}

/** A row for each month, the latest first. */
function table(
  groups: readonly { readonly label: string; readonly counts: readonly number[] }[],
  months: readonly MonthRow[],
): Html {
  const rows = months.map(
    ({ month, contributions }, at) =>
      html`<tr><th>${formatMonth(month)}${groups.map(({ counts }) => html`<td>${formatCount(counts[at] ?? 0)}`)}<td>${formatCount(contributions)}`,
  );
  return html`<table class="led values"><thead><tr><th scope="col">Month${groups.map(({ label }) => html`<th scope="col">${label}`)}<th scope="col">All</tr></thead>
    <tbody>${rows.toReversed()}</tbody></table>`;
}
