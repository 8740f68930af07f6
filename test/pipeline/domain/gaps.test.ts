import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Gap,
  hoursByReason,
  mergeScrapedWindows,
  partBefore,
  type ScrapedWindow,
} from '../../../pipeline/domain/gaps.ts';
import { DAY_MS } from '../../../pipeline/domain/time.ts';

const day = (number: number) => new Date(number * DAY_MS);
const window = (from: number, to: number) => ({ from: day(from), to: day(to) });
const gap = (from: number, to: number, reason = 'missing') => ({ ...window(from, to), reason });
const scraped = (from: number, to: number, ...gaps: ReturnType<typeof gap>[]): ScrapedWindow => ({
  window: window(from, to),
  gaps,
});

describe('the part of a scraped window before a moment', () => {
  it.each([
    ['is all of one that ends before', scraped(1, 3, gap(2, 3)), scraped(1, 3, gap(2, 3))],
    ['ends there', scraped(1, 9), scraped(1, 4)],
    ['has the parts of its gaps', scraped(1, 9, gap(3, 5), gap(6, 7)), scraped(1, 4, gap(3, 4))],
    ['is none of one that begins there', scraped(4, 9), null],
  ])('%s', (_, whole, part) => {
    expect(partBefore(whole, day(4))).toEqual(part);
  });
});

describe('mergeScrapedWindows', () => {
  it.each<[string, ScrapedWindow[], ScrapedWindow[]]>([
    ['one', [scraped(1, 3, gap(2, 3))], [scraped(1, 3, gap(2, 3))]],
    ['nights that overlap', [scraped(3, 5), scraped(1, 3), scraped(2, 4)], [scraped(1, 5)]],
    ['separate windows', [scraped(5, 6), scraped(1, 3)], [scraped(1, 3), scraped(5, 6)]],
    ['a gap that another filled', [scraped(1, 4, gap(3, 4)), scraped(3, 6)], [scraped(1, 6)]],
    [
      'a gap that another filled partly',
      [scraped(1, 5, gap(2, 5)), scraped(3, 4)],
      [scraped(1, 5, gap(2, 3), gap(4, 5))],
    ],
    ['a failure after a success', [scraped(1, 3), scraped(1, 3, gap(1, 2))], [scraped(1, 3)]],
    [
      'two reasons for one gap',
      [scraped(1, 4, gap(2, 4, 'no file')), scraped(2, 5, gap(3, 4, 'broken'))],
      [scraped(1, 5, gap(3, 4, 'broken'), gap(3, 4, 'no file'))],
    ],
    [
      'windows without credits, beside windows that were read',
      [scraped(1, 3), scraped(3, 5, gap(3, 5)), scraped(5, 7, gap(5, 7))],
      [scraped(1, 3), scraped(3, 7, gap(3, 7))],
    ],
    [
      'a window that was read after a failure',
      [scraped(1, 9, gap(1, 9, 'allowance')), scraped(4, 6)],
      [scraped(4, 6), scraped(1, 4, gap(1, 4, 'allowance')), scraped(6, 9, gap(6, 9, 'allowance'))],
    ],
    [
      'a gap beyond its window',
      [scraped(1, 3, gap(2, 4)), scraped(3, 5)],
      [scraped(1, 5, gap(2, 3))],
    ],
  ])('%s', (_, windows, merged) => expect(mergeScrapedWindows(windows)).toEqual(merged));
});

const stretch = fc
  .tuple(fc.nat(20), fc.nat(20))
  .map(([a, b]) => window(Math.min(a, b), Math.max(a, b) + 1));
const anyGap = fc
  .tuple(stretch, fc.constantFrom('missing', 'broken'))
  .map(([{ from, to }, reason]) => ({ from, to, reason }));
const anyWindows = fc.array(
  fc.record({ window: stretch, gaps: fc.array(anyGap, { maxLength: 3 }) }),
  { maxLength: 8 },
);

/** The days that are known, by the simplest rule. */
function knownDays(windows: readonly ScrapedWindow[]): number[] {
  const holds = (at: number) => (w: { from: Date; to: Date }) =>
    w.from.getTime() <= at * DAY_MS && at * DAY_MS < w.to.getTime();
  const isKnown = (at: number) => (one: ScrapedWindow) =>
    holds(at)(one.window) && !one.gaps.some(holds(at));
  return Array.from({ length: 25 }, (_, at) => at).filter((at) => windows.some(isKnown(at)));
}

it('merged windows know the same days, in any order and parts', () => {
  const shuffled = anyWindows.chain((windows) =>
    fc.tuple(fc.constant(windows), fc.shuffledSubarray(windows, { minLength: windows.length })),
  );
  fc.assert(
    fc.property(shuffled, ([windows, others]) => {
      const merged = mergeScrapedWindows(windows);
      expect(knownDays(merged)).toEqual(knownDays(windows));
      let oneByOne: ScrapedWindow[] = [];
      for (const next of others) oneByOne = mergeScrapedWindows([...oneByOne, next]);
      expect(oneByOne).toEqual(merged);
    }),
    { numRuns: 500 },
  );
});

const at = (hour: number) => new Date(Date.UTC(2024, 0, 1, hour));
const hoursGap = (from: number, to: number, reason = 'missing'): Gap => ({
  from: at(from),
  to: at(to),
  reason,
});
const FIRST_DAY = { from: at(0), to: at(24) };

describe('the hours that gaps cost', () => {
  it.each([
    ['none', [], {}],
    ['one after another', [hoursGap(1, 2), hoursGap(2, 3)], { missing: 2 }],
    ['reported twice', [hoursGap(1, 3), hoursGap(2, 3)], { missing: 2 }],
    [
      'for two reasons',
      [hoursGap(1, 2), hoursGap(5, 8, 'unreadable')],
      { missing: 1, unreadable: 3 },
    ],
    [
      'partly or completely outside the window',
      [hoursGap(22, 30), hoursGap(40, 41)],
      { missing: 2 },
    ],
  ])('%s', (_, gaps, hours) => {
    expect(hoursByReason(FIRST_DAY, gaps)).toEqual(hours);
  });
});
