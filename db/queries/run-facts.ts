import { sql } from 'kysely';
import type { Db } from '../client.ts';

/** What the tables know of one run. */

/** Rows of a list; a run of an organisation may concern thousands of repositories. */
const MOST_REPOSITORIES = 1_000;

/** The letter of a job about all of a repository, which its source does not show. */
const isOfWhole = sql`l.payload = jsonb_build_object('repository_id', r.id)`;

/**
 * The repositories of a run's jobs: FAILED if a job of theirs failed, INCOMPLETE if one is open or
 * over the budget, or if the source does not show the repository. Those that went wrong come first.
 */
export async function readRepositoriesOfRun(db: Db, runId: number) {
  const { rows } = await sql<RepositoryOfRun>`
    SELECT full_name, status, events, kept, error_class, message FROM (
    SELECT r.owner || '/' || r.name AS full_name,
      CASE WHEN bool_or(j.status = 'FAILED') THEN 'FAILED'
        WHEN bool_and(j.status = 'COMPLETED' AND l.id IS NULL) THEN 'COMPLETED'
        ELSE 'INCOMPLETE' END AS status,
      CASE WHEN max(cardinality(j.repository_ids)) = 1 THEN sum(j.events_processed)::bigint END
        AS events,
      CASE WHEN max(cardinality(j.repository_ids)) = 1 THEN sum(j.contributions_kept)::bigint END
        AS kept,
      coalesce(max(j.error_class) FILTER (WHERE j.status <> 'COMPLETED'), max(l.error_class))
        AS error_class,
      coalesce(max(j.error_message) FILTER (WHERE j.status <> 'COMPLETED'), max(l.error_message))
        AS message
    FROM scrape_jobs j JOIN repositories r ON r.id = ANY(j.repository_ids)
      LEFT JOIN dead_letters l ON l.job_id = j.id AND ${isOfWhole}
    WHERE j.run_id = ${runId} AND (j.job_type <> 'recheck' OR j.status = 'FAILED')
    GROUP BY r.id) AS rows
    ORDER BY CASE status WHEN 'FAILED' THEN 0 WHEN 'INCOMPLETE' THEN 1 ELSE 2 END,
      lower(full_name COLLATE "C"), full_name
    LIMIT ${MOST_REPOSITORIES}
  `.execute(db);
  return rows;
}

interface RepositoryOfRun {
  readonly full_name: string;
  readonly status: 'COMPLETED' | 'INCOMPLETE' | 'FAILED';
  /** Events of its jobs; null if one of them read several repositories, and counts for all. */
  readonly events: number | null;
  readonly kept: number | null;
  readonly error_class: string | null;
  readonly message: string | null;
}

/**
 * What a run could not store or read: the repository with the list or the contribution, where they
 * are known.
 */
export async function readPutAside(db: Db, runId: number, limit: number) {
  return db
    .selectFrom('dead_letters as d')
    .innerJoin('scrape_jobs as j', 'j.id', 'd.job_id')
    .leftJoin('repositories as r', (join) =>
      join.on(sql<boolean>`r.id = coalesce(d.payload ->> 'repository_id',
        d.payload -> 'contribution' ->> 'repositoryId')::bigint`),
    )
    .where('j.run_id', '=', runId)
    .select(['d.source', 'd.error_class', 'd.error_message', 'd.job_id'])
    .select(sql<string | null>`r.owner || '/' || r.name`.as('repository'))
    .select(
      sql<string | null>`coalesce(replace(d.payload ->> 'list', '_', ' '),
        d.payload -> 'contribution' ->> 'eventId')`.as('part'),
    )
    .orderBy('d.id', 'desc')
    .limit(limit)
    .execute();
}

/** What the jobs of a run found gone from GitHub. */
export async function countGoneInRun(db: Db, runId: number): Promise<GoneInRun> {
  const { rows } = await sql<GoneInRun>`
    SELECT coalesce(sum((noticed ->> 'deleted')::bigint), 0)::bigint AS deleted,
      coalesce(sum((noticed ->> 'transferred')::bigint), 0)::bigint AS transferred,
      coalesce(sum((noticed ->> 'replaced')::bigint), 0)::bigint AS replaced
    FROM scrape_jobs WHERE run_id = ${runId}
  `.execute(db);
  return rows[0] ?? { deleted: 0, transferred: 0, replaced: 0 };
}

interface GoneInRun {
  /** Contributions. */
  readonly deleted: number;
  /** Issues that are in another repository now. */
  readonly transferred: number;
  /** Repositories that were deleted, and whose names other ones have now. */
  readonly replaced: number;
}

/** The counts of a run, as its end stored them. */
export async function readRunCounts(db: Db, runId: number): Promise<Record<string, number>> {
  const row = await db
    .selectFrom('pipeline_runs')
    .where('id', '=', runId)
    .select('counts')
    .executeTakeFirst();
  return row?.counts ?? {};
}

export async function readRunFacts(db: Db, runId: number) {
  return {
    repositories: await readRepositoriesOfRun(db, runId),
    counts: await readRunCounts(db, runId),
  };
}

export type RunFacts = Awaited<ReturnType<typeof readRunFacts>>;

/** The ended jobs of a run, and the items that they could not store. */
export async function countJobsOfRun(db: Db, runId: number) {
  const { rows } = await sql<JobsOfRun>`
    SELECT count(*) FILTER (WHERE status = 'COMPLETED') AS jobs_completed,
      count(*) FILTER (WHERE status = 'FAILED') AS jobs_failed,
      coalesce(sum((skipped ->> 'constraint')::bigint), 0)::bigint AS items_refused
    FROM scrape_jobs WHERE run_id = ${runId}
  `.execute(db);
  return rows[0] ?? { jobs_completed: 0, jobs_failed: 0, items_refused: 0 };
}

interface JobsOfRun {
  readonly jobs_completed: number;
  readonly jobs_failed: number;
  readonly items_refused: number;
}

/** `owner/name` of every repository, by its id. */
export async function readNamesById(db: Db): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('repositories')
    .select(['id', sql<string>`owner || '/' || name`.as('name')])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
