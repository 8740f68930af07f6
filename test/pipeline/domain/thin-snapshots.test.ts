import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinSnapshots } from '../../../pipeline/domain/thin-snapshots.ts';

/** A Thursday. */
const TODAY = '2026-04-30';

const plus = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** The kept days, as `day`, or as `day all` if only the board of all time is kept. */
function thinned(days: readonly string[], today = TODAY): string[] {
  const { whole, allButAllTime } = thinSnapshots(days, today);
  return days
    .filter((day) => !whole.includes(day))
    .map((day) => (allButAllTime.includes(day) ? `${day} all` : day));
}

describe('thinning the snapshots', () => {
  it('keeps 35 complete days, including today', () => {
    const days = Array.from({ length: 35 }, (_, age) => plus(TODAY, -age));
    expect(thinned(days)).toEqual(days);
  });

  it('keeps the Monday of an older week, or its first day with a snapshot', () => {
    expect(thinned(['2026-03-16', '2026-03-17', '2026-03-22'])).toEqual(['2026-03-16']);
    expect(thinned(['2026-03-22', '2026-03-20', '2026-03-23'])).toEqual([
      '2026-03-20',
      '2026-03-23',
    ]);
  });

  it('deletes a day that is 35 days old unless its week begins with it', () => {
    expect(thinned(['2026-03-25', '2026-03-26', '2026-03-27'])).toEqual([
      '2026-03-25',
      '2026-03-27',
    ]);
    expect(thinned(['2026-03-26', '2026-03-27'])).toEqual(['2026-03-26', '2026-03-27']);
  });

  it('keeps only the period `all` after 400 days', () => {
    const [edge, past] = [plus(TODAY, -400), plus(TODAY, -407)];
    expect(thinned([past, edge])).toEqual([`${past} all`, edge]);
  });

  it('keeps days in the future, and accepts an empty list', () => {
    expect(thinned([plus(TODAY, 1), plus(TODAY, 500)])).toHaveLength(2);
    expect(thinSnapshots([], TODAY)).toEqual({ whole: [], allButAllTime: [] });
  });

  it('keeps the same if done every day or once', () => {
    const someDays = fc.uniqueArray(fc.integer({ min: -600, max: 0 }), { maxLength: 80 });
    fc.assert(
      fc.property(someDays, fc.uniqueArray(fc.integer({ min: -600, max: 0 })), (ages, runs) => {
        const all = ages.map((age) => plus(TODAY, age));
        let left = all;
        for (const run of runs.toSorted((a, b) => a - b)) {
          const { whole } = thinSnapshots(left, plus(TODAY, run));
          left = left.filter((day) => !whole.includes(day));
        }
        expect(thinned(left)).toEqual(thinned(all));
      }),
    );
  });
});
