import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { ContributorActivity, Costs } from '../../../pipeline/published/documents.ts';
import { DAY_MS, formatCount, formatDay, plural } from './format.ts';
import { GROUPS, groupColour, groupOf, type Kind } from './kinds.ts';
import { describeUnknownTime, type Unknown, unknownSince } from './unknown-weeks.ts';

/**
 * Pictures drawn at build time. Only numbers and dates are drawn, never text from outside: this
 * is the only markup that pages insert unescaped.
 */
const { document } = parseHTML('<!doctype html><html><body></body></html>');

interface PictureText {
  readonly label: string;
  readonly description: string;
}

function drawSvg(options: Plot.PlotOptions, { label, description }: PictureText): string {
  const svg = Plot.plot({ document, ariaLabel: label, ariaDescription: description, ...options });
  svg.setAttribute('role', 'img');
  // Plot writes sixteen digits; two decimals are finer than any screen.
  return svg.outerHTML.replace(/(\.\d\d)\d+/g, '$1');
}

export type Week = ContributorActivity['weeks'][number];

const WEEK_MS = 7 * DAY_MS;

/** A bar needs others to compare it with. */
const LEAST_WEEKS = 12;

/** The Monday of a moment's week. */
function weekOf(moment: string): number {
  const date = new Date(moment);
  const monday = date.getUTCDate() - ((date.getUTCDay() + 6) % 7);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), monday);
}

/** How many weeks to show, at most `most`: weeks before the first would look like inactivity. */
export function spanOf(weeks: readonly Week[], until: string, most: number): number {
  const first = weeks[0];
  if (!first) return most;
  const since = Math.round((weekOf(until) - Date.parse(first.week)) / WEEK_MS) + 1;
  return Math.min(most, Math.max(LEAST_WEEKS, since));
}

/** The newest `count` weeks up to the end of the data. */
export function lastWeeks(weeks: readonly Week[], count: number, until: string): Week[] {
  const start = weekOf(until) - (count - 1) * WEEK_MS;
  return weeks.filter((week) => Date.parse(week.week) >= start);
}

export function describeActivity(weeks: readonly Week[], span: number): string {
  const [first, ...rest] = weeks;
  if (!first) return `No contribution in the last ${span} weeks.`;
  const busiest = rest.reduce((best, week) => (week.total > best.total ? week : best), first);
  const total = weeks.reduce((sum, week) => sum + week.total, 0);
  return (
    `${plural(total, 'contribution')} in ${formatCount(weeks.length)} of the last ${span} weeks. ` +
    `The busiest week began on ${formatDay(busiest.week)}, with ${formatCount(busiest.total)}.`
  );
}

const used = GROUPS.filter((group) => group.id !== 'lines').map((group) => group.id);

function toBars(week: Week) {
  const groups = Map.groupBy(Object.entries(week.counts) as [Kind, number][], ([kind]) =>
    groupOf(kind),
  );
  return [...groups].map(([group, counts]) => ({
    week: new Date(week.week),
    group,
    count: counts.reduce((sum, [, count]) => sum + count, 0),
  }));
}

/** What a chart of activity is made from. */
export interface ActivityPlot {
  readonly weeks: readonly Week[];
  /** The end of the data. */
  readonly until: string;
  readonly unknown: readonly Unknown[];
}

/** The chart in words: what was done in its last `span` weeks, and what is not known. */
export function describePlot({ weeks, until, unknown }: ActivityPlot, span: number): string {
  const start = weekOf(until) - (span - 1) * WEEK_MS;
  const lacking = describeUnknownTime(unknownSince(start, unknown), until);
  return describeActivity(lastWeeks(weeks, span, until), span) + lacking;
}

/** One bar a week, in parts by kind; drawn for one width, because text must stay readable. */
export function drawActivity(plot: ActivityPlot, span: number, width: number) {
  const { weeks, until } = plot;
  const shown = lastWeeks(weeks, span, until);
  const end = weekOf(until) + WEEK_MS;
  const start = end - span * WEEK_MS;
  const most = Math.max(1, ...shown.map((week) => week.total));
  return drawSvg(
    {
      width,
      height: 190,
      marginLeft: 34,
      marginRight: 16,
      marginBottom: 34,
      x: {
        type: 'utc',
        tickSize: 3,
        domain: [new Date(start), new Date(end)],
        label: null,
      },
      y: { label: null, grid: true, ticks: Math.min(4, most), tickFormat: 'd', tickSize: 0 },
      color: { type: 'ordinal', domain: used, range: used.map(groupColour) },
      marks: [
        ...drawUnknown(unknownSince(start, plot.unknown), start, end),
        Plot.rectY(shown.flatMap(toBars), {
          x: 'week',
          interval: 'monday',
          y: 'count',
          fill: 'group',
          order: used,
          insetLeft: 0.5,
          insetRight: 0.5,
        }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
    { label: 'Contributions by week', description: describePlot(plot, span) },
  );
}

/** A band behind the bars of a time of which not all is known, with a word on it. */
function drawUnknown(unknown: readonly Unknown[], start: number, end: number): Plot.Markish[] {
  const bands = unknown.map(({ from, to }) => ({
    from: new Date(Math.max(start, Date.parse(from))),
    to: new Date(Math.min(end, Date.parse(to))),
  }));
  return [
    Plot.rectX(bands, { x1: 'from', x2: 'to', fill: 'var(--warn-soft)' }),
    Plot.text(bands, {
      x: 'from',
      frameAnchor: 'top-left',
      text: () => 'not all known',
      textAnchor: 'start',
      dx: 4,
      dy: 4,
      fill: 'var(--warn)',
    }),
  ];
}

/** Spending by day, with the daily limit as a line where it can be seen. */
export function drawCosts({ days, daily }: Pick<Costs, 'days' | 'daily'>, width: number): string {
  const most = Math.max(0, ...days.map((day) => day.usd));
  const showLimit = daily.limit_usd > 0 && daily.limit_usd <= most * 4;
  return drawSvg(
    {
      width,
      height: 190,
      marginLeft: 44,
      marginRight: 16,
      marginBottom: 34,
      x: { type: 'utc', label: null },
      y: { label: null, grid: true, ticks: 4, tickFormat: '$.2f', tickSize: 0, zero: true },
      marks: [
        Plot.rectY(
          days.map((day) => ({ date: new Date(day.date), usd: day.usd })),
          {
            x: 'date',
            interval: 'day',
            y: 'usd',
            fill: 'var(--accent)',
            insetLeft: 1,
            insetRight: 1,
          },
        ),
        Plot.ruleY(showLimit ? [daily.limit_usd] : [], {
          stroke: 'var(--down)',
          strokeDasharray: '4 4',
        }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ],
    },
    { label: 'Cost by day', description: `US dollars on each of ${days.length} days.` },
  );
}
