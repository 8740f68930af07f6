import { expect, it } from 'vitest';
import { dueLooks } from '../../../../pipeline/stages/discovery/plan-rechecks.ts';

const NOW = new Date('2026-03-31T02:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

/** Lists by the age of their last look in days, the oldest first; null: there was none. */
const looks = (ages: readonly (number | null)[]) =>
  ages.map((age, index) => ({
    repositoryId: index,
    list: 'issues',
    lookedAt: age === null ? null : ago(age),
    knownFrom: ago(400),
  }));
const dueOf = (ages: readonly (number | null)[], days: number) =>
  dueLooks(looks(ages), NOW, days).map(({ repositoryId }) => repositoryId);

it.each<[string, (number | null)[], number, number[]]>([
  ['one of thirty, the oldest', Array(30).fill(5), 30, [0]],
  ['two of thirty-one', Array(31).fill(5), 30, [0, 1]],
  ['all that are too old', [40, 30, 29.9, 3], 30, [0, 1]],
  ['those that were never looked at, in their turn', [null, null, null, 1.5], 2, [0, 1]],
  ['none that was looked at today, with an hour for a late start', [0.99, 0.9, 0.1], 1, [0]],
  ['all of them in a day', [3, 2, 1], 1, [0, 1, 2]],
  ['none of none', [], 30, []],
])('takes %s', (_what, ages, days, due) => {
  expect(dueOf(ages, days)).toEqual(due);
});

it('looks at all again within the days, as many of them a night as another', () => {
  const ages = new Map(Array.from({ length: 100 }, (_, index) => [index, 1]));
  const nightly: number[] = [];
  let oldest = 0;
  for (let night = 0; night < 90; night++) {
    const sorted = [...ages].toSorted(([, a], [, b]) => b - a);
    oldest = Math.max(oldest, ...ages.values());
    const due = dueOf(
      sorted.map(([, age]) => age),
      30,
    );
    nightly.push(due.length);
    for (const place of due) ages.set(sorted[place]?.[0] as number, 0);
    for (const [list, age] of ages) ages.set(list, age + 1);
  }
  expect(oldest).toBeLessThanOrEqual(30);
  expect(new Set(nightly)).toEqual(new Set([4]));
});
