import { HOUR_MS } from './time.ts';
import { earlierOf, laterOf, mergeWindows, type TimeWindow } from './window.ts';

/** A part of a window that could not be read, and the reason. */
export interface Gap extends TimeWindow {
  readonly reason: string;
}

/** Merges gaps of the same reason that overlap or adjoin; oldest first. */
export function mergeGaps(gaps: readonly Gap[]): Gap[] {
  const byReason = Map.groupBy(gaps, ({ reason }) => reason);
  return [...byReason]
    .flatMap(([reason, own]) => mergeWindows(own).map((window) => ({ ...window, reason })))
    .toSorted(inOrder);
}

/** An order that does not depend on the order of the input. */
function inOrder(a: Gap, b: Gap): number {
  const byTime = a.from.getTime() - b.from.getTime() || a.to.getTime() - b.to.getTime();
  return byTime || (a.reason < b.reason ? -1 : 1);
}

/** The part of a gap that lies in a window, as a list of one; empty if the gap lies outside. */
export function gapsWithin(gap: Gap, window: TimeWindow): Gap[] {
  const part = { ...overlap(gap, window), reason: gap.reason };
  return part.from < part.to ? [part] : [];
}

/** Hours of the window that are missing, by reason. */
export function hoursByReason(window: TimeWindow, gaps: readonly Gap[]): Record<string, number> {
  const lost: Record<string, number> = {};
  for (const gap of mergeGaps(gaps)) {
    const own = hours(overlap(gap, window));
    if (own > 0) lost[gap.reason] = (lost[gap.reason] ?? 0) + own;
  }
  return lost;
}

/** Share of the window that no gap covers, 0 to 1 with four decimals. */
export function completenessOf(window: TimeWindow, gaps: readonly Gap[]): number {
  const whole = hours(window);
  const missing = mergeWindows(gaps).reduce((sum, gap) => sum + hours(overlap(gap, window)), 0);
  // Rounded down: only a complete window gets 1.
  return Math.max(0, Math.floor((1 - missing / whole) * 10_000) / 10_000);
}

/** The time until which a window is known: its end, or the start of a gap that reaches its end. */
export function knownUntil(window: TimeWindow, gaps: readonly Gap[]): Date {
  const open = gaps.filter((gap) => gap.to >= window.to);
  return open.reduce((until, gap) => earlierOf(until, gap.from), window.to);
}

function hours({ from, to }: TimeWindow): number {
  return Math.max(0, to.getTime() - from.getTime()) / HOUR_MS;
}

function overlap(gap: TimeWindow, window: TimeWindow): TimeWindow {
  return {
    from: laterOf(gap.from, window.from),
    to: earlierOf(gap.to, window.to),
  };
}
