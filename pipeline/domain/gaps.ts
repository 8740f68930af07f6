import { HOUR_MS } from './time.ts';
import { earlierOf, laterOf, mergeWindows, subtractWindows, type TimeWindow } from './window.ts';

/** A part of a window that could not be read, and the reason. */
export interface Gap extends TimeWindow {
  readonly reason: string;
}

/**
 * The reason of a window of the archive that was read before the id of the repository was known:
 * what happened under another name of it is missing. The next run reads it again.
 */
export const ID_LEARNED_LATE = 'id_learned_late';

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

/** A window that a source read, and the parts of it that could not be read. */
export interface ScrapedWindow {
  readonly window: TimeWindow;
  readonly gaps: readonly Gap[];
}

/**
 * Merges the windows that one source has read of one repository. Windows that overlap or adjoin
 * become one, and its gaps are the parts that none of them could read. The result does not depend
 * on the size of the windows, on their order, or on how often each was read.
 *
 * Windows of which nothing could be read stay separate: such a window must not count as read
 * because it adjoins a window that was read. The parts that other windows have read are removed
 * from it.
 */
export function mergeScrapedWindows(all: readonly ScrapedWindow[]): ScrapedWindow[] {
  const { read = [], unread = [] } = Object.groupBy(all, (scraped) =>
    readPartsOf(scraped).length > 0 ? 'read' : 'unread',
  );
  const windows = mergeWindows(read.map(windowOf));
  const rest = mergeWindows(unread.map(windowOf)).flatMap((w) => subtractWindows(w, windows));
  return [
    ...windows.map((window) => combine(window, read)),
    ...rest.map((window) => combine(window, unread)),
  ];
}

/** What of a scraped window lies before a moment; null if nothing does. */
export function partBefore(scraped: ScrapedWindow, moment: Date): ScrapedWindow | null {
  const { from, to } = scraped.window;
  if (from >= moment) return null;
  const window = { from, to: earlierOf(to, moment) };
  return { window, gaps: ownGaps({ window, gaps: scraped.gaps }) };
}

/** A window that several scraped windows cover together; its gaps are common to all of them. */
function combine(window: TimeWindow, parts: readonly ScrapedWindow[]): ScrapedWindow {
  const known = parts.flatMap(readPartsOf);
  const reasons = Map.groupBy(parts.flatMap(ownGaps), ({ reason }) => reason);
  const gaps = [...reasons].flatMap(([reason, own]) =>
    subtractWindows(window, [...known, ...subtractWindows(window, own)]).map((left) => ({
      ...left,
      reason,
    })),
  );
  return { window, gaps: mergeGaps(gaps) };
}

/** The parts of the gaps that lie inside the window. */
function ownGaps({ window, gaps }: ScrapedWindow): Gap[] {
  return gaps.flatMap((gap) => gapsWithin(gap, window));
}

const readPartsOf = ({ window, gaps }: ScrapedWindow) => subtractWindows(window, gaps);
const windowOf = ({ window }: ScrapedWindow) => window;
