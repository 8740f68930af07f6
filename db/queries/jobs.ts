import { type Selectable, sql, type Updateable } from 'kysely';
import type { Gap } from '../../pipeline/domain/gaps.ts';
import { LONGEST, toStoredText } from '../../pipeline/domain/stored-value.ts';
import { earlierOf } from '../../pipeline/domain/window.ts';
import { jsonWithoutSecrets, withoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';
import type { ScrapeJobsTable, StoredCheckpoint } from '../schema.ts';
import { type DeadLetter, insertDeadLetters } from './dead-letters.ts';
import { forgetListPositions } from './github-lists.ts';
import { entryOfMoved, MOVED, noteMoved } from './job-audit.ts';
import type { NewJob } from './job-queue.ts';
import { recordJobWindow, toGap } from './windows.ts';

export type Job = Selectable<ScrapeJobsTable>;

/** A job whose workers all died has failed after this many starts. */
const MAX_STARTS = 10;

/**
 * Fails the jobs that ended every worker that held them, with a dead letter each.
 * Returns the number of jobs.
 */
export async function failPoisonedJobs(db: Db, sources: readonly string[]): Promise<number> {
  const message = `none of ${MAX_STARTS} workers that held it lived to its end`;
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<Job>`
      WITH moved AS (
        UPDATE scrape_jobs SET status = 'FAILED', finished_at = now(), lease_owner = NULL,
          lease_until = NULL, error_class = 'unknown', error_message = ${message}
        WHERE source = ANY(${sources}::text[]) AND status = 'RUNNING' AND lease_until < now()
          AND attempts >= ${MAX_STARTS}
        RETURNING *
      ), noted AS (${noteMoved(sql`jsonb_build_object('error_class', error_class)`)})
      SELECT * FROM moved
    `.execute(trx);
    for (const job of rows) {
      await deadLetter(trx, job, 'unknown', message);
      await recordReadPart(trx, job);
    }
    return rows.length;
  });
}

/** The number of jobs of the last run by status. */
export async function countJobsOfLastRun(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ status: string; jobs: number }>`
    SELECT status, count(*) AS jobs FROM scrape_jobs
    WHERE run_id = (SELECT max(id) FROM pipeline_runs)
    GROUP BY status ORDER BY status
  `.execute(db);
  return Object.fromEntries(rows.map(({ status, jobs }) => [status, jobs]));
}

/**
 * Items of the last run that could not be stored, whatever became of their jobs. A run that has
 * ended counts those of its other stages, too.
 */
export async function countRefusedOfLastRun(db: Db): Promise<number> {
  const { rows } = await sql<{ refused: number }>`
    SELECT GREATEST(
      (SELECT COALESCE(sum((skipped ->> 'constraint')::bigint), 0)::bigint
        FROM scrape_jobs WHERE run_id = run.id),
      (run.counts ->> 'items_refused')::bigint) AS refused
    FROM pipeline_runs AS run ORDER BY run.id DESC LIMIT 1
  `.execute(db);
  return rows[0]?.refused ?? 0;
}

/** A job that is still to be done, or to be done to its end. */
export interface OpenJob {
  readonly id: number;
  readonly source: string;
  /** `owner/name`. */
  readonly repositories: string[];
  /** What is left of its window. */
  readonly from: Date;
  readonly to: Date;
}

/** The jobs of some sources that have not ended, without rechecks: these miss nothing that is new. */
export async function readOpenJobs(db: Db, sources: readonly string[]): Promise<OpenJob[]> {
  const { rows } = await sql<OpenJob>`
    SELECT id, source,
      ARRAY(SELECT owner || '/' || name FROM repositories r WHERE r.id = ANY(j.repository_ids)
        ORDER BY 1) AS repositories,
      COALESCE((checkpoint ->> 'resume_at')::timestamptz, window_from) AS "from", window_to AS "to"
    FROM scrape_jobs j
    WHERE source = ANY(${sources}::text[]) AND status IN ('QUEUED', 'RUNNING', 'RETRYING')
      AND job_type <> 'recheck'
    ORDER BY id`.execute(db);
  return rows;
}

/** What a job was to read; null if maintenance has deleted it. */
export async function readPlanOfJob(db: Db, jobId: number) {
  const job = await db
    .selectFrom('scrape_jobs')
    .select(['window_from as from', 'window_to as to'])
    .where('id', '=', jobId)
    .executeTakeFirst();
  return job ?? null;
}

/** The status of a job. */
export async function readJobStatus(db: Db, jobId: number): Promise<Job['status']> {
  const { status } = await db
    .selectFrom('scrape_jobs')
    .select('status')
    .where('id', '=', jobId)
    .executeTakeFirstOrThrow();
  return status;
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

/** How far a job has come: everything before `resumeAt` was read and is stored. */
export interface Checkpoint {
  readonly resumeAt: Date;
  /** What could not be read before it. */
  readonly gaps: readonly Gap[];
  readonly counts: JobCounts;
}

/** The checkpoint of a job; null: it begins at the start of its window. */
export function checkpointOf({ checkpoint }: Pick<Job, 'checkpoint'>): Checkpoint | null {
  if (checkpoint === null) return null;
  return {
    resumeAt: new Date(checkpoint.resume_at),
    gaps: checkpoint.gaps.map(toGap),
    counts: checkpoint.counts,
  };
}

/** The columns of a checkpoint: attempts are counted anew from it. */
function checkpointColumns({ resumeAt, gaps, counts }: Checkpoint) {
  return { checkpoint: jsonWithoutSecrets({ resume_at: resumeAt, gaps, counts }), attempts: 1 };
}

/** Another worker has taken the job over: this one must not write any more of it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor(jobId: number) {
    super(`job ${jobId} was taken over by another worker`);
  }
}

/** Columns of a job that no worker holds. */
const NOT_HELD = { lease_owner: null, lease_until: null };

/** A job as `claimJob` returned it. */
type HeldJob = Pick<Job, 'id' | 'lease_owner'>;

type JobChange = Updateable<ScrapeJobsTable> | Record<string, unknown>;

const changeHeldJob = (db: Pick<Db, 'updateTable'>, job: HeldJob, change: JobChange) =>
  db
    .updateTable('scrape_jobs')
    .set(change as Updateable<ScrapeJobsTable>)
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.lease_owner)
    .where('status', '=', 'RUNNING');

/**
 * Changes a job for the worker that holds it.
 * @throws LeaseLostError if another worker has taken it over; that also ends the transaction
 */
async function updateHeldJob(db: Db, job: HeldJob, change: JobChange): Promise<void> {
  const { numUpdatedRows } = await changeHeldJob(db, job, change).executeTakeFirst();
  if (numUpdatedRows === 0n) throw new LeaseLostError(job.id);
}

/**
 * Gives a job another status, for the worker that holds it, with an entry in the audit log.
 * @throws LeaseLostError as `updateHeldJob`
 */
async function moveHeldJob(
  db: Db,
  job: HeldJob,
  change: JobChange & { readonly status: Job['status'] },
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const noted = await db
    .with('moved', (query) => changeHeldJob(query, job, change).returning(MOVED))
    .insertInto('audit_log')
    .columns(['action', 'subject', 'details'])
    .expression((query) => query.selectFrom('moved').select(entryOfMoved(details)))
    .returning('id')
    .execute();
  if (noted.length === 0) throw new LeaseLostError(job.id);
}

/** Stores the counts of a job, in the transaction of each batch. */
export function updateJobCounts(trx: Db, job: HeldJob, counts: JobCounts): Promise<void> {
  return updateHeldJob(trx, job, countColumns(counts));
}

/** Stores the counts of a job and where to resume, in the transaction of the batch up to there. */
export function saveCheckpoint(trx: Db, job: HeldJob, checkpoint: Checkpoint): Promise<void> {
  return updateHeldJob(trx, job, {
    ...countColumns(checkpoint.counts),
    ...checkpointColumns(checkpoint),
  });
}

export function completeJob(trx: Db, job: HeldJob, counts: JobCounts): Promise<void> {
  return moveHeldJob(trx, job, {
    ...countColumns(counts),
    status: 'COMPLETED',
    finished_at: sql`now()`,
    ...NOT_HELD,
    error_class: null,
    error_message: null,
  });
}

/** Returns a job to the queue until a moment; the attempt does not count. */
export function postponeJob(db: Db, job: HeldJob, until: Date): Promise<void> {
  const change = {
    status: 'RETRYING',
    attempts: sql`attempts - 1`,
    not_before: until,
    ...NOT_HELD,
  } as const;
  return moveHeldJob(db, job, change, { until });
}

/** Returns a job that was stopped to the queue, to go on where it was; the attempt does not count. */
export function requeueJob(db: Db, job: HeldJob): Promise<void> {
  return moveHeldJob(db, job, {
    status: 'QUEUED',
    attempts: sql`GREATEST(attempts - 1, 0)`,
    ...NOT_HELD,
  });
}

export interface JobFailure {
  readonly errorClass: string;
  readonly message: string;
  /** Seconds until the first, second, … further attempt; empty: no further attempt. */
  readonly retryDelaysSeconds: readonly number[];
  /** false: too much of what was read could not be stored, so that all is to be read again. */
  readonly isReadPartKept?: boolean;
}

/**
 * Ends an attempt that failed. The job is tried again after a delay, by the number of attempts
 * since its last checkpoint; after the last delay it fails for good, with a dead letter.
 * Returns the delay in seconds, or null if the job failed for good.
 */
export async function failJob(db: Db, job: HeldJob, failure: JobFailure): Promise<number | null> {
  const { errorClass, retryDelaysSeconds, isReadPartKept = true } = failure;
  const message = storedMessage(failure.message);
  return db.transaction().execute(async (trx) => {
    const failed = await trx
      .selectFrom('scrape_jobs')
      .selectAll()
      .where('id', '=', job.id)
      .executeTakeFirstOrThrow();
    const delay = retryDelaysSeconds[failed.attempts - 1] ?? null;
    const change = {
      status: delay === null ? 'FAILED' : 'RETRYING',
      not_before: delay === null ? null : sql`now() + make_interval(secs => ${delay})`,
      finished_at: delay === null ? sql`now()` : null,
      ...NOT_HELD,
      error_class: errorClass,
      error_message: message,
    } as const;
    await moveHeldJob(trx, job, change, { error_class: errorClass, retry_in_seconds: delay });
    if (delay === null) await deadLetter(trx, failed, errorClass, message);
    if (delay === null && isReadPartKept) await recordReadPart(trx, failed);
    if (!isReadPartKept) await forgetListPositions(trx, failed.repository_ids);
    return delay;
  });
}

/** Stores a dead letter of a job that failed for good. */
async function deadLetter(trx: Db, job: Job, errorClass: string, message: string): Promise<void> {
  await insertDeadLetters(trx, [deadLetterOf(job, errorClass, message)]);
}

/** Messages repeat what a source said, and must not be why a failure can't be stored. */
/** Redacted before it is cut: a part of a secret would not be recognised. */
const storedMessage = (message: string) => toStoredText(withoutSecrets(message), LONGEST.message);

/**
 * Stores that the jobs of a source could not be planned, as one job that failed, with a dead letter.
 * A run that plans again after it lost the database stores it once.
 */
export async function insertFailedPlan(
  db: Db,
  runId: number | null,
  plan: NewJob,
  failure: { readonly errorClass: string; readonly message: string },
): Promise<void> {
  const { source, jobType, repositoryIds, from, to } = plan;
  const { errorClass } = failure;
  const errorMessage = storedMessage(failure.message);
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number }>`
      WITH moved AS (
        INSERT INTO scrape_jobs (run_id, source, job_type, status, repository_ids, window_from,
          window_to, attempts, finished_at, error_class, error_message)
        SELECT ${runId}::bigint, ${source}, ${jobType}, 'FAILED', ${repositoryIds}::bigint[],
          ${from}::timestamptz, ${to}::timestamptz, 1, now(), ${errorClass}, ${errorMessage}
        WHERE NOT EXISTS (SELECT FROM scrape_jobs WHERE run_id = ${runId}::bigint
          AND source = ${source} AND status = 'FAILED' AND error_message = ${errorMessage})
        RETURNING *
      ), noted AS (${noteMoved(sql`jsonb_build_object('error_class', error_class)`)})
      SELECT id FROM moved`.execute(trx);
    const payload = { plan_of: repositoryIds, window_from: from, window_to: to };
    const letters = rows.map(({ id: jobId }) => ({
      jobId,
      source,
      errorClass,
      errorMessage,
      payload,
    }));
    await insertDeadLetters(trx, letters);
  });
}

/** Ends a job that is over budget. It did not fail, so there is no dead letter. */
export function rejectJob(db: Db, job: HeldJob, message: string): Promise<void> {
  const change = {
    status: 'BUDGET_EXCEEDED',
    finished_at: sql`now()`,
    ...NOT_HELD,
    error_class: 'budget',
    error_message: storedMessage(message),
  } as const;
  return moveHeldJob(db, job, change, { error_class: 'budget' });
}

/** The dead letter of a job, with what is needed to queue the same again. */
function deadLetterOf(job: Job, errorClass: string, errorMessage: string): DeadLetter {
  return {
    jobId: job.id,
    source: job.source,
    errorClass,
    errorMessage,
    payload: {
      job_type: job.job_type,
      repository_ids: job.repository_ids,
      window_from: job.window_from,
      window_to: job.window_to,
      attempts: job.attempts,
    },
  };
}

/**
 * Stores the part of the window up to the checkpoint as read, so that the next job resumes there.
 */
async function recordReadPart(trx: Db, job: Job): Promise<void> {
  const checkpoint = checkpointOf(job);
  if (!checkpoint) return;
  // A repository may have been merged with another one since.
  const repositories = await trx
    .selectFrom('repositories')
    .select('id')
    .where(sql<boolean>`id = ANY(${job.repository_ids}::bigint[])`)
    .execute();
  const window = { from: job.window_from, to: earlierOf(checkpoint.resumeAt, job.window_to) };
  const ids = repositories.map(({ id }) => id);
  await recordJobWindow(trx, job, ids, { window, gaps: checkpoint.gaps });
}
