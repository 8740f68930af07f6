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
 * `c`, limits the result to what some accounts did, or did at some time.
 */
export function eligibleContributions(
  now: Date,
  accounts?: RawBuilder<boolean>,
): RawBuilder<EligibleContribution> {
  const narrowed = accounts ? sql`AND ${accounts}` : sql``;
  return sql<EligibleContribution>`(
    SELECT ${columns}
    FROM contribution_events c
    JOIN repositories r ON r.id = c.repository_id AND r.status <> 'ARCHIVED'
    JOIN (${countedAccounts()}) AS account ON account.account_id = c.user_id
    WHERE c.occurred_at < ${now.toISOString()}::timestamptz ${narrowed} AND ${isNoOwnReview}
  )`;
}

/**
 * The same of some accounts: all, or the first ones of each in an order. They are read along the index of an
 * account's contributions, however many it has.
 */
export function firstContributions(
  now: Date,
  { chosen, where, order, limit }: FirstContributions,
): RawBuilder<EligibleContribution> {
  return sql<EligibleContribution>`
    SELECT found.*
    FROM (${countedAccounts(sql`own.github_id IN (${chosen})`)} OFFSET 0) AS account
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM contribution_events c
      WHERE c.user_id = account.account_id AND c.occurred_at < ${now.toISOString()}::timestamptz
        AND c.repository_id <> ALL (${archived})
        AND ${where} AND ${isNoOwnReview}
      ORDER BY ${order} LIMIT ${limit}
    ) AS found`;
}

/** Looked up once and not for each row. */
const archived = sql`ARRAY(SELECT id FROM repositories WHERE status = 'ARCHIVED')`;

interface FirstContributions {
  /** A subquery of ids of accounts. */
  readonly chosen: RawBuilder<unknown>;
  /** A condition on `c`. */
  readonly where: RawBuilder<boolean>;
  /** By `c.occurred_at` first. */
  readonly order: RawBuilder<unknown>;
  /** Of each account; null: all. */
  readonly limit: number | null;
}

const columns = sql`c.repository_id, c.event_id, c.kind, account.person_id AS user_id,
  c.occurred_at, c.subject_number, c.lines_added, c.lines_deleted, c.title, c.reference, c.source,
  c.missed_at`;

/** The accounts that count, of those chosen by a condition on `own`, with the people behind them. */
export const countedAccounts = (chosen = sql<boolean>`true`) => sql`
  SELECT own.github_id AS account_id, ${person('own', 'target')} AS person_id
  FROM github_users own LEFT JOIN github_users target ON target.github_id = own.alias_of
  WHERE ${chosen} AND NOT (own.is_bot OR own.is_opted_out)
    AND NOT coalesce(target.is_bot OR target.is_opted_out, false)`;

/**
 * Whether `c` is no review of the person's own pull request, whose opening and merge both belong to
 * its author. Each review looks them up by their keys. As one condition with the kind, it is never
 * planned as a join, for which all openings and merges would be read, however few reviews there are.
 */
const isNoOwnReview = sql`NOT (c.kind = 'PR_REVIEWED' AND EXISTS (
  SELECT FROM contribution_events pull
  JOIN github_users author ON author.github_id = pull.user_id
  LEFT JOIN github_users author_target ON author_target.github_id = author.alias_of
  WHERE pull.repository_id = c.repository_id
    AND pull.event_id IN ('pr:' || c.subject_number || ':opened',
      'pr:' || c.subject_number || ':merged')
    AND ${person('author', 'author_target')} = account.person_id))`;

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
