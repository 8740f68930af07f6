import { type Gap, gapsWithin, mergeGaps } from './gaps.ts';
import { mergeWindows, subtractWindows, type TimeWindow } from './window.ts';

/** A window that a source read, and the parts of it that could not be read. */
export interface ScrapedWindow {
  readonly window: TimeWindow;
  readonly gaps: readonly Gap[];
}

/**
 * Merges what one source read of one repository. The result does not depend on the parts in which
 * it was read, on their order, or on how often each was read: windows that overlap or adjoin become
 * one, and its gaps are what none of them could read.
 *
 * Windows of which nothing could be read stay apart: a window that was searched without crediting
 * anything must not count as read because it lies next to one that was. The parts that other
 * windows did read are taken out of them.
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

/** A window that several scraped windows cover together, with what none of them could read. */
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

/** The gaps inside the window: what lies beyond it says nothing. */
function ownGaps({ window, gaps }: ScrapedWindow): Gap[] {
  return gaps.flatMap((gap) => gapsWithin(gap, window));
}

const readPartsOf = ({ window, gaps }: ScrapedWindow) => subtractWindows(window, gaps);
const windowOf = ({ window }: ScrapedWindow) => window;
