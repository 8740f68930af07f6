import { type Compared, WEEKS } from '../lib/compared.ts';
import { DAY_MS, dateOf, formatCount, formatDay, WEEK_MS } from '../lib/format.ts';
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

/**
 * Parts of the time in which not all is known of somebody, joined, in weeks from the first one.
 * @param weeks how many are drawn
 */
export function joinGaps(
  compared: readonly Pick<Compared, 'unknown'>[],
  start: number,
  weeks: number,
) {
  const at = (time: string) =>
    Math.min(weeks - 1, Math.max(0, (Date.parse(time) - start) / WEEK_MS));
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

/** The least that is drawn, though there may be nothing in it. */
const LEAST = 13;

/** How many weeks at the beginning have nothing of anybody: what came before was perhaps never read. */
export function countEmpty(lines: readonly Weeks[]): number {
  let empty = 0;
  while (empty < WEEKS - LEAST && lines.every((weeks) => !weeks[empty])) empty++;
  return empty;
}

export function compareWeeks(compared: readonly Compared[]): Html {
  const begin = Math.max(...compared.map(({ last }) => last)) - (WEEKS - 1) * WEEK_MS;
  const all = compared.map((one) => weeksOf(one, begin));
  const empty = countEmpty(all);
  const lines = all.map((weeks) => weeks.slice(empty));
  const start = begin + empty * WEEK_MS;
  const gaps = joinGaps(compared, start, WEEKS - empty);
  const lacking = gaps.length > 0 && ' Hatched: not all is known, lines may lie higher.';
  return figure({
    title: 'Contributions by week',
    text: `The mean of four weeks, without the one that goes on.${findMost(compared, lines, gaps.length > 0)}${lacking || ''}`,
    legend: html`${compared.map(subject)}`,
    plot: plotOf(compared, lines, gaps, start),
    table: tableOf(compared, lines, start),
    width: 12,
  });
}

/** The finding, if there is one that is certain. */
function findMost(
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
    ? ''
    : ` ${label} has the most in ${WEEKS} weeks: ${formatCount(sums[first]?.value ?? 0)}.`;
}

/** A value at the top of the drawing that has its own line, and is no less than all others. */
function topOf(most: number): number {
  const step = listTicks(most, 1)[1] ?? 1;
  return Math.ceil(most / step) * step;
}

function plotOf(
  compared: readonly Compared[],
  lines: readonly Weeks[],
  gaps: ReturnType<typeof joinGaps>,
  start: number,
): Html {
  // The week that goes on would look like a fall.
  const means = lines.map((weeks) => meansOf(weeks.slice(0, -1)));
  const top = topOf(Math.max(2, ...means.flat().filter((mean) => mean !== null)));
  const columns = (lines[0]?.length ?? 0) - 1;
  const marks = means.flatMap((line, place) => {
    const points = line.map((mean, week): [number, number] | null =>
      mean === null ? null : [week, 100 - (100 * mean) / top],
    );
    const end = points.at(-1);
    return [
      lineMark(`line ${lineClass(place)}`, points),
      ...(end ? [dotMark([end], lineClass(place))] : []),
    ];
  });
  return drawChart({
    label: `Contributions by week: ${compared.map(({ label }) => label).join(', ')}`,
    columns,
    // The first of them lies above the others.
    marks: marks.reverse(),
    values: listTicks(top, 1).map((value) => ({ at: value / top, text: formatCount(value) })),
    times: listMonthTicks(start, start + columns * WEEK_MS).map(({ time, text }) => ({
      at: (time - start) / WEEK_MS,
      text,
    })),
    bands: gaps,
  });
}

/** A row for each week, the latest first. */
function tableOf(compared: readonly Compared[], lines: readonly Weeks[], start: number): Html {
  const rows = Array.from(
    { length: lines[0]?.length ?? 0 },
    (_, week) =>
      html`<tr><th scope="row">${formatDay(dateOf(start + week * WEEK_MS))}</th>${lines.map((weeks) => html`<td>${cellOf(weeks[week])}</td>`)}</tr>`,
  );
  return html`<table class="led values"><thead><tr><th scope="col">Week of</th>${compared.map(({ label }) => html`<th scope="col"><bdi>${label}</bdi></th>`)}</tr></thead>
    <tbody>${rows.reverse()}</tbody></table>`;
}

const cellOf = (week: number | null | undefined): string =>
  week === null || week === undefined ? '–' : formatCount(week);
