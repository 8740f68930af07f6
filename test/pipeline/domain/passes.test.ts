import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countPasses, type RankedTwice } from '../../../pipeline/domain/passes.ts';

/** Ranks of scores, as a board gives them. */
const ranksOf = (scores: readonly number[]) =>
  scores.map((score) => 1 + scores.filter((other) => other > score).length);

/** People with a score now, and with one before or none; and the scores of who has left. */
const boards = fc.record({
  people: fc.array(fc.record({ now: fc.nat(6), before: fc.option(fc.nat(6), { freq: 4 }) }), {
    minLength: 1,
    maxLength: 30,
  }),
  gone: fc.array(fc.nat(6), { maxLength: 4 }),
});

it('counts who passed whom as one by one', () => {
  const property = fc.property(boards, ({ people, gone }) => {
    const known = people.flatMap(({ before }) => before ?? []);
    const before = ranksOf([...known, ...gone]);
    const present = ranksOf(people.map(({ now }) => now));
    let at = 0;
    const board = people.map((one, place): RankedTwice & typeof one & { was: number | null } => ({
      ...one,
      was: one.before,
      rank: present[place] as number,
      before: one.before === null ? null : (before[at++] as number),
    }));
    const found = countPasses(board);
    for (const [place, { rank, before: rankBefore, was, now }] of board.entries()) {
      if (was === null || rankBefore === null) {
        expect(found[place]).toBe(null);
        continue;
      }
      const count = (is: (other: (typeof board)[number]) => boolean) => board.filter(is).length;
      const passes = {
        passed: count((other) => other.was !== null && other.was > was && other.now <= now),
        left: gone.filter((score) => score > was).length,
        passedBy: count((other) => other.was !== null && other.was <= was && other.now > now),
        newcomers: count((other) => other.was === null && other.now > now),
      };
      expect(found[place]).toEqual(passes);
      const { passed, left, passedBy, newcomers } = passes;
      expect(rank - rankBefore).toBe(passedBy + newcomers - passed - left);
    }
  });
  fc.assert(property);
});
