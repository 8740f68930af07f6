import { earlierOf, HOUR_MS, laterOf, type TimeWindow } from './window.ts';

/** A stretch of a window that could not be read, and why. */
export interface Gap extends TimeWindow {
  readonly reason: string;
}

/** Puts gaps that follow one another for the same reason together, oldest first. */
export function mergeGaps(gaps: readonly Gap[]): Gap[] {
  const merged: Gap[] = [];
  for (const gap of gaps.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = merged.at(-1);
    if (last && last.reason === gap.reason && last.to >= gap.from) {
      merged[merged.length - 1] = { ...last, to: laterOf(last.to, gap.to) };
    } else merged.push(gap);
  }
  return merged;
}

/** Share of the window that no gap covers, 0 to 1 with four decimals. Gaps do not overlap. */
export function completenessOf(window: TimeWindow, gaps: readonly Gap[]): number {
  const whole = hours(window);
  const missing = gaps.reduce((sum, gap) => sum + hours(overlap(gap, window)), 0);
  // Rounded down: only what is whole is called whole.
  return Math.max(0, Math.floor((1 - missing / whole) * 10_000) / 10_000);
}

/** Up to when a window is known: its end, or where a gap begins that reaches its end. */
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
