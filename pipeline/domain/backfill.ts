import { ARCHIVE_DAMAGED_SINCE } from './archive-event.ts';
import type { Gap } from './gaps.ts';
import { DAY_MS } from './time.ts';
import {
  earlierOf,
  laterOf,
  mergeWindows,
  startOfDay,
  subtractWindows,
  type TimeWindow,
} from './window.ts';

/** Cuts a long interval of history into queries that a daily budget can pay for. */

/** The part of a window for which the archive is complete; null if there is none. */
export function undamagedPart(window: TimeWindow): TimeWindow | null {
  const to = earlierOf(window.to, ARCHIVE_DAMAGED_SINCE);
  return window.from < to ? { from: window.from, to } : null;
}

/** A day table is sometimes loaded late, but hardly ever by more than a month. */
const LOADED_WITHIN_MS = 30 * DAY_MS;
/** Shorter gaps are missing from the archive itself: reading the day again would add nothing. */
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

/** Days (UTC) that at least one of the windows touches; each day counts once. */
export function daysInAny(windows: readonly TimeWindow[]): number {
  // Each window is extended to the start of its day, so that windows that share a day overlap.
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
 * The days of a window that `bytesLeft` pays for, by the window's average. A query of n days
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
  /** Days at the end of the newest window that are read again, for events that came late. */
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
  // Late events matter only if the wanted window goes on after the newest read window.
  const goesOn = newest < target.to;
  const settledUntil = new Date(newest.getTime() - (goesOn ? rules.overlapDays : 0) * DAY_MS);
  const settled = read.map(({ from, to }) => ({ from, to: earlierOf(to, settledUntil) }));
  return subtractWindows(
    target,
    settled.filter(({ from, to }) => from < to),
  );
}

/** The progress of the backfill, and the date by which the history will be complete. */
export interface BackfillForecast {
  /**
   * Days of history that will be read when the planned queries have run, and days that remain.
   * A day that several repositories have counts once.
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
