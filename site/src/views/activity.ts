import { nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatCount, formatDay } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, groupOf, type Kind, kindText } from '../lib/kinds.ts';
import { type Unknown, unknownIn, unknownSince } from '../lib/unknown-weeks.ts';
import {
  type Activity,
  describeWeeks,
  lastWeeks,
  rangeOf,
  spanOf,
  WEEK_MS,
  type Week,
} from '../lib/weeks.ts';
import { type ColumnPart, drawChart, listMonthTicks, listTicks } from './chart.ts';
import { legend } from './legend.ts';

/** Contributions by week: in words, as a picture and as a table. */
export function activity(data: Activity): Html {
  const span = spanOf(data.weeks, data.until);
  const shown = lastWeeks(data.weeks, span, data.until);
  const words = html`<p>${describeWeeks(data, span)}</p>`;
  if (shown.length === 0) return words;
  return html`${words}${legend('Contributions by week:', false)}${chart(data, shown, span)}
    <details class="more"><summary>Activity as a table</summary><table class="sum weeks">
    <thead><tr><th scope="col">Week of</th><th scope="col">Contributions</th><th scope="col">Of these</th></tr></thead>
    <tbody>${shown.toReversed().map((week) => row(week, data.unknown))}</tbody></table></details>`;
}

/** Kept small: a page has a hundred of these. */
const row = (week: Week, unknown: readonly Unknown[]): Html =>
  html`<tr><th>${formatDay(week.week)}<td>${formatCount(week.total)}
    <td>${listKinds(week)}${describeUnknown(week, unknown)}`;

const listKinds = ({ counts }: Week): string =>
  (Object.entries(counts) as [Kind, number][])
    .map(([kind, count]) => `${kindText(kind).label.toLowerCase()} ${formatCount(count)}`)
    .join(', ');

function describeUnknown({ week }: Week, unknown: readonly Unknown[]): string {
  const kinds = unknownIn(week, unknown);
  return kinds.length === 0 ? '' : `; not known in full: ${nameKinds(kinds)}`;
}

function chart(data: Activity, weeks: readonly Week[], span: number): Html {
  const { start, end } = rangeOf(span, data.until);
  const most = Math.max(1, ...weeks.map(({ total }) => total));
  const at = (time: number) => (Math.min(end, Math.max(start, time)) - start) / WEEK_MS;
  return drawChart({
    label: 'Contributions by week',
    description: describeWeeks(data, span),
    columns: span,
    most,
    series: stack(weeks, start),
    values: listTicks(most, 1).map((value) => ({ value, text: formatCount(value) })),
    times: listMonthTicks(start, end).map(({ time, text }) => ({ at: at(time), text })),
    bands: unknownSince(start, data.unknown).map(({ from, to }) => ({
      from: at(Date.parse(from)),
      to: at(Date.parse(to)),
    })),
  });
}

/** The parts of each week's column by group, one above the other. */
function stack(weeks: readonly Week[], start: number) {
  const parts = new Map<string, ColumnPart[]>(GROUPS.map(({ id }) => [id, []]));
  for (const { week, counts } of weeks) {
    const at = Math.round((Date.parse(week) - start) / WEEK_MS);
    const own = Map.groupBy(Object.entries(counts) as [Kind, number][], ([kind]) => groupOf(kind));
    let from = 0;
    for (const { id } of GROUPS) {
      const to = (own.get(id) ?? []).reduce((sum, [, count]) => sum + count, from);
      if (to > from) parts.get(id)?.push({ at, from, to });
      from = to;
    }
  }
  return [...parts].flatMap(([id, own]) =>
    own.length === 0 ? [] : [{ className: `c-${id}`, parts: own }],
  );
}
