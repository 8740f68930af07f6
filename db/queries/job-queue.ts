import { sql } from 'kysely';
import type { JobType } from '../../pipeline/domain/plan-window.ts';
import type { Db } from '../client.ts';
import { takeLock } from '../transactions.ts';
import { entryOfMoved, MOVED, noteMoved } from './job-audit.ts';
import type { Job } from './jobs.ts';

/** A worker that does not renew its lease for this long has lost its job. */
export const LEASE_SECONDS = 60;

export interface NewJob {
  readonly source: string;
  readonly jobType: JobType;
  readonly repositoryIds: readonly number[];
  readonly from: Date;
  readonly to: Date;
}

/** So many rows fit into the parameters of a statement. */
const JOBS_PER_STATEMENT = 1_000;

/** Puts jobs into the queue. */
export async function insertJobs(db: Db, runId: number | null, jobs: readonly NewJob[]) {
  for (let start = 0; start < jobs.length; start += JOBS_PER_STATEMENT) {
    const rows = jobs.slice(start, start + JOBS_PER_STATEMENT).map((job) => ({
      run_id: runId,
      source: job.source,
      job_type: job.jobType,
      status: 'QUEUED' as const,
      repository_ids: [...job.repositoryIds],
      window_from: job.from,
      window_to: job.to,
    }));
    await db
      .with('moved', (query) => query.insertInto('scrape_jobs').values(rows).returning(MOVED))
      .insertInto('audit_log')
      .columns(['action', 'subject', 'details'])
      .expression((query) => query.selectFrom('moved').select(entryOfMoved({ run: runId })))
      .execute();
  }
}

/** Claims the next job that is due for this worker; null if none is due. */
export async function claimJob(
  db: Db,
  owner: string,
  sources: readonly string[],
): Promise<Job | null> {
  const { rows } = await sql<Job>`
    WITH moved AS (
      UPDATE scrape_jobs SET status = 'RUNNING', lease_owner = ${owner},
        lease_until = now() + make_interval(secs => ${LEASE_SECONDS}),
        attempts = attempts + 1, started_at = now(), finished_at = NULL,
        events_processed = 0, contributions_kept = 0, users_processed = 0, bots_filtered = 0,
        renamed = 0, skipped = NULL, noticed = NULL
      WHERE id = (
        SELECT id FROM scrape_jobs
        WHERE source = ANY(${sources}::text[]) AND (
          (status IN ('QUEUED', 'RETRYING') AND (not_before IS NULL OR not_before <= now()))
          OR (status = 'RUNNING' AND lease_until < now()))
        ORDER BY id LIMIT 1
        FOR UPDATE SKIP LOCKED
      )
      RETURNING *
    ), noted AS (${noteMoved(sql`jsonb_build_object('worker', lease_owner)`)})
    SELECT * FROM moved
  `.execute(db);
  return rows[0] ?? null;
}

/** The last id of the queue: read before planning, so that `queueJobs` sees what came since. */
export async function readLastJobId(db: Db): Promise<number> {
  const { last } = await db
    .selectFrom('scrape_jobs')
    .select(({ fn, val }) => fn.coalesce(fn.max<number>('id'), val(0)).as('last'))
    .executeTakeFirstOrThrow();
  return last;
}

/**
 * Queues planned jobs, all or nothing, without the repositories that another run has queued for
 * the source since the plan was made: what is queued twice is read, and paid for, twice.
 * Returns the jobs that were queued.
 */
export async function queueJobs(
  db: Db,
  runId: number | null,
  planned: readonly NewJob[],
  lastJobId: number,
): Promise<NewJob[]> {
  return await db.transaction().execute(async (trx) => {
    await takeLock(trx, 'jobQueue');
    const taken = await readTaken(trx, lastJobId);
    const jobs = planned
      .map((job) => ({
        ...job,
        repositoryIds: job.repositoryIds.filter((id) => !taken.get(job.source)?.has(id)),
      }))
      .filter((job) => job.repositoryIds.length > 0);
    await insertJobs(trx, runId, jobs);
    return jobs;
  });
}

/** The repositories of jobs that are open or have a later id, by source. */
async function readTaken(trx: Db, lastJobId: number): Promise<Map<string, Set<number>>> {
  const jobs = await trx
    .selectFrom('scrape_jobs')
    .select(['source', 'repository_ids'])
    .where((expression) =>
      expression.or([
        expression('status', 'in', ['QUEUED', 'RUNNING', 'RETRYING']),
        expression('id', '>', lastJobId),
      ]),
    )
    .execute();
  const bySource = Map.groupBy(jobs, ({ source }) => source);
  return new Map(
    [...bySource].map(([source, rows]) => [
      source,
      new Set(rows.flatMap(({ repository_ids }) => repository_ids)),
    ]),
  );
}

/** Milliseconds until the next open job may be claimed; null if no job is open. */
export async function millisecondsToNextJob(
  db: Db,
  sources: readonly string[],
): Promise<number | null> {
  const { rows } = await sql<{ wait: number | null }>`
    SELECT 1000 * EXTRACT(EPOCH FROM min(
      CASE status WHEN 'RUNNING' THEN lease_until ELSE COALESCE(not_before, now()) END
    ) - now()) AS wait
    FROM scrape_jobs
    WHERE source = ANY(${sources}::text[]) AND status IN ('QUEUED', 'RUNNING', 'RETRYING')
  `.execute(db);
  return rows[0]?.wait ?? null;
}

/** Extends the lease of a job; false if another worker has taken the job over. */
export async function renewLease(db: Db, jobId: number, owner: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('scrape_jobs')
    .set({ lease_until: sql`now() + make_interval(secs => ${LEASE_SECONDS})` })
    .where('id', '=', jobId)
    .where('lease_owner', '=', owner)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends the leases of dead workers. Only for a database that no other process uses. */
export async function releaseAllLeases(db: Db): Promise<void> {
  await sql`UPDATE scrape_jobs SET lease_until = now() - interval '1 second'
    WHERE status = 'RUNNING'`.execute(db);
}

/** Ends the leases of a worker that works on no job: what it claimed it does not know of. */
export async function releaseLeasesOf(db: Db, owner: string): Promise<void> {
  await sql`UPDATE scrape_jobs SET lease_until = now() - interval '1 second'
    WHERE status = 'RUNNING' AND lease_owner = ${owner}`.execute(db);
}

/** How many jobs wait to be run or run. */
export async function countOpenJobs(db: Db, sources: readonly string[]): Promise<number> {
  const { count } = await db
    .selectFrom('scrape_jobs')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('source', 'in', [...sources])
    .where('status', 'in', ['QUEUED', 'RUNNING', 'RETRYING'])
    .executeTakeFirstOrThrow();
  return Number(count);
}
