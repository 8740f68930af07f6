import { mondayOf } from '../../../pipeline/domain/time.ts';
import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { DAY_MS, dateOf, formatCount, formatDay, WEEK_MS } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { dotMark, drawChart, lineMark, listMonthTicks } from './chart.ts';
import { figure } from './figure.ts';

/** How the rank of a person moved over a year. */

const WEEKS = 53;

export interface RankHistory {
  readonly ranks: ContributorActivity['ranks'];
  /** The present ranks. */
  readonly all: number | undefined;
  readonly month: number | undefined;
  /** The end of the data. */
  readonly until: string;
}

/** Ranks of 53 weeks, oldest first; null: none is known. The last one is the present rank. */
type Line = (number | null)[];

/** Nothing where there is no earlier board to compare with. */
export function rankLine(history: RankHistory): Html | null {
  const { ranks, until } = history;
  if (!ranks) return null;
  const end = mondayOf(new Date(until)) * DAY_MS;
  const start = end - (WEEKS - 1) * WEEK_MS;
  const shift = Math.round((Date.parse(ranks.from) - start) / WEEK_MS);
  const lineOf = (past: readonly number[] | undefined, now: number | undefined): Line =>
    Array.from({ length: WEEKS }, (_, week) =>
      week === WEEKS - 1 ? (now ?? null) : past?.[week - shift] || null,
    );
  const [month, all] = [lineOf(ranks.month, history.month), lineOf(ranks.all, history.all)];
  if (countKnown(month) < 2 && countKnown(all) < 2) return null;
  return figure({
    title: titleOf(month, all),
    text: `${describe(month, all, start)} From 100 to 10 is as far as from 10 to 1.`,
    legend: html`<span><i class="ln"></i>Last 30 days</span><span><i class="ln soft"></i>All time</span>`,
    plot: plotOf(month, all, start),
    table: tableOf(month, all, start),
    width: 12,
  });
}

const countKnown = (line: Line) => line.filter((rank) => rank !== null).length;

const hash = (rank: number) => `#${formatCount(rank)}`;
const bestOf = (line: Line): number => Math.min(...line.filter((rank) => rank !== null));
const nowOf = (line: Line): number | null => line.at(-1) ?? null;

function titleOf(month: Line, all: Line): string {
  const [line, board] = countKnown(month) > 0 ? [month, 'the last 30 days'] : [all, 'all time'];
  const now = nowOf(line);
  const best = hash(bestOf(line));
  return now === null ? `Best rank of ${board}: ${best}` : `${hash(now)} of ${board}, best ${best}`;
}

function describe(month: Line, all: Line, start: number): string {
  const best = month.lastIndexOf(bestOf(month));
  const first = all.findIndex((rank) => rank !== null);
  const [was, is] = [all[first], nowOf(all)];
  const week = (place: number) => `the week of ${formatDay(dateOf(start + place * WEEK_MS))}`;
  return [
    countKnown(month) > 0 && best < WEEKS - 1 && `Best in ${week(best)}.`,
    was != null &&
      is !== null &&
      first < WEEKS - 1 &&
      `All time: ${hash(was)} in ${week(first)}, ${hash(is)} now.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function plotOf(month: Line, all: Line, start: number): Html {
  const known = [...month, ...all].filter((rank) => rank !== null);
  const deepest = Math.log10(Math.max(3, ...known));
  const y = (rank: number) => (100 * Math.log10(rank)) / deepest;
  // A week without a board is passed over; somebody who was not on it is a gap.
  const points = (line: Line) =>
    line.flatMap((rank, week): ([number, number] | null)[] => {
      if (rank === null) return all[week] === null ? [] : [null];
      return [[week, y(rank)]];
    });
  const now = points(month).at(-1) ?? points(all).at(-1);
  const ticks = [1, 3, 10, 30, 100, 300, 1000, 3000].filter((rank) => Math.log10(rank) <= deepest);
  const end = start + WEEKS * WEEK_MS;
  return drawChart({
    label: `Rank over 53 weeks: ${titleOf(month, all)}`,
    columns: WEEKS - 1,
    marks: [
      lineMark('line soft', points(all)),
      lineMark('line', points(month)),
      ...(now ? [dotMark([now])] : []),
    ],
    values: ticks.map((rank) => ({ at: 1 - y(rank) / 100, text: hash(rank) })),
    times: listMonthTicks(start, end).map(({ time, text }) => ({
      at: (time - start) / WEEK_MS,
      text,
    })),
  });
}

/** A row for each week, the latest first. */
function tableOf(month: Line, all: Line, start: number): Html {
  const cell = (rank: number | null | undefined) => (rank == null ? '–' : hash(rank));
  const rows = month.map(
    (rank, week) =>
      html`<tr><th>${formatDay(dateOf(start + week * WEEK_MS))}<td>${cell(rank)}<td>${cell(all[week])}`,
  );
  return html`<table class="led values"><thead><tr><th scope="col">Week of<th scope="col">Last 30 days<th scope="col">All time</tr></thead>
    <tbody>${rows.toReversed()}</tbody></table>`;
}
