import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../client.ts';
import {
  accountsOf,
  type EligibleContribution,
  firstContributions,
} from '../eligible-contributions.ts';
import { boardOrder, contributions, isRanked, standingColumns } from './boards.ts';
import { fullName, nameOrder } from './repositories.ts';

/**
 * Everybody with a rank of all time whose login matches a pattern, best first, with what the size of
 * their documents depends on.
 */
export function readPeople(db: Db, pattern: RegExp) {
  return db
    .selectFrom('global_leaderboard as b')
    .innerJoin('github_users as u', 'u.github_id', 'b.user_id')
    .leftJoin('contributor_weeks as w', 'w.user_id', 'b.user_id')
    .leftJoin('global_leaderboard as q', (join) =>
      join
        .onRef('q.user_id', '=', 'b.user_id')
        .on('q.period', '=', 'quarter')
        .on('q.total_score', '>', 0),
    )
    .select(['u.github_id', 'u.login', 'u.display_name', 'u.company', 'u.location'])
    .select(['b.repositories_contributed', contributions('b').as('contributions')])
    .select([
      sql<number>`coalesce(json_array_length(w.weeks), 0)`.as('weeks'),
      sql<boolean>`q.user_id IS NOT NULL`.as('is_active'),
    ])
    .where('b.period', '=', 'all')
    .where(isRanked)
    .where('u.login', '~', pattern.source)
    .orderBy(boardOrder)
    .execute();
}

export type ContributorRow = Awaited<ReturnType<typeof readPeople>>[number];

const anyOf = (ids: readonly number[]): RawBuilder<number> => sql`any(${ids}::bigint[])`;

/** What the given people did in each period in which they have a rank. */
export function readContributorPeriods(db: Db, userIds: readonly number[]) {
  return db
    .selectFrom('global_leaderboard as b')
    .select(['b.user_id', 'b.period', 'b.repositories_contributed', ...standingColumns])
    .where(isRanked)
    .where('b.user_id', '=', anyOf(userIds))
    .execute();
}

/** What the given people did in each repository that they have a rank in, all time, best first. */
export function readContributorRepositories(db: Db, userIds: readonly number[]) {
  return db
    .selectFrom('repository_leaderboards as b')
    .innerJoin('repositories as r', 'r.id', 'b.repository_id')
    .select(['b.user_id', 'b.repository_id', fullName.as('repository'), ...standingColumns])
    .where('b.period', '=', 'all')
    .where(isRanked)
    .where('b.user_id', '=', anyOf(userIds))
    .orderBy('b.total_score', 'desc')
    .orderBy(nameOrder)
    .execute();
}

/** Contributions of the given people by week and kind, as of the last calculation. */
export function readContributorWeeks(db: Db, userIds: readonly number[]) {
  return db
    .selectFrom('contributor_weeks')
    .selectAll()
    .where('user_id', '=', anyOf(userIds))
    .execute();
}

/** The last contributions of each of the given people with their base points, newest first. */
export function readRecentContributions(
  db: Db,
  userIds: readonly number[],
  now: Date,
  limit: number,
) {
  const order = sql`occurred_at DESC, repository_id, event_id COLLATE "C"`;
  const last = sql<EligibleContribution>`(${firstContributions(now, {
    chosen: accountsOf(userIds),
    where: sql`true`,
    order,
    limit,
  })})`;
  const place = sql<number>`row_number() OVER (PARTITION BY user_id ORDER BY ${order})`;
  const ranked = db
    .selectFrom(last.as('last'))
    .selectAll()
    .select(place.as('place'))
    .where('user_id', '=', anyOf(userIds));
  return db
    .selectFrom(ranked.as('c'))
    .innerJoin('repositories as r', 'r.id', 'c.repository_id')
    .innerJoin('scoring_weights as w', (join) =>
      join.onRef('w.kind', '=', 'c.kind').on('w.is_current', '=', true),
    )
    .select(['c.user_id', fullName.as('repository'), 'c.event_id', 'c.kind', 'c.occurred_at'])
    .select(['c.subject_number', 'c.title', 'c.reference', 'c.source', 'w.points'])
    .where('c.place', '<=', limit)
    .orderBy('c.user_id')
    .orderBy('c.place')
    .execute();
}
