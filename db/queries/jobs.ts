import { type Selectable, sql, type Updateable } from 'kysely';
import type { Db } from '../client.ts';
import type { ScrapeJobsTable, StoredCheckpoint } from '../schema.ts';
import { type Checkpoint, checkpointColumns, recordReadPart } from './checkpoints.ts';
import { type DeadLetter, insertDeadLetters } from './dead-letters.ts';

export type Job = Selectable<ScrapeJobsTable>;

/** A worker that gives no sign of life for so long has lost its job. */
export const LEASE_SECONDS = 60;

export interface NewJob {
  readonly source: string;
  readonly jobType: 'full' | 'incremental';
  readonly repositoryIds: readonly number[];
  readonly from: Date;
  readonly to: Date;
}

/** Puts jobs into the queue. */
export async function insertJobs(db: Db, runId: number | null, jobs: readonly NewJob[]) {
  for (const job of jobs) {
    await db
      .insertInto('scrape_jobs')
      .values({
        run_id: runId,
        source: job.source,
        job_type: job.jobType,
        status: 'QUEUED',
        repository_ids: [...job.repositoryIds],
        window_from: job.from,
        window_to: job.to,
      })
      .execute();
  }
}

/** The next job that is due, now held by this worker; null if none is due. */
export async function claimJob(
  db: Db,
  owner: string,
  sources: readonly string[],
): Promise<Job | null> {
  const { rows } = await sql<Job>`
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
  `.execute(db);
  return rows[0] ?? null;
}

/** Starts after which a job that outlived none of its workers is given up. */
const MAX_STARTS = 10;

/**
 * Gives up the jobs that have ended every worker that held them, with a dead letter each.
 * Returns how many there were.
 */
export async function giveUpDeadlyJobs(db: Db, sources: readonly string[]): Promise<number> {
  const message = `none of ${MAX_STARTS} workers that held it lived to its end`;
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<Job>`
      UPDATE scrape_jobs SET status = 'FAILED', finished_at = now(), lease_owner = NULL,
        lease_until = NULL, error_class = 'unknown', error_message = ${message}
      WHERE source = ANY(${sources}::text[]) AND status = 'RUNNING' AND lease_until < now()
        AND attempts >= ${MAX_STARTS}
      RETURNING *
    `.execute(trx);
    for (const job of rows) await giveUp(trx, job, 'unknown', message);
    return rows.length;
  });
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

/** How many jobs of the last run there are in each status. */
export async function countJobsOfLastRun(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ status: string; jobs: number }>`
    SELECT status, count(*) AS jobs FROM scrape_jobs
    WHERE run_id = (SELECT max(id) FROM pipeline_runs)
    GROUP BY status ORDER BY status
  `.execute(db);
  return Object.fromEntries(rows.map(({ status, jobs }) => [status, jobs]));
}

/** Keeps the job; false if another worker has taken it over. */
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

/** Gives back what a dead worker held; only for a database that one process has to itself. */
export async function releaseAllLeases(db: Db): Promise<void> {
  await sql`UPDATE scrape_jobs SET lease_until = now() - interval '1 second'
    WHERE status = 'RUNNING'`.execute(db);
}

export type JobCounts = StoredCheckpoint['counts'];

function countColumns(counts: JobCounts) {
  return {
    events_processed: counts.events,
    contributions_kept: counts.kept,
    users_processed: counts.users,
    bots_filtered: counts.bots,
    renamed: counts.renamed,
    skipped: JSON.stringify(counts.skipped),
    noticed: JSON.stringify(counts.noticed),
  };
}

/** Another worker has taken the job over: what this one still has in hand is not written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor(jobId: number) {
    super(`job ${jobId} was taken over by another worker`);
  }
}

/** Of a job that no worker holds. */
const NOT_HELD = { lease_owner: null, lease_until: null };

/** A job as `claimJob` gave it. */
type HeldJob = Pick<Job, 'id' | 'lease_owner'>;

/**
 * Changes a job for the worker that holds it, and for nobody else.
 * @throws LeaseLostError if another worker has taken it over; a transaction around it is undone
 */
async function updateHeldJob(
  db: Db,
  job: HeldJob,
  change: Updateable<ScrapeJobsTable> | Record<string, unknown>,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('scrape_jobs')
    .set(change as Updateable<ScrapeJobsTable>)
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.lease_owner)
    .where('status', '=', 'RUNNING')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new LeaseLostError(job.id);
}

/** Notes how far a job is; part of the transaction of each batch. */
export function updateJobCounts(trx: Db, job: HeldJob, counts: JobCounts): Promise<void> {
  return updateHeldJob(trx, job, countColumns(counts));
}

/** Notes how far a job is and where to go on; part of the transaction that stores the last of it. */
export function saveCheckpoint(trx: Db, job: HeldJob, checkpoint: Checkpoint): Promise<void> {
  return updateHeldJob(trx, job, {
    ...countColumns(checkpoint.counts),
    ...checkpointColumns(checkpoint),
  });
}

export function completeJob(trx: Db, job: HeldJob, counts: JobCounts): Promise<void> {
  return updateHeldJob(trx, job, {
    ...countColumns(counts),
    status: 'COMPLETED',
    finished_at: sql`now()`,
    ...NOT_HELD,
    error_class: null,
    error_message: null,
  });
}

/** Puts a job back until a moment, as if it had not been claimed. */
export function postponeJob(db: Db, job: HeldJob, until: Date): Promise<void> {
  return updateHeldJob(db, job, {
    status: 'RETRYING',
    attempts: sql`attempts - 1`,
    not_before: until,
    ...NOT_HELD,
  });
}

export interface JobFailure {
  readonly errorClass: string;
  readonly message: string;
  /** Seconds until the first, second, … further attempt; empty: it is not worth another one. */
  readonly retryDelaysSeconds: readonly number[];
}

/**
 * Ends an attempt that failed: it is tried again after the delay of as many attempts as brought
 * it no further, or given up where there is none. Returns that delay in seconds, or null.
 */
export async function failJob(db: Db, job: HeldJob, failure: JobFailure): Promise<number | null> {
  const { errorClass, message, retryDelaysSeconds } = failure;
  return db.transaction().execute(async (trx) => {
    const failed = await trx
      .selectFrom('scrape_jobs')
      .selectAll()
      .where('id', '=', job.id)
      .executeTakeFirstOrThrow();
    const delay = retryDelaysSeconds[failed.attempts - 1] ?? null;
    await updateHeldJob(trx, job, {
      status: delay === null ? 'FAILED' : 'RETRYING',
      not_before: delay === null ? null : sql`now() + make_interval(secs => ${delay})`,
      finished_at: delay === null ? sql`now()` : null,
      ...NOT_HELD,
      error_class: errorClass,
      error_message: message,
    });
    if (delay === null) await giveUp(trx, failed, errorClass, message);
    return delay;
  });
}

/** What stays of a job that is given up: a dead letter, and what it had read. */
async function giveUp(trx: Db, job: Job, errorClass: string, message: string): Promise<void> {
  await insertDeadLetters(trx, [deadLetterOf(job, errorClass, message)]);
  await recordReadPart(trx, job);
}

/** Ends a job that the budget does not reach for: no fault, so no dead letter. */
export function refuseJob(db: Db, job: HeldJob, message: string): Promise<void> {
  return updateHeldJob(db, job, {
    status: 'BUDGET_EXCEEDED',
    finished_at: sql`now()`,
    ...NOT_HELD,
    error_class: 'budget',
    error_message: message,
  });
}

/** What is kept of a job that is given up, to find what it was to read. */
function deadLetterOf(job: Job, errorClass: string, errorMessage: string): DeadLetter {
  return {
    jobId: job.id,
    source: job.source,
    errorClass,
    errorMessage,
    payload: {
      repository_ids: job.repository_ids,
      window_from: job.window_from,
      window_to: job.window_to,
      attempts: job.attempts,
    },
  };
}
