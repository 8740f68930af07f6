import { type RawBuilder, sql } from 'kysely';
import type { ContributionEventsTable } from '../schema.ts';

/** One row per contribution that counts, with the person it counts for. */
export interface EligibleContribution extends ContributionEventsTable {
  user_id: number;
}

/**
 * The contributions before `now` that count, as a subquery: the only place that decides who is on
 * a board. A contribution of an alias counts for the account that it is an alias of. Left out are
 * contributions without a known account, of bots, of people who opted out (with either account),
 * in archived repositories, and reviews of one's own pull request. `accounts`, a condition on
 * `c.user_id`, limits the result to what some accounts did.
 */
export function eligibleContributions(
  now: Date,
  accounts?: RawBuilder<boolean>,
): RawBuilder<EligibleContribution> {
  const narrowed = accounts ? sql`AND ${accounts}` : sql``;
  return sql<EligibleContribution>`(
    SELECT c.repository_id, c.event_id, c.kind, ${person('account', 'target')} AS user_id,
      c.occurred_at, c.subject_number, c.lines_added, c.lines_deleted, c.title, c.reference, c.source
    FROM contribution_events c
    JOIN repositories r ON r.id = c.repository_id AND r.status <> 'ARCHIVED'
    JOIN github_users account ON account.github_id = c.user_id
    LEFT JOIN github_users target ON target.github_id = account.alias_of
    WHERE c.occurred_at < ${now.toISOString()}::timestamptz ${narrowed}
      AND NOT (account.is_bot OR account.is_opted_out)
      AND NOT coalesce(target.is_bot OR target.is_opted_out, false)
      AND NOT (c.kind = 'PR_REVIEWED' AND EXISTS (${ownPull}))
  )`;
}

/**
 * Finds a row if the pull request that `c` reviews is the reviewer's own: its opening and its merge
 * both belong to its author. Each review looks them up by their keys. As one condition with the
 * kind, it is never planned as a join, for which all openings and merges would be read, however few
 * reviews there are.
 */
const ownPull = sql`
  SELECT FROM contribution_events pull
  JOIN github_users author ON author.github_id = pull.user_id
  LEFT JOIN github_users author_target ON author_target.github_id = author.alias_of
  WHERE pull.repository_id = c.repository_id
    AND pull.event_id IN ('pr:' || c.subject_number || ':opened',
      'pr:' || c.subject_number || ':merged')
    AND ${person('author', 'author_target')} = ${person('account', 'target')}`;

/** The id of the person behind an account: the target of an alias, once it has been seen. */
function person(account: string, target: string): RawBuilder<number> {
  return sql`coalesce(${sql.ref(`${target}.github_id`)}, ${sql.ref(`${account}.github_id`)})`;
}

/** The accounts of the given people and the aliases of those accounts, as a subquery of ids. */
export function accountsOf(userIds: readonly number[]): RawBuilder<number> {
  return sql`
    SELECT github_id FROM github_users
    WHERE github_id = ANY(${userIds}::bigint[]) OR alias_of = ANY(${userIds}::bigint[])`;
}
