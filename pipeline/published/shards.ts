import { COUNT_COLUMNS, type ContributionKind, SCORE_PARTS } from '../domain/contribution-kinds.ts';
import { asciiLower } from '../domain/names.ts';
import { DAY_MS, isoDate, mondayOf } from '../domain/time.ts';
import type {
  ContributorActivity,
  ContributorRepositories,
  ContributorShard,
} from './documents/contributor.ts';

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

/** The contributions of a person of a shard by week, oldest first. */
export function weeksInShard(
  { contributions: { kinds, columns } }: Pick<ContributorShard, 'contributions'>,
  { own, from }: NonNullable<ReturnType<typeof findInShard>>,
): ContributorActivity['weeks'] {
  if (own.weeks) return own.weeks;
  const counts = new Map<string, Partial<Record<ContributionKind, number>>>();
  for (let place = from + own.contributions - 1; place >= from; place -= 1) {
    const kind = kinds[columns.kind[place] ?? -1];
    const monday = mondayOf(new Date((columns.occurred_at[place] ?? 0) * 1000)) * DAY_MS;
    const week = isoDate(new Date(monday));
    const inWeek = counts.get(week) ?? {};
    if (kind) counts.set(week, { ...inWeek, [kind]: (inWeek[kind] ?? 0) + 1 });
  }
  return [...counts].map(([week, ofWeek]) => ({
    week,
    total: Object.values(ofWeek).reduce((sum, count) => sum + count, 0),
    counts: ofWeek,
  }));
}

type Full = ContributorRepositories['repositories'][number];
type Sparse = ContributorShard['contributors'][number]['repositories'][number];

/**
 * Leaves out what is 0 or null, the time of the last contribution if it is the first one, and what
 * the shard says of the repository.
 */
export function thinStanding(full: Full): Sparse {
  const { points, unknown_kinds: _, ...rest } = full;
  const kept = Object.entries(rest).filter(
    ([name, value]) =>
      value !== 0 &&
      value !== null &&
      !(name === 'last_contribution_at' && value === rest.first_contribution_at),
  );
  const earned = Object.entries(points).filter(([, value]) => value !== 0);
  return { ...Object.fromEntries(kept), points: Object.fromEntries(earned) } as Sparse;
}

/** Puts back what `thinStanding` has left out. @param unknown that of the shard */
export function fillStanding(sparse: Sparse, unknown: ContributorShard['unknown_kinds']): Full {
  const zeros = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 0]));
  const filled = {
    previous_rank: null,
    ...zeros([...COUNT_COLUMNS, 'lines_added', 'lines_deleted']),
    unknown_kinds: unknown?.[sparse.repository] ?? [],
    last_contribution_at: sparse.first_contribution_at,
    ...sparse,
    points: { ...zeros(SCORE_PARTS), ...sparse.points },
  };
  return filled as unknown as Full;
}
