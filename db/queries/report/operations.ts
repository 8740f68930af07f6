import { sql } from 'kysely';
import { COUNT_COLUMNS } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';

const contributions = sql.join(
  COUNT_COLUMNS.map((name) => sql.ref(name)),
  sql` + `,
);

export interface StatsRow {
  readonly repositories: number;
  readonly contributors: number;
  readonly contributions: number;
  readonly bots: number;
  readonly unattributed: number;
}

/** How much there is: contributors and contributions as on the board of all time. */
export async function readStats(db: Db, now: Date): Promise<StatsRow> {
  const { rows } = await sql<StatsRow>`
    SELECT
      (SELECT count(*) FROM repositories WHERE status <> 'ARCHIVED') AS repositories,
      count(*) AS contributors,
      coalesce(sum(${contributions}), 0)::bigint AS contributions,
      (SELECT count(*) FROM github_users WHERE is_bot) AS bots,
      (SELECT count(*) FROM contribution_events c JOIN repositories r ON r.id = c.repository_id
        WHERE c.user_id IS NULL AND r.status <> 'ARCHIVED'
          AND c.occurred_at < ${now.toISOString()}::timestamptz) AS unattributed
    FROM global_leaderboard WHERE period = 'all'
  `.execute(db);
  return rows[0] as StatsRow;
}

/** Up to when everything is known: of the repositories that can be read, the one least far. */
export async function readDataUntil(db: Db): Promise<Date | null> {
  const row = await db
    .selectFrom('repositories')
    .where('status', '=', 'ACTIVE')
    .select(({ fn }) => fn.min('data_until').as('until'))
    .executeTakeFirst();
  return row?.until ?? null;
}

/** The last runs of the pipeline, newest first. */
export async function readRuns(db: Db, limit: number) {
  return db
    .selectFrom('pipeline_runs')
    .select(['id', 'status', 'sources', 'started_at', 'finished_at', 'error_message'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** The last units of scraping with the names of their repositories, newest first. */
export async function readJobs(db: Db, limit: number) {
  const names = sql<string[]>`ARRAY(
    SELECT r.owner || '/' || r.name FROM repositories r WHERE r.id = ANY(j.repository_ids)
    ORDER BY lower(r.owner) COLLATE "C", lower(r.name) COLLATE "C")`;
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

/** What was given up last, newest first. */
export async function readErrors(db: Db, limit: number) {
  return db
    .selectFrom('dead_letters')
    .select(['created_at', 'source', 'error_class', 'error_message', 'job_id'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Every login, present or former, of people who opted out. */
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
