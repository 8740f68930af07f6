import { type Gap, gapsWithin, mergeGaps } from './gaps.ts';
import { earlierOf, mergeWindows, subtractWindows, type TimeWindow } from './window.ts';

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
