import { sql } from 'kysely';
import type { ContributionKind } from '../../pipeline/domain/contribution-kinds.ts';
import type { Period } from '../../pipeline/domain/period.ts';
import type { Db } from '../client.ts';
import { accountsOf, eligibleContributions } from './eligible-contributions.ts';
import { boardOrder, type TallyColumns, tallyColumns } from './published-boards.ts';

export interface ContributorRow {
  readonly github_id: number;
  readonly login: string;
  readonly display_name: string | null;
  readonly company: string | null;
  readonly location: string | null;
}

/** The first contributors of all time whose login matches a pattern, best first. */
export async function readTopContributors(
  db: Db,
  pattern: RegExp,
  limit: number,
): Promise<ContributorRow[]> {
  const { rows } = await sql<ContributorRow>`
    SELECT u.github_id, u.login, u.display_name, u.company, u.location
    FROM global_leaderboard b JOIN github_users u ON u.github_id = b.user_id
    WHERE b.period = 'all' AND u.login ~ ${pattern.source}
    ORDER BY ${boardOrder}
    LIMIT ${limit}
  `.execute(db);
  return rows;
}

export interface ContributorPeriodRow extends TallyColumns {
  readonly user_id: number;
  readonly period: Period;
  readonly repositories_contributed: number;
}

/** What the given people did in each period. */
export async function readContributorPeriods(
  db: Db,
  userIds: readonly number[],
): Promise<ContributorPeriodRow[]> {
  const { rows } = await sql<ContributorPeriodRow>`
    SELECT b.user_id, b.period, b.repositories_contributed, ${tallyColumns}
    FROM global_leaderboard b WHERE b.user_id = ANY(${userIds}::bigint[])
  `.execute(db);
  return rows;
}

export interface ContributorRepositoryRow extends TallyColumns {
  readonly user_id: number;
  readonly repository: string;
}

/** What the given people did in each repository, all time, highest score first. */
export async function readContributorRepositories(
  db: Db,
  userIds: readonly number[],
): Promise<ContributorRepositoryRow[]> {
  const { rows } = await sql<ContributorRepositoryRow>`
    SELECT b.user_id, r.owner || '/' || r.name AS repository, ${tallyColumns}
    FROM repository_leaderboards b JOIN repositories r ON r.id = b.repository_id
    WHERE b.period = 'all' AND b.user_id = ANY(${userIds}::bigint[])
    ORDER BY b.total_score DESC, lower(r.owner) COLLATE "C", lower(r.name) COLLATE "C"
  `.execute(db);
  return rows;
}

export interface ContributorWeekRow {
  readonly user_id: number;
  /** The Monday (UTC) it starts on, `YYYY-MM-DD`. */
  readonly week: string;
  readonly kind: ContributionKind;
  readonly count: number;
}

/** Contributions of the given people by week and kind, oldest first. */
export async function readContributorWeeks(
  db: Db,
  userIds: readonly number[],
  now: Date,
): Promise<ContributorWeekRow[]> {
  const { rows } = await sql<ContributorWeekRow>`
    SELECT user_id, date_trunc('week', occurred_at AT TIME ZONE 'UTC')::date AS week, kind,
      count(*) AS count
    FROM ${eligibleContributions(now, accountsOf(userIds))} AS c
    WHERE user_id = ANY(${userIds}::bigint[])
    GROUP BY 1, 2, 3
    ORDER BY 2, kind COLLATE "C"
  `.execute(db);
  return rows;
}

export interface RecentContributionRow {
  readonly user_id: number;
  readonly repository: string;
  readonly event_id: string;
  readonly kind: ContributionKind;
  readonly occurred_at: Date;
  readonly subject_number: number | null;
  readonly points: number;
  readonly source: string;
}

/** The last contributions of each of the given people with their base points, newest first. */
export async function readRecentContributions(
  db: Db,
  userIds: readonly number[],
  now: Date,
  limit: number,
): Promise<RecentContributionRow[]> {
  const order = sql`occurred_at DESC, repository_id, event_id COLLATE "C"`;
  const { rows } = await sql<RecentContributionRow>`
    SELECT c.user_id, r.owner || '/' || r.name AS repository, c.event_id, c.kind, c.occurred_at,
      c.subject_number, c.source, w.points
    FROM (
      SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY ${order}) AS place
      FROM ${eligibleContributions(now, accountsOf(userIds))} AS all_of_them
      WHERE user_id = ANY(${userIds}::bigint[])
    ) AS c
    JOIN repositories r ON r.id = c.repository_id
    JOIN scoring_weights w ON w.is_current AND w.kind = c.kind
    WHERE c.place <= ${limit}
    ORDER BY c.user_id, c.place
  `.execute(db);
  return rows;
}
