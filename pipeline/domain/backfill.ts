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

/** How a long stretch of history is cut into pieces that a daily budget can pay for. */

/** The part of a window that the archive has whole; null if there is none. */
export function undamagedPart(window: TimeWindow): TimeWindow | null {
  const to = earlierOf(window.to, ARCHIVE_DAMAGED_SINCE);
  return window.from < to ? { from: window.from, to } : null;
}

/** A day table is loaded late at times, but hardly a month. */
const LOADED_WITHIN_MS = 30 * DAY_MS;
/** Shorter holes are the archive's own: to pay for a day of it again each night brings nothing. */
const LEAST_HOLE_MS = DAY_MS / 2;

/** What of a window counts as read: all but the holes of it that may still be filled. */
export function readParts(window: TimeWindow, gaps: readonly Gap[], now: Date): TimeWindow[] {
  const holes = gaps.filter(
    ({ from, to, reason }) =>
      reason === 'missing' &&
      to.getTime() - from.getTime() >= LEAST_HOLE_MS &&
      now.getTime() - to.getTime() < LOADED_WITHIN_MS,
  );
  return subtractWindows(window, holes);
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

/** A window cut before its newest so many days: [older, newest]. At least one day stays newest. */
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
 * Days of a window that so many bytes pay for, by its own average. A piece of n days reads n + 1
 * day tables, because events are filed up to a day late.
 */
export function daysFor(bytesLeft: number, bytesOfWindow: number, window: TimeWindow): number {
  const perTable = bytesOfWindow / (daysIn(window) + 1);
  if (perTable === 0) return daysIn(window);
  return Math.max(0, Math.min(daysIn(window), Math.floor(bytesLeft / perTable) - 1));
}

/** Repositories that lack the same stretches of history: one query serves them all. */
export interface BackfillGroup {
  readonly repositoryIds: readonly number[];
  readonly missing: readonly TimeWindow[];
}

export interface BackfillRules {
  /** Read again what was read, because a window was asked for by hand. */
  readonly isForced: boolean;
  readonly includeDamaged: boolean;
  /** Days before the end of the newest window that are read once more, for events that came late. */
  readonly overlapDays: number;
}

/** What of a repository's whole window is still to be read. */
export function missingWindows(
  whole: TimeWindow,
  read: readonly TimeWindow[],
  rules: BackfillRules,
): TimeWindow[] {
  const target = rules.includeDamaged ? whole : undamagedPart(whole);
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

/** Puts repositories that lack the same together. */
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
