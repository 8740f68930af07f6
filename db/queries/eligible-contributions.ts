import { type RawBuilder, sql } from 'kysely';
import type { ContributionKind } from '../../pipeline/domain/contribution-kinds.ts';

/** One row per contribution that counts, with the person it counts for. */
export interface CreditedRow {
  repository_id: number;
  event_id: string;
  kind: ContributionKind;
  user_id: number;
  occurred_at: Date;
  subject_number: number | null;
  lines_added: number | null;
  lines_deleted: number | null;
  source: string;
}

/**
 * The contributions that count before `now`, as a subquery: the one home of who is on a board.
 * An account counts for the one it is an alias of. Left out are those of nobody known, of bots,
 * of people who opted out (with either account), in archived repositories, and reviews of one's
 * own pull request. `accounts`, a subquery of account ids, narrows it to what those accounts did.
 */
export function credited(now: Date, accounts?: RawBuilder<unknown>): RawBuilder<CreditedRow> {
  const narrowed = accounts ? sql`AND c.user_id IN (${accounts})` : sql``;
  return sql<CreditedRow>`(
    SELECT c.repository_id, c.event_id, c.kind, ${person('account', 'target')} AS user_id,
      c.occurred_at, c.subject_number, c.lines_added, c.lines_deleted, c.source
    FROM contribution_events c
    JOIN repositories r ON r.id = c.repository_id AND r.status <> 'ARCHIVED'
    JOIN github_users account ON account.github_id = c.user_id
    LEFT JOIN github_users target ON target.github_id = account.alias_of
    WHERE c.occurred_at < ${now.toISOString()}::timestamptz ${narrowed}
      AND NOT (account.is_bot OR account.is_opted_out)
      AND NOT coalesce(target.is_bot OR target.is_opted_out, false)
      AND NOT EXISTS (${ownReview('opened')}) AND NOT EXISTS (${ownReview('merged')})
  )`;
}

const FACT_KINDS = { opened: 'PR_OPENED', merged: 'PR_MERGED' } as const;

/**
 * Whether `c` is a person's review of their own pull request, by a fact that tells whose it is:
 * both its opening and its merge are its author's. Looked up by its key, for each fact by itself.
 */
function ownReview(fact: keyof typeof FACT_KINDS): RawBuilder<unknown> {
  return sql`
    SELECT FROM contribution_events told
    JOIN github_users author ON author.github_id = told.user_id
    LEFT JOIN github_users author_target ON author_target.github_id = author.alias_of
    WHERE c.kind = 'PR_REVIEWED' AND told.kind = ${sql.lit(FACT_KINDS[fact])}
      AND told.repository_id = c.repository_id
      AND told.event_id = 'pr:' || c.subject_number || ${sql.lit(`:${fact}`)}
      AND ${person('author', 'author_target')} = ${person('account', 'target')}`;
}

/** The id of the person behind an account; an alias of an account not seen yet is itself. */
function person(account: string, target: string): RawBuilder<number> {
  return sql`coalesce(${sql.ref(`${target}.github_id`)}, ${sql.ref(`${account}.github_id`)})`;
}

/** The given people's own accounts and their aliases, as a subquery of ids. */
export function accountsOf(userIds: readonly number[]): RawBuilder<unknown> {
  return sql`
    SELECT github_id FROM github_users
    WHERE github_id = ANY(${userIds}::bigint[]) OR alias_of = ANY(${userIds}::bigint[])`;
}
