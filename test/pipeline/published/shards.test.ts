import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNT_COLUMNS, SCORE_PARTS } from '../../../pipeline/domain/contribution-kinds.ts';
import { COVERAGE_KINDS } from '../../../pipeline/domain/coverage-kinds.ts';
import {
  countBoardShards,
  fillStanding,
  shardOf,
  thinStanding,
} from '../../../pipeline/published/shards.ts';

describe('the shard of a person', () => {
  // By the test vectors of FNV-1a's authors.
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('is the hash of %j', (login, hash) => {
    expect(shardOf(login, 2 ** 32)).toBe(hash);
    expect(shardOf(login, 64)).toBe(hash % 64);
  });

  it('is the same in any case', () => {
    expect(shardOf('FooBar', 4096)).toBe(shardOf('foobar', 4096));
  });
});

it.each([
  [0, 1],
  [1, 1],
  [10_000, 1],
  [10_001, 2],
])('a board of %d people has %d documents', (people, shards) => {
  expect(countBoardShards(people)).toBe(shards);
});

const count = fc.oneof(fc.constant(0), fc.nat());
const numbers = (names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, count])));

const standing = fc
  .record({
    repository: fc.constant('octo/one'),
    rank: fc.integer({ min: 1 }),
    previous_rank: fc.option(fc.integer({ min: 1 })),
    total_score: fc.integer({ min: 1 }),
    unknown_kinds: fc.subarray([...COVERAGE_KINDS]),
    first_contribution_at: fc.constant('2026-01-01T00:00:00.000Z'),
    last_contribution_at: fc.constant('2026-01-02T00:00:00.000Z'),
    points: numbers(SCORE_PARTS),
  })
  .chain((own) =>
    numbers([...COUNT_COLUMNS, 'lines_added', 'lines_deleted']).map((counts) => ({
      ...own,
      ...counts,
    })),
  );

it('a standing is whole again after it was thinned', () => {
  fc.assert(
    fc.property(standing, (full) => {
      const thin = thinStanding(full as never);
      const { repository, unknown_kinds } = full as unknown as ReturnType<typeof fillStanding>;
      expect(fillStanding(thin, { [repository]: unknown_kinds })).toEqual(full);
      const values = [...Object.values(thin), ...Object.values(thin.points)];
      expect(values.filter((value) => value === 0 || value === null)).toEqual([]);
    }),
  );
});
