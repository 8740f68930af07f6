import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRanks, type RankedPerson } from '../../../pipeline/domain/compare-ranks.ts';

const person = (id: number, rank: number, score: number): RankedPerson => ({
  id,
  login: `user${id}`,
  rank,
  score,
});

/** A board: one score for each id, ties sharing a rank. */
const board = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 9 })), {
    selector: ([id]) => id,
  })
  .map((scores) =>
    scores.map(([id, score]) =>
      person(id, 1 + scores.filter(([, other]) => other > score).length, score),
    ),
  );

describe('comparing two boards', () => {
  it('lists who moves, the largest move first and then the better rank', () => {
    const before = [person(1, 1, 90), person(2, 2, 80), person(3, 3, 70), person(4, 4, 60)];
    const after = [person(4, 1, 95), person(1, 2, 90), person(2, 3, 80), person(3, 4, 70)];
    const { moved } = compareRanks(before, after);
    expect(moved.map((move) => move.id)).toEqual([4, 1, 2, 3]);
    expect(moved[0]).toEqual({
      id: 4,
      login: 'user4',
      before: { rank: 4, score: 60 },
      after: { rank: 1, score: 95 },
    });
  });

  it('lists who enters and who leaves, best first, and not among the moves', () => {
    const before = [person(1, 1, 9), person(2, 2, 8), person(3, 3, 7)];
    const after = [person(5, 1, 20), person(3, 2, 7), person(4, 3, 5)];
    const changes = compareRanks(before, after);
    expect(changes.entered.map(({ id }) => id)).toEqual([5, 4]);
    expect(changes.left.map(({ id }) => id)).toEqual([1, 2]);
    expect(changes.moved.map(({ id }) => id)).toEqual([3]);
  });

  it('lists people whose score changes but not their rank', () => {
    const changes = compareRanks([person(1, 1, 9), person(2, 2, 8)], [person(1, 1, 4.5)]);
    expect(changes.moved).toEqual([]);
    expect(changes.rescored.map(({ id }) => id)).toEqual([1]);
  });

  it('finds nothing between a board and itself, or two empty ones', () => {
    fc.assert(
      fc.property(board, (one) => {
        const none = { moved: [], rescored: [], entered: [], left: [] };
        expect(compareRanks(one, one)).toMatchObject({ ...none, before: one.length });
      }),
    );
  });

  it('lists each person once, and gives the inverse for swapped boards', () => {
    fc.assert(
      fc.property(board, board, (one, other) => {
        const there = compareRanks(one, other);
        const back = compareRanks(other, one);
        const ids = (people: readonly { id: number }[]) => people.map(({ id }) => id).toSorted();
        expect(there.before - there.left.length).toBe(there.after - there.entered.length);
        expect(there.moved.length + there.rescored.length).toBeLessThanOrEqual(
          there.after - there.entered.length,
        );
        expect(ids(there.entered)).toEqual(ids(back.left));
        expect(ids(there.moved)).toEqual(ids(back.moved));
        expect(ids(there.rescored)).toEqual(ids(back.rescored));
        const everybody = [there.moved, there.rescored, there.entered, there.left].flat();
        expect(new Set(ids(everybody)).size).toBe(everybody.length);
      }),
    );
  });

  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(board, board, (one, other) => {
        expect(compareRanks(one.toReversed(), other.toReversed())).toEqual(
          compareRanks(one, other),
        );
      }),
    );
  });
});
