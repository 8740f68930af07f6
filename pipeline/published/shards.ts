import { COUNT_COLUMNS, SCORE_PARTS } from '../domain/contribution-kinds.ts';
import { asciiLower } from '../domain/names.ts';
import type { ContributorRepositories, ContributorShard } from './documents/contributor.ts';

/** Documents that hold a part of something: which part, and how lean. Browsers load this, too. */

/** People in one document of a board by columns. */
export const BOARD_SHARD = 10_000;

/** Documents of a board with so many people; an empty board has one. */
export function countBoardShards(people: number): number {
  return Math.max(1, Math.ceil(people / BOARD_SHARD));
}

/** Offset and prime of FNV-1a with 32 bits, by its authors. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * The shard of a person, from 0: FNV-1a (32 bits) of the login in lower case, modulo `shards`. Logins
 * of people with documents are ASCII (`SAFE_LOGIN`).
 */
export function shardOf(login: string, shards: number): number {
  let hash = OFFSET;
  for (const character of asciiLower(login)) {
    hash = Math.imul(hash ^ character.charCodeAt(0), PRIME);
  }
  return (hash >>> 0) % shards;
}

/** A person of a shard, by any case of the login, and the place of their first contribution in it. */
export function findInShard(
  { contributors }: Pick<ContributorShard, 'contributors'>,
  login: string,
): { readonly own: ContributorShard['contributors'][number]; readonly from: number } | null {
  const wanted = asciiLower(login);
  let from = 0;
  for (const own of contributors) {
    if (asciiLower(own.username) === wanted) return { own, from };
    from += own.contributions;
  }
  return null;
}

type Full = ContributorRepositories['repositories'][number];
type Sparse = ContributorShard['contributors'][number]['repositories'][number];

/** Leaves out what is 0, null or empty, and the time of the last contribution if it is the first one. */
export function thinStanding(full: Full): Sparse {
  const { points, ...rest } = full;
  const kept = Object.entries(rest).filter(
    ([name, value]) =>
      value !== 0 &&
      value !== null &&
      !(Array.isArray(value) && value.length === 0) &&
      !(name === 'last_contribution_at' && value === rest.first_contribution_at),
  );
  const earned = Object.entries(points).filter(([, value]) => value !== 0);
  return { ...Object.fromEntries(kept), points: Object.fromEntries(earned) } as Sparse;
}

/** Puts back what `thinStanding` has left out. */
export function fillStanding(sparse: Sparse): Full {
  const zeros = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 0]));
  const filled = {
    previous_rank: null,
    ...zeros([...COUNT_COLUMNS, 'lines_added', 'lines_deleted']),
    unknown_kinds: [],
    last_contribution_at: sparse.first_contribution_at,
    ...sparse,
    points: { ...zeros(SCORE_PARTS), ...sparse.points },
  };
  return filled as unknown as Full;
}
