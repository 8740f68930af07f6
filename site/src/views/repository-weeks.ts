import { nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import type { RepositoryActivity } from '../../../pipeline/published/documents.ts';
import { capitalise, dateOf, formatCount, formatDay, WEEK_MS } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, type Kind } from '../lib/kinds.ts';
import { unknownSince } from '../lib/unknown-weeks.ts';
import { describeTotal, describeUnknownTime } from '../lib/unknown-words.ts';
import { drawChart, listMonthTicks, listTicks, stackColumns } from './chart.ts';
import { figure, key } from './figure.ts';

/** Contributions to a repository by week, in columns of kinds. */

const WEEKS = 53;

/** Lines bring points, and are no contributions. */
const COUNTED = GROUPS.filter(({ id }) => id !== 'lines');

export interface WeeksShown {
  readonly activity: RepositoryActivity;
  /** The end of the data. */
  readonly until: string;
  /** What is said below the picture. */
  readonly source: Html;
}

export function repositoryWeeks({ activity, until, source }: WeeksShown): Html | null {
  const start = Date.parse(activity.weeks.from);
  const groups = COUNTED.map((group) => ({ ...group, counts: sumWeeks(activity, group.parts) }));
  const totals = Array.from({ length: WEEKS }, (_, week) =>
    groups.reduce((sum, { counts }) => sum + (counts[week] ?? 0), 0),
  );
  const all = totals.reduce((sum, total) => sum + total, 0);
  if (all === 0) return null;
  const unknown = unknownSince(start, activity.unknown);
  const busiest = totals.indexOf(Math.max(...totals));
  const weekName = (week: number) => formatDay(dateOf(start + week * WEEK_MS));
  const title = capitalise(`${describeTotal(all, unknown)} in ${WEEKS} weeks`);
  return figure({
    title,
    text: `Busiest: the week of ${weekName(busiest)}, with ${formatCount(totals[busiest] ?? 0)}.${describeUnknownTime(unknown, until)}`,
    legend: html`${groups.map(({ id, label }) => key(`c-${id}`, label))}`,
    plot: draw(groups, totals, { start, unknown, label: `${title}, by kind` }),
    table: table(groups, totals, weekName),
    source,
    width: 12,
  });
}

interface Group {
  readonly code: string;
  readonly label: string;
  readonly counts: readonly number[];
}

const sumWeeks = ({ weeks }: RepositoryActivity, parts: readonly string[]): number[] =>
  Array.from({ length: WEEKS }, (_, week) =>
    parts.reduce((sum, kind) => sum + (weeks.counts[kind as Kind]?.[week] ?? 0), 0),
  );

interface Drawn {
  readonly start: number;
  readonly unknown: RepositoryActivity['unknown'];
  readonly label: string;
}

function draw(groups: readonly Group[], totals: readonly number[], drawn: Drawn): Html {
  const { start, unknown, label } = drawn;
  const most = Math.max(1, ...totals);
  const end = start + WEEKS * WEEK_MS;
  const at = (time: number) => (Math.min(end, Math.max(start, time)) - start) / WEEK_MS;
  const kinds = [...new Set(unknown.flatMap((one) => one.kinds))];
  return drawChart({
    label,
    columns: WEEKS,
    marks: stackColumns(groups, most, WEEKS - 1),
    values: listTicks(most, 1).map((value) => ({ at: value / most, text: formatCount(value) })),
    times: listMonthTicks(start, end).map(({ time, text }) => ({ at: at(time), text })),
    bands: unknown.map(({ from, to }) => ({ from: at(Date.parse(from)), to: at(Date.parse(to)) })),
    lacking: kinds.length > 2 ? 'not all known' : `${nameKinds(kinds)} not known in full`,
  });
}

/** A row for each week, the latest first: the year stands at its first. */
function table(
  groups: readonly Group[],
  totals: readonly number[],
  weekName: (week: number) => string,
): Html {
  const yearOf = (week: number) => / \d+$/.exec(weekName(week))?.[0] ?? '';
  const isFirst = (week: number) => week + 1 === WEEKS || yearOf(week) !== yearOf(week + 1);
  const name = (week: number) =>
    isFirst(week) ? weekName(week) : weekName(week).slice(0, -yearOf(week).length);
  const rows = totals.map(
    (total, week) =>
      html`<tr><th>${name(week)}${groups.map(({ counts }) => html`<td>${formatCount(counts[week] ?? 0)}`)}<td>${formatCount(total)}`,
  );
  return html`<table class="led values"><thead><tr><th>Week of${groups.map(({ label }) => html`<th>${label}`)}<th>All</tr></thead>
    <tbody>${rows.toReversed()}</tbody></table>`;
}
