import { type Selectable, sql, type Updateable } from 'kysely';
import type { Gap } from '../../pipeline/domain/gaps.ts';
import { earlierOf } from '../../pipeline/domain/window.ts';
import type { Db } from '../client.ts';
import type { ScrapeJobsTable, StoredCheckpoint } from '../schema.ts';
import { type DeadLetter, insertDeadLetters } from './dead-letters.ts';
import { recordScrapedWindow, toGap } from './windows.ts';

export type Job = Selectable<ScrapeJobsTable>;

/** Starts after which a job that outlived none of its workers is given up. */
const MAX_STARTS = 10;

/**
 * Gives up the jobs that have ended every worker that held them, with a dead letter each.
 * Returns how many there were.
 */
export async function failPoisonedJobs(db: Db, sources: readonly string[]): Promise<number> {
  const message = `none of ${MAX_STARTS} workers that held it lived to its end`;
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<Job>`
      UPDATE scrape_jobs SET status = 'FAILED', finished_at = now(), lease_owner = NULL,
        lease_until = NULL, error_class = 'unknown', error_message = ${message}
      WHERE source = ANY(${sources}::text[]) AND status = 'RUNNING' AND lease_until < now()
        AND attempts >= ${MAX_STARTS}
      RETURNING *
    `.execute(trx);
    for (const job of rows) await deadLetter(trx, job, 'unknown', message);
    return rows.length;
  });
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

/** How far a job is: everything before `resumeAt` was read and is stored. */
export interface Checkpoint {
  readonly resumeAt: Date;
  /** What could not be read before it. */
  readonly gaps: readonly Gap[];
  readonly counts: JobCounts;
}

/** The checkpoint of a job as it was claimed; null: it begins at the start of its window. */
export function checkpointOf({ checkpoint }: Pick<Job, 'checkpoint'>): Checkpoint | null {
  if (checkpoint === null) return null;
  return {
    resumeAt: new Date(checkpoint.resume_at),
    gaps: checkpoint.gaps.map(toGap),
    counts: checkpoint.counts,
  };
}

/** The columns of a job that has come so far: attempts are counted from here on. */
function checkpointColumns({ resumeAt, gaps, counts }: Checkpoint) {
  return { checkpoint: JSON.stringify({ resume_at: resumeAt, gaps, counts }), attempts: 1 };
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
    if (delay === null) await deadLetter(trx, failed, errorClass, message);
    return delay;
  });
}

/** What stays of a job that is given up: a dead letter, and what it had read. */
async function deadLetter(trx: Db, job: Job, errorClass: string, message: string): Promise<void> {
  await insertDeadLetters(trx, [deadLetterOf(job, errorClass, message)]);
  await recordReadPart(trx, job);
}

/** Ends a job that the budget does not reach for: no fault, so no dead letter. */
export function rejectJob(db: Db, job: HeldJob, message: string): Promise<void> {
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

/** Notes as read what a job that is given up had read, so that the next one goes on from there. */
async function recordReadPart(trx: Db, job: Job): Promise<void> {
  const checkpoint = checkpointOf(job);
  if (!checkpoint) return;
  // A repository may have become one with another since.
  const repositories = await trx
    .selectFrom('repositories')
    .select('id')
    .where(sql<boolean>`id = ANY(${job.repository_ids}::bigint[])`)
    .execute();
  const window = { from: job.window_from, to: earlierOf(checkpoint.resumeAt, job.window_to) };
  await recordScrapedWindow(trx, {
    source: job.source,
    repositoryIds: repositories.map(({ id }) => id),
    window,
    gaps: checkpoint.gaps,
  });
}
