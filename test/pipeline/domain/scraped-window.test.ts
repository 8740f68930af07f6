import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeReadings, type Reading } from '../../../pipeline/domain/scraped-window.ts';
import { DAY_MS } from '../../../pipeline/domain/window.ts';

const day = (number: number) => new Date(number * DAY_MS);
const window = (from: number, to: number) => ({ from: day(from), to: day(to) });
const gap = (from: number, to: number, reason = 'missing') => ({ ...window(from, to), reason });
const reading = (from: number, to: number, ...gaps: ReturnType<typeof gap>[]): Reading => ({
  window: window(from, to),
  gaps,
});

describe('mergeReadings', () => {
  it.each<[string, Reading[], Reading[]]>([
    ['one', [reading(1, 3, gap(2, 3))], [reading(1, 3, gap(2, 3))]],
    ['nights that overlap', [reading(3, 5), reading(1, 3), reading(2, 4)], [reading(1, 5)]],
    ['stretches apart', [reading(5, 6), reading(1, 3)], [reading(1, 3), reading(5, 6)]],
    ['a gap that another filled', [reading(1, 4, gap(3, 4)), reading(3, 6)], [reading(1, 6)]],
    [
      'a gap that another filled in part',
      [reading(1, 5, gap(2, 5)), reading(3, 4)],
      [reading(1, 5, gap(2, 3), gap(4, 5))],
    ],
    ['a failure after a success', [reading(1, 3), reading(1, 3, gap(1, 2))], [reading(1, 3)]],
    [
      'two reasons for one gap',
      [reading(1, 4, gap(2, 4, 'no file')), reading(2, 5, gap(3, 4, 'broken'))],
      [reading(1, 5, gap(3, 4, 'broken'), gap(3, 4, 'no file'))],
    ],
    [
      'what was only looked at, beside what was read',
      [reading(1, 3), reading(3, 5, gap(3, 5)), reading(5, 7, gap(5, 7))],
      [reading(1, 3), reading(3, 7, gap(3, 7))],
    ],
    [
      'what was read after it could not be',
      [reading(1, 9, gap(1, 9, 'allowance')), reading(4, 6)],
      [reading(4, 6), reading(1, 4, gap(1, 4, 'allowance')), reading(6, 9, gap(6, 9, 'allowance'))],
    ],
    [
      'a gap beyond its window',
      [reading(1, 3, gap(2, 4)), reading(3, 5)],
      [reading(1, 5, gap(2, 3))],
    ],
  ])('%s', (_, readings, merged) => expect(mergeReadings(readings)).toEqual(merged));
});

const stretch = fc
  .tuple(fc.nat(20), fc.nat(20))
  .map(([a, b]) => window(Math.min(a, b), Math.max(a, b) + 1));
const anyGap = fc
  .tuple(stretch, fc.constantFrom('missing', 'broken'))
  .map(([{ from, to }, reason]) => ({ from, to, reason }));
const anyReadings = fc.array(
  fc.record({ window: stretch, gaps: fc.array(anyGap, { maxLength: 3 }) }),
  { maxLength: 8 },
);

/** The days that readings know, by the plainest of rules. */
function knownDays(readings: readonly Reading[]): number[] {
  const holds = (at: number) => (w: { from: Date; to: Date }) =>
    w.from.getTime() <= at * DAY_MS && at * DAY_MS < w.to.getTime();
  const isKnown = (at: number) => (one: Reading) =>
    holds(at)(one.window) && !one.gaps.some(holds(at));
  return Array.from({ length: 25 }, (_, at) => at).filter((at) => readings.some(isKnown(at)));
}

it('readings put together know the same, in whatever order and parts they came', () => {
  const shuffled = anyReadings.chain((readings) =>
    fc.tuple(fc.constant(readings), fc.shuffledSubarray(readings, { minLength: readings.length })),
  );
  fc.assert(
    fc.property(shuffled, ([readings, others]) => {
      const merged = mergeReadings(readings);
      expect(knownDays(merged)).toEqual(knownDays(readings));
      let oneByOne: Reading[] = [];
      for (const next of others) oneByOne = mergeReadings([...oneByOne, next]);
      expect(oneByOne).toEqual(merged);
    }),
    { numRuns: 500 },
  );
});
