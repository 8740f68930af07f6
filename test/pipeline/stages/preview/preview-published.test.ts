import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boardsOf } from '../../../../pipeline/stages/preview/preview-published.ts';

/** A published board is cut into documents of at most 10,000 people. */
const person = fc.record({ score: fc.nat(9_000), commits: fc.nat(900), reviews: fc.nat(900) });

it('are the same boards, wherever one is cut into documents', () => {
  fc.assert(
    fc.property(fc.array(person, { minLength: 2, maxLength: 9 }), fc.nat(9), (people, place) => {
      const board = (from: number, to: number) => {
        const part = people.slice(from, to);
        const counts = {
          commit_count: part.map(({ commits }) => commits),
          pr_reviewed_count: part.map(({ reviews }) => reviews),
        };
        return {
          ...{ scope: 'global', repositoryId: 0, period: 'all' as const },
          ids: part.map((_, index) => from + index + 1),
          columns: {
            counts,
            rank: part.map((_, index) => from + index + 1),
            total_score: part.map(({ score }) => score),
          },
        };
      };
      const published = (...boards: ReturnType<typeof board>[]) =>
        boardsOf({ boards, accounts: [], repositories: [] });
      const cut = place % people.length;
      const whole = published(board(0, people.length));
      expect(published(board(0, cut), board(cut, people.length))).toEqual(whole);
      expect(whole.totals).toMatchObject([
        { score: people.reduce((sum, { score }) => sum + score, 0) },
      ]);
    }),
  );
});
