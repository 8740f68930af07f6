import { ARCHIVE_DAMAGED_SINCE } from './archive-eras.ts';
import type { Gap } from './gaps.ts';
import {
  DAY_MS,
  earlierOf,
  laterOf,
  mergeWindows,
  startOfDay,
  subtractWindows,
  type TimeWindow,
} from './window.ts';

/** How a long interval of history is cut into queries that a daily budget can pay for. */

/** The part of a window for which the archive is complete; null if there is none. */
export function undamagedPart(window: TimeWindow): TimeWindow | null {
  const to = earlierOf(window.to, ARCHIVE_DAMAGED_SINCE);
  return window.from < to ? { from: window.from, to } : null;
}

/** A day table is sometimes loaded late, but hardly ever by more than a month. */
const LOADED_WITHIN_MS = 30 * DAY_MS;
/** Shorter gaps are the archive's own: paying for that day again each night would add nothing. */
const LEAST_GAP_MS = DAY_MS / 2;

/** The parts of a window that count as read: all but the gaps that may still be filled. */
export function readParts(window: TimeWindow, gaps: readonly Gap[], now: Date): TimeWindow[] {
  const open = gaps.filter(
    ({ from, to, reason }) =>
      reason === 'missing' &&
      to.getTime() - from.getTime() >= LEAST_GAP_MS &&
      now.getTime() - to.getTime() < LOADED_WITHIN_MS,
  );
  return subtractWindows(window, open);
}

/** A window cut at the beginnings of months (UTC), newest first. */
export function monthsNewestFirst(window: TimeWindow): TimeWindow[] {
  const months: TimeWindow[] = [];
  let { to } = window;
  while (to > window.from) {
    const from = laterOf(startOfMonth(new Date(to.getTime() - 1)), window.from);
    months.push({ from, to });
    to = from;
  }
  return months;
}

function startOfMonth(moment: Date): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth()));
}

/** Days (UTC) that a window touches. */
export function daysIn({ from, to }: TimeWindow): number {
  const last = startOfDay(new Date(to.getTime() - 1));
  return Math.round((last.getTime() - startOfDay(from).getTime()) / DAY_MS) + 1;
}

/** Days (UTC) that any of some windows touches, each counted once. */
export function daysInAny(windows: readonly TimeWindow[]): number {
  // Those that share a day overlap, once each begins with its day.
  const fromMidnight = windows.map(({ from, to }) => ({ from: startOfDay(from), to }));
  return mergeWindows(fromMidnight).reduce((sum, window) => sum + daysIn(window), 0);
}

/** A window cut before its newest `days` days: [older, newest]. `newest` has at least one day. */
export function cutNewestDays(window: TimeWindow, days: number): [TimeWindow | null, TimeWindow] {
  const lastDay = startOfDay(new Date(window.to.getTime() - 1)).getTime();
  const cut = new Date(lastDay - (Math.max(1, days) - 1) * DAY_MS);
  if (cut <= window.from) return [null, window];
  return [
    { from: window.from, to: cut },
    { from: cut, to: window.to },
  ];
}

/**
 * The days of a window that `bytesLeft` pays for, by the window's own average. A query of n days
 * reads n + 1 day tables, because events are filed up to a day late.
 */
export function daysFor(bytesLeft: number, bytesOfWindow: number, window: TimeWindow): number {
  const perTable = bytesOfWindow / (daysIn(window) + 1);
  if (perTable === 0) return daysIn(window);
  return Math.max(0, Math.min(daysIn(window), Math.floor(bytesLeft / perTable) - 1));
}

/** Repositories with the same missing windows: one query serves them all. */
export interface BackfillGroup {
  readonly repositoryIds: readonly number[];
  readonly missing: readonly TimeWindow[];
}

export interface BackfillRules {
  /** A window was requested by hand: it is read again even if it was read before. */
  readonly isForced: boolean;
  readonly includeDamaged: boolean;
  /** Days before the end of the newest window that are read once more, for events that came late. */
  readonly overlapDays: number;
}

/** The parts of a repository's wanted window that are still to be read. */
export function missingWindows(
  wanted: TimeWindow,
  read: readonly TimeWindow[],
  rules: BackfillRules,
): TimeWindow[] {
  const target = rules.includeDamaged ? wanted : undamagedPart(wanted);
  if (!target) return [];
  if (rules.isForced) return [target];
  const newest = read.reduce((end, { to }) => laterOf(end, to), new Date(0));
  // Where the window does not end at the present, nothing can have come late.
  const goesOn = newest < target.to;
  const settledUntil = new Date(newest.getTime() - (goesOn ? rules.overlapDays : 0) * DAY_MS);
  const settled = read.map(({ from, to }) => ({ from, to: earlierOf(to, settledUntil) }));
  return subtractWindows(
    target,
    settled.filter(({ from, to }) => from < to),
  );
}

/** How far the backfill is, and when it will have read what is missing. */
export interface BackfillForecast {
  /**
   * Days of history that are read once the planned queries have run, and those that remain. Each
   * day counts once, however many repositories have it.
   */
  readonly doneDays: number;
  readonly remainingDays: number;
  /** The most that the remaining days may cost. */
  readonly estimatedUsd: number;
  /** UTC date, `YYYY-MM-DD`; null if the budget never reaches it. */
  readonly completeOn: string | null;
}

/** Groups repositories by their missing windows. */
export function groupByMissing(
  missing: ReadonlyMap<number, readonly TimeWindow[]>,
): BackfillGroup[] {
  const key = (windows: readonly TimeWindow[]) =>
    windows.map(({ from, to }) => `${from.toISOString()}/${to.toISOString()}`).join(' ');
  const groups = Map.groupBy(missing, ([, windows]) => key(windows));
  return [...groups.values()]
    .map((members) => ({
      repositoryIds: members.map(([id]) => id),
      missing: members[0]?.[1] ?? [],
    }))
    .filter((group) => group.missing.length > 0);
}
