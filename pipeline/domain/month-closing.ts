import type { MonthCorrection } from './month-record.ts';
import { monthWindow, nextMonth } from './months.ts';
import { DAY_MS, isoMonth, KNOWN_BEFORE_MS } from './time.ts';
import { laterOf, subtractWindows, type TimeWindow } from './window.ts';

/** When a month of the calendar closes: then it is counted once, and stays. */

/** A repository whose reading a month waits for. */
export interface TrackedRepository {
  readonly id: number;
  /** The configuration does not let it be read before; null: any time. */
  readonly since: Date | null;
  /** What any source has read. */
  readonly windows: readonly TimeWindow[];
}

/** By then, archives have the last events of a month, and a night without a run has been made up for. */
const CLOSES_AFTER_MS = 3 * DAY_MS;

/** When a month closes at the earliest. */
export const closesAt = (month: string): Date =>
  new Date(monthWindow(month).to.getTime() + CLOSES_AFTER_MS);

/** The ids of the repositories that were not read for all of a month. */
export function waitsFor(month: string, tracked: readonly TrackedRepository[]): number[] {
  const { from, to } = monthWindow(month);
  return tracked
    .filter(({ since, windows }) => {
      const wanted = { from: since === null ? from : laterOf(from, since), to };
      return wanted.from < to && subtractWindows(wanted, windows).length > 0;
    })
    .map(({ id }) => id);
}

/** The months until now, from the first that something was read of from its start; oldest first. */
export function listMonths(tracked: readonly TrackedRepository[], now: Date): string[] {
  const starts = tracked.flatMap(({ windows }) => windows.map(({ from }) => from.getTime()));
  if (starts.length === 0) return [];
  const first = new Date(Math.min(...starts));
  const within = isoMonth(first);
  const months: string[] = [];
  let month = monthWindow(within).from.getTime() === +first ? within : nextMonth(within);
  for (; month <= isoMonth(now); month = nextMonth(month)) months.push(month);
  return months;
}

/** The months that are to be closed now, oldest first. */
export function listDue(
  tracked: readonly TrackedRepository[],
  closed: ReadonlySet<string>,
  now: Date,
): string[] {
  return listMonths(tracked, now).filter(
    (month) =>
      !closed.has(month) && closesAt(month) <= now && waitsFor(month, tracked).length === 0,
  );
}

/**
 * The most months that are counted anew each night: the present one, and those before it that wait to
 * close.
 */
const MOST_OPEN = 12;

/** The months that are not closed, of the last twelve, oldest first. */
export const listOpen = (
  tracked: readonly TrackedRepository[],
  closed: ReadonlySet<string>,
  now: Date,
): string[] =>
  listMonths(tracked, now)
    .slice(-MOST_OPEN)
    .filter((month) => !closed.has(month));

/** Whether enough was read before a month, of every repository, to tell whose contribution was their first. */
export function isPastKnown(month: string, tracked: readonly TrackedRepository[]): boolean {
  const from = monthWindow(month).from.getTime() - KNOWN_BEFORE_MS;
  return tracked.every(({ windows }) => windows.some((window) => window.from.getTime() <= from));
}

/** A correction as the configuration has it. */
export interface ConfiguredCorrection extends MonthCorrection {
  readonly month: string;
}

/** The corrections of a month that it has not had yet, oldest first. */
export function newCorrections(
  {
    month,
    corrections,
  }: { readonly month: string; readonly corrections: readonly MonthCorrection[] },
  configured: readonly ConfiguredCorrection[],
): MonthCorrection[] {
  return configured
    .filter((one) => one.month === month)
    .filter((one) => !corrections.some(({ on, what }) => on === one.on && what === one.what))
    .map(({ on, what }) => ({ on, what }))
    .toSorted((a, b) => (a.on < b.on ? -1 : 1));
}
