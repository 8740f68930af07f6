import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { capitalise, DAY_MS, dateOf, formatCount, formatDay, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { isDayUnknown, type Unknown, unknownSince } from '../lib/unknown-weeks.ts';
import { describeTotal, describeUnknownTime } from '../lib/unknown-words.ts';
import { listMonthTicks } from './chart.ts';
import { figure } from './figure.ts';

/** The days of 53 weeks as a strip: a column for each week, Monday at the top. */

const WEEKS = 53;

export interface DayCounts {
  readonly days?: ContributorActivity['days'];
  readonly unknown: readonly Unknown[];
  /** The end of the data. */
  readonly until: string;
}

/** Nothing if there was no contribution in these days. */
export function heatStrip({ days, unknown, until }: DayCounts): Html | null {
  if (!days) return null;
  const start = Date.parse(days.from);
  const shown = Math.min(7 * WEEKS, Math.floor((Date.parse(until) - 1 - start) / DAY_MS) + 1);
  const counts = new Array<number>(Math.max(0, shown)).fill(0);
  for (const [place, day] of days.at.entries())
    if (day < counts.length) counts[day] = days.counts[place] ?? 0;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const lacking = counts.map(
    (count, day) => count === 0 && isDayUnknown(start + day * DAY_MS, unknown),
  );
  const lacks = unknownSince(start, unknown);
  const title = capitalise(`${describeTotal(total, lacks)} in ${WEEKS} weeks`);
  const top = topOf(counts);
  return figure({
    title,
    text: describe(counts) + describeUnknownTime(lacks, until),
    legend: html`<span>0<svg class="steps" viewBox="0 0 5 1" aria-hidden="true">${[0, 1, 2, 3, 4].map((step) => html`<path class="q${step}" d="M${step} .5h.86"/>`)}</svg>${top} and more</span>
      ${lacking.includes(true) && html`<span><i class="dash"></i>not known</span>`}`,
    plot: draw(counts, lacking, { top, start, label: title }),
    table: table(counts, start),
    width: 12,
  });
}

/** The count from which a day has the darkest step: a tenth of the active days has it, or more. */
function topOf(counts: readonly number[]): number {
  const active = counts.filter((count) => count > 0).toSorted((a, b) => a - b);
  return Math.max(4, active[Math.floor(active.length * 0.9)] ?? 0);
}

function describe(counts: readonly number[]): string {
  let run = 0;
  let longest = 0;
  for (const count of counts) {
    run = count > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  const active = counts.filter((count) => count > 0).length;
  return `Active on ${formatCount(active)} of ${plural(counts.length, 'day')}; longest run ${plural(longest, 'day')}.`;
}

interface Strip {
  readonly top: number;
  readonly start: number;
  readonly label: string;
}

function draw(counts: readonly number[], lacking: readonly boolean[], strip: Strip): Html {
  const { top, start, label } = strip;
  const paths = ['', '', '', '', '', ''];
  for (const [day, count] of counts.entries()) {
    const step = lacking[day]
      ? 5
      : count === 0
        ? 0
        : count >= top
          ? 4
          : 1 + Math.floor((3 * (count - 1)) / (top - 1));
    if (step > 0) paths[step] += `M${Math.floor(day / 7)} ${(day % 7) + 0.5}h.86`;
  }
  // What has no count: a dashed line for each day of the week, beneath the others.
  const rows = Array.from({ length: 7 }, (_, day) => Math.ceil((counts.length - day) / 7));
  const ground = rows.map((weeks, day) => (weeks > 0 ? `M0 ${day + 0.5}h${weeks}` : '')).join('');
  const end = start + WEEKS * 7 * DAY_MS;
  const months = listMonthTicks(start, end).map(
    ({ time, text }, place) =>
      html`<text${place % 2 === 1 && html` class="odd"`} x="${Math.round((1000 * (time - start)) / (end - start)) / 10}%" y="12">${text}</text>`,
  );
  return html`<svg class="strip" viewBox="0 0 ${WEEKS} 7" role="img" aria-label="${label}, by day"><path class="q0" d="${ground}"/>
    ${paths.map((path, step) => path && html`<path class="q${step === 5 ? 'n' : step}" d="${path}"/>`)}</svg>
    <svg class="strip-months" aria-hidden="true">${months}</svg>`;
}

/** A row for each week with any contribution, the latest first. */
function table(counts: readonly number[], start: number): Html {
  const weeks = Array.from({ length: WEEKS }, (_, week) => counts.slice(7 * week, 7 * week + 7));
  const rows = weeks.map(
    (own, week) =>
      own.some((count) => count > 0) &&
      html`<tr><th>${formatDay(dateOf(start + week * 7 * DAY_MS))}${own.map((count) => html`<td>${count}`)}`,
  );
  return html`<table class="led"><thead><tr><th scope="col">Week of${['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((day) => html`<th scope="col">${day}`)}</tr></thead>
    <tbody>${rows.toReversed()}</tbody></table>`;
}
