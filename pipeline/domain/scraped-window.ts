import { type Gap, gapsWithin, mergeGaps } from './gaps.ts';
import { mergeWindows, subtractWindows, type TimeWindow } from './window.ts';

/** What a source was read for, and what of it could not be read. */
export interface Reading {
  readonly window: TimeWindow;
  readonly gaps: readonly Gap[];
}

/**
 * Puts the readings of one repository by one source together. What comes out is the same whatever
 * the parts in which it was read, their order and how often: readings that overlap or adjoin are
 * one, and a gap of it is what none of them could read.
 *
 * Those that brought nothing stay apart: what was only looked at, without crediting it, must not
 * count as read because it lies beside what was. What others were read for is taken out of them.
 */
export function mergeReadings(readings: readonly Reading[]): Reading[] {
  const { found = [], nothing = [] } = Object.groupBy(readings, (reading) =>
    knownOf(reading).length > 0 ? 'found' : 'nothing',
  );
  const windows = mergeWindows(found.map(windowOf));
  const rest = mergeWindows(nothing.map(windowOf)).flatMap((w) => subtractWindows(w, windows));
  return [
    ...windows.map((window) => readingOf(window, found)),
    ...rest.map((window) => readingOf(window, nothing)),
  ];
}

/** The one reading of a window that some readings cover together. */
function readingOf(window: TimeWindow, parts: readonly Reading[]): Reading {
  const known = parts.flatMap(knownOf);
  const reasons = Map.groupBy(parts.flatMap(ownGaps), ({ reason }) => reason);
  const gaps = [...reasons].flatMap(([reason, own]) =>
    subtractWindows(window, [...known, ...subtractWindows(window, own)]).map((left) => ({
      ...left,
      reason,
    })),
  );
  return { window, gaps: mergeGaps(gaps) };
}

/** Of what lies beyond its window a reading says nothing. */
function ownGaps({ window, gaps }: Reading): Gap[] {
  return gaps.flatMap((gap) => gapsWithin(gap, window));
}

const knownOf = ({ window, gaps }: Reading) => subtractWindows(window, gaps);
const windowOf = ({ window }: Reading) => window;
