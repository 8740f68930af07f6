import { expect, it } from 'vitest';
import type { RankedPerson } from '../../../../pipeline/domain/compare-ranks.ts';
import { countMoves } from '../../../../pipeline/stages/preview/compare-boards.ts';
import { LISTED } from '../../../../pipeline/stages/preview/report.ts';

/** A board of the scores, best first, of people who are called by their numbers. */
function boardOf(scores: ReadonlyMap<number, number>): RankedPerson[] {
  return [...scores]
    .toSorted(([, a], [, b]) => b - a)
    .map(([id, score], place) => ({ id, login: String(id), rank: place + 1, score }));
}

const BEFORE = new Map(Array.from({ length: 50 }, (_, id) => [id, 1_000 - id]));

it('lists who moves by the own score, though one who leaves moves all others further', () => {
  const after = new Map([...BEFORE].filter(([id]) => id > 1));
  // The person of number 40 overtakes one other.
  after.set(40, 961.5);
  const { moved, left, movers } = countMoves(boardOf(BEFORE), boardOf(after));
  expect({ moved, left }).toEqual({ moved: { own: 1, others: 47 }, left: 2 });
  expect(movers).toHaveLength(LISTED);
  expect(movers[0]).toMatchObject({ login: '40', cause: 'own', after: { rank: 38 } });
  expect(movers.filter(({ cause }) => cause === 'own')).toHaveLength(1);
});

it('lists ten of each cause, the largest moves first, where there are as many', () => {
  const after = new Map(BEFORE);
  // Fifteen go to the end, by different steps; those below them move up.
  for (let id = 0; id < 15; id += 1) after.set(id, id);
  const { moved, movers } = countMoves(boardOf(BEFORE), boardOf(after));
  expect(moved).toEqual({ own: 15, others: 35 });
  expect(movers.map(({ cause }) => cause)).toEqual([
    ...Array.from({ length: 10 }, () => 'own'),
    ...Array.from({ length: 10 }, () => 'others'),
  ]);
  const steps = movers.map((one) => Math.abs((one.after?.rank ?? 0) - (one.before?.rank ?? 0)));
  expect(steps).toEqual(steps.toSorted((a, b) => b - a));
});
