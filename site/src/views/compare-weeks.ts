import { type Compared, WEEK_MS, WEEKS } from '../lib/compared.ts';
import { DAY_MS, dateOf, formatCount, formatDay } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { isDayUnknown } from '../lib/unknown-weeks.ts';
import { dotMark, drawChart, lineMark, listMonthTicks, listTicks } from './chart.ts';
import { lineClass, subject } from './compare-marks.ts';
import { firstOf } from './compare-table.ts';
import { figure } from './figure.ts';

/** Contributions of those who are compared, a line over 53 weeks for each. */

/** Single weeks jump: a line is the mean of so many. */
const MEAN = 4;

/** Contributions of each week, oldest first; null: nothing is known of it. */
type Weeks = (number | null)[];

/** Each week with the three before it, as far as they are known and drawn. */
export function meansOf(weeks: Weeks): Weeks {
  return weeks.map((week, place) => {
    if (week === null) return null;
    const some = weeks
      .slice(Math.max(0, place - MEAN + 1), place + 1)
      .filter((one) => one !== null);
    return some.reduce((sum, one) => sum + one, 0) / some.length;
  });
}

/** Parts of the time in which not all is known of somebody, joined, in weeks from the first one. */
export function joinGaps(compared: readonly Compared[], start: number) {
  const at = (time: string) =>
    Math.min(WEEKS - 1, Math.max(0, (Date.parse(time) - start) / WEEK_MS));
  const gaps = compared
    .flatMap(({ unknown }) => unknown.map(({ from, to }) => ({ from: at(from), to: at(to) })))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const gap of gaps) {
    const last = joined.at(-1);
    if (last && gap.from <= last.to) last.to = Math.max(last.to, gap.to);
    else joined.push({ ...gap });
  }
  return joined;
}

function weeksOf({ weeks, unknown }: Compared, start: number): Weeks {
  return Array.from({ length: WEEKS }, (_, week) => {
    const day = start + week * WEEK_MS;
    return weeks.get(day) || (isWeekUnknown(day, unknown) ? null : 0);
  });
}

const isWeekUnknown = (monday: number, unknown: Compared['unknown']): boolean =>
  [0, 1, 2, 3, 4, 5, 6].every((day) => isDayUnknown(monday + day * DAY_MS, unknown));

export function compareWeeks(compared: readonly Compared[]): Html {
  const start = Math.max(...compared.map(({ last }) => last)) - (WEEKS - 1) * WEEK_MS;
  const lines = compared.map((one) => weeksOf(one, start));
  const gaps = joinGaps(compared, start);
  const going = formatDay(dateOf(start + (WEEKS - 1) * WEEK_MS));
  const lacking = gaps.length > 0 ? ' Hatched: not all is known, lines may lie higher.' : '';
  return figure({
    title: titleOf(compared, lines, gaps.length > 0),
    text: `Contributions by week: the mean of four. The week of ${going} goes on, and stands in the table alone.${lacking}`,
    legend: html`${compared.map(subject)}`,
    plot: plotOf(lines, gaps, start, compared),
    table: tableOf(compared, lines, start),
    width: 12,
  });
}

/** The finding, if there is one that is certain. */
function titleOf(
  compared: readonly Compared[],
  lines: readonly Weeks[],
  isPartly: boolean,
): string {
  const sums = lines.map((weeks) => ({
    value: isPartly ? null : weeks.reduce<number>((sum, week) => sum + (week ?? 0), 0),
  }));
  const first = firstOf(sums, 'most');
  const { label } = compared[first] ?? {};
  return label === undefined
    ? 'Contributions by week'
    : `Most in ${WEEKS} weeks: ${label}, ${formatCount(sums[first]?.value ?? 0)}`;
}

function plotOf(
  lines: readonly Weeks[],
  gaps: ReturnType<typeof joinGaps>,
  start: number,
  compared: readonly Compared[],
): Html {
  // The week that goes on would look like a fall.
  const means = lines.map((weeks) => meansOf(weeks.slice(0, -1)));
  const most = Math.max(2, ...means.flat().filter((mean) => mean !== null));
  const drawn = means.map((line) =>
    line.map((mean, week): [number, number] | null =>
      mean === null ? null : [week, 100 - (100 * mean) / most],
    ),
  );
  const marks = drawn.flatMap((points, place) => {
    const end = points.at(-1);
    const line = lineMark(`line ${lineClass(place)}`, points);
    return end ? [line, dotMark([end], lineClass(place))] : [line];
  });
  return drawChart({
    label: `Contributions by week over a year: ${compared.map(({ label }) => label).join(', ')}`,
    columns: WEEKS - 1,
    // The first of them lies above the others.
    marks: marks.reverse(),
    values: listTicks(most, 1).map((value) => ({ at: value / most, text: formatCount(value) })),
    times: listMonthTicks(start, start + (WEEKS - 1) * WEEK_MS).map(({ time, text }) => ({
      at: (time - start) / WEEK_MS,
      text,
    })),
    bands: gaps,
  });
}

/** A row for each week, the latest first. */
function tableOf(compared: readonly Compared[], lines: readonly Weeks[], start: number): Html {
  const rows = Array.from(
    { length: WEEKS },
    (_, week) =>
      html`<tr><th scope="row">${formatDay(dateOf(start + week * WEEK_MS))}</th>${lines.map((weeks) => html`<td>${cellOf(weeks[week])}</td>`)}</tr>`,
  );
  return html`<table class="led values"><thead><tr><th scope="col">Week of</th>${compared.map(({ label }) => html`<th scope="col"><bdi>${label}</bdi></th>`)}</tr></thead>
    <tbody>${rows.reverse()}</tbody></table>`;
}

const cellOf = (week: number | null | undefined): string =>
  week === null || week === undefined ? '–' : formatCount(week);
