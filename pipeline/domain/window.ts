import { DAY_MS, HOUR_MS } from './time.ts';

/** A half-open interval of UTC time: `from` is in it, `to` is not. */
export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

/** Whether a moment lies in a window. */
export function isInWindow(moment: Date, window: TimeWindow): boolean {
  const time = moment.getTime();
  return time >= window.from.getTime() && time < window.to.getTime();
}

export function earlierOf(a: Date, b: Date): Date {
  return a.getTime() <= b.getTime() ? a : b;
}

export function laterOf(a: Date, b: Date): Date {
  return a.getTime() >= b.getTime() ? a : b;
}

/** Merges windows that overlap or adjoin; oldest first. */
export function mergeWindows(windows: readonly TimeWindow[]): TimeWindow[] {
  const merged: TimeWindow[] = [];
  for (const { from, to } of windows.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = merged.at(-1);
    if (last && last.to >= from) {
      merged[merged.length - 1] = { from: last.from, to: laterOf(last.to, to) };
    } else merged.push({ from, to });
  }
  return merged;
}

/** The parts of a window that remain when other windows are removed from it; oldest first. */
export function subtractWindows(window: TimeWindow, taken: readonly TimeWindow[]): TimeWindow[] {
  const left: TimeWindow[] = [];
  let from = window.from;
  for (const other of taken.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    if (other.from > from) left.push({ from, to: earlierOf(other.from, window.to) });
    from = laterOf(from, other.to);
    if (from >= window.to) return left;
  }
  return from < window.to ? [...left, { from, to: window.to }] : left;
}

/** The start of the UTC hour that holds the moment. */
export function startOfHour(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
}

/** The start of the UTC day that holds the moment. */
export function startOfDay(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS);
}

/** The same day of the calendar, whole years earlier (29 February becomes 1 March). */
export function yearsBefore(moment: Date, years: number): Date {
  const earlier = new Date(moment);
  earlier.setUTCFullYear(earlier.getUTCFullYear() - years);
  return earlier;
}
