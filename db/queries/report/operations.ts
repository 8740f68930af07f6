import { sql } from 'kysely';
import { COUNT_COLUMNS } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { isRanked } from './boards.ts';
import { fullName, nameOrder } from './repositories.ts';

const contributions = sql.join(
  COUNT_COLUMNS.map((name) => sql.ref(name)),
  sql` + `,
);

/** How much there is: people on the board of all time, and all contributions that may count. */
export function readStats(db: Db, now: Date) {
  return db
    .selectFrom('global_leaderboard as b')
    .where('b.period', '=', 'all')
    .select(({ fn }) => [
      sql<number>`(SELECT count(*) FROM repositories WHERE status <> 'ARCHIVED')`.as(
        'repositories',
      ),
      fn.countAll<number>().filterWhere(isRanked).as('contributors'),
      sql<number>`coalesce(sum(${contributions}), 0)::bigint`.as('contributions'),
      sql<number>`(SELECT count(*) FROM github_users WHERE is_bot)`.as('bots'),
      unattributed(now).as('unattributed'),
    ])
    .executeTakeFirstOrThrow();
}

/** Contributions before `now` whose author is not known. */
const unattributed = (now: Date) => sql<number>`(
  SELECT count(*) FROM contribution_events c JOIN repositories r ON r.id = c.repository_id
  WHERE c.user_id IS NULL AND r.status <> 'ARCHIVED'
    AND c.occurred_at < ${now.toISOString()}::timestamptz)`;

/** Up to when every repository that can be read is known; null before the first scrape. */
export async function readDataUntil(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('repositories')
    .where('status', '=', 'ACTIVE')
    .select(({ fn }) => fn.min('data_until').as('until'))
    .executeTakeFirst();
  return row?.until ?? null;
}

/** The last runs of the pipeline, newest first. */
export function readRuns(db: Db, limit: number) {
  return db
    .selectFrom('pipeline_runs')
    .select(['id', 'status', 'sources', 'started_at', 'finished_at', 'error_message'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export type RunRow = Awaited<ReturnType<typeof readRuns>>[number];

/** The last units of scraping with the names of their repositories, newest first. */
export function readJobs(db: Db, limit: number) {
  const names = sql<string[]>`ARRAY(
    SELECT ${fullName} FROM repositories r WHERE r.id = ANY(j.repository_ids)
    ORDER BY ${nameOrder})`;
  return db
    .selectFrom('scrape_jobs as j')
    .select(['id', 'source', 'job_type', 'status', names.as('repositories')])
    .select(['window_from', 'window_to', 'attempts', 'error_class', 'error_message'])
    .select(['events_processed', 'contributions_kept', 'users_processed', 'bots_filtered'])
    .select(['renamed', 'skipped', 'noticed', 'started_at', 'finished_at'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export type JobRow = Awaited<ReturnType<typeof readJobs>>[number];

/** The last jobs and items that failed for good, newest first. */
export function readErrors(db: Db, limit: number) {
  return db
    .selectFrom('dead_letters')
    .select(['created_at', 'source', 'error_class', 'error_message', 'job_id'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export type ErrorRow = Awaited<ReturnType<typeof readErrors>>[number];

/**
 * How often a failure of each class occurred and when last: attempts at jobs by the audit log, and
 * items that were put aside. The most frequent first.
 */
export async function readErrorClasses(db: Db) {
  const { rows } = await sql<{ error_class: string; count: number; last_at: Date }>`
    SELECT error_class, count(*) AS count, max(at) AS last_at FROM (
      SELECT details ->> 'error_class' AS error_class, at FROM audit_log
      WHERE action IN ('JOB_RETRYING', 'JOB_FAILED', 'JOB_BUDGET_EXCEEDED')
      UNION ALL
      SELECT error_class, created_at FROM dead_letters WHERE NOT payload ? 'window_from'
    ) AS failures
    WHERE error_class IS NOT NULL
    GROUP BY error_class ORDER BY count DESC, error_class`.execute(db);
  return rows;
}

/** Every present and former login of people who opted out. */
export async function readOptedOutLogins(db: Db): Promise<string[]> {
  const { rows } = await sql<{ login: string }>`
    SELECT login FROM github_users WHERE is_opted_out
    UNION
    SELECT l.login FROM github_user_logins l JOIN github_users u USING (github_id)
    WHERE u.is_opted_out
    ORDER BY login
  `.execute(db);
  return rows.map((row) => row.login);
}

/** All requests to GitHub's API about each tracked repository; most points first. */
export function readUsage(db: Db) {
  return db
    .selectFrom('github_usage as u')
    .innerJoin('repositories as r', 'r.id', 'u.repository_id')
    .where('r.status', '!=', 'ARCHIVED')
    .select(({ fn }) => [
      fullName.as('repository'),
      sql<number>`sum(u.points)::bigint`.as('points'),
      sql<number>`sum(u.requests)::bigint`.as('requests'),
      fn.max('u.used_on').as('last_read_on'),
    ])
    .groupBy('r.id')
    .orderBy('points', 'desc')
    .orderBy('requests', 'desc')
    .orderBy(nameOrder)
    .execute();
}
