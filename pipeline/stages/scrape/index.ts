import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../../db/client.ts';
import { isLostConnection, withReconnects } from '../../../db/lost-connection.ts';
import {
  claimJob,
  millisecondsToNextJob,
  releaseAllLeases,
} from '../../../db/queries/job-queue.ts';
import {
  failJob,
  failPoisonedJobs,
  type Job,
  LeaseLostError,
  postponeJob,
  readJobStatus,
  rejectJob,
} from '../../../db/queries/jobs.ts';
import { readNamesById } from '../../../db/queries/run-facts.ts';
import type { BotRules } from '../../domain/bots.ts';
import { BreakerOpenError } from '../../domain/breaker.ts';
import { classifyError, isWorthRetrying } from '../../domain/error-class.ts';
import type { ReadSource, SourceName, SourceProgress } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { createProgress } from '../../runtime/progress.ts';
import { type Log, withFields } from '../../util/log.ts';
import { openSources } from '../open-sources.ts';
import { TooManyRefusedError } from './job-totals.ts';
import { startLeaseHeartbeat } from './lease-heartbeat.ts';
import { runJob } from './run-job.ts';

export interface ScrapeContext {
  readonly db: Db;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The clock of the run. */
  readonly now: Date;
  /** The name of this worker. */
  readonly owner: string;
  readonly readers: Readonly<Partial<Record<SourceName, ReadSource>>>;
  readonly batchSize: number;
  readonly retryDelaysSeconds: readonly number[];
  readonly bots: BotRules;
  readonly onProgress: (progress: SourceProgress) => void;
  /** `owner/name` by id. */
  readonly namesById?: ReadonlyMap<number, string>;
  /** See `withReconnects`. */
  readonly reconnectDelaysMs?: readonly number[];
}

export interface ScrapeResult {
  readonly completed: number;
  readonly failed: number;
  /** Jobs that were over budget: not a failure; they are read on another day. */
  readonly refused: number;
}

/** Shortest wait for a job that is not due yet. */
const MIN_WAIT_MS = 50;
/** Longest wait, because another worker may finish the last job at any time. */
const MAX_WAIT_MS = 5_000;

/** Claims and runs jobs until the queue is empty, and waits for jobs that will be tried again. */
export async function scrape(context: ScrapeContext): Promise<ScrapeResult> {
  const { db, signal } = context;
  const sources = Object.keys(context.readers);
  let completed = 0;
  let failed = 0;
  let refused = 0;
  for (;;) {
    signal.throwIfAborted();
    failed += await withReconnects('poisoned jobs', context, () => failPoisonedJobs(db, sources));
    const job = await withReconnects('next job', context, () =>
      claimJob(db, context.owner, sources),
    );
    if (job) {
      const outcome = await attempt(ofJob(context, job), job);
      completed += outcome === 'completed' ? 1 : 0;
      failed += outcome === 'failed' ? 1 : 0;
      refused += outcome === 'refused' ? 1 : 0;
      continue;
    }
    const wait = await withReconnects('wait', context, () => millisecondsToNextJob(db, sources));
    if (wait === null) return { completed, failed, refused };
    const waitMs = Math.min(Math.max(wait, MIN_WAIT_MS), MAX_WAIT_MS);
    await sleep(waitMs, undefined, { signal });
  }
}

/** Each line of the log names the job, and its repository if it is of one. */
function ofJob(context: ScrapeContext, { id, repository_ids }: Job): ScrapeContext {
  const [first] = repository_ids;
  const repository = repository_ids.length === 1 && first && context.namesById?.get(first);
  const fields = { job: id, ...(repository && { repository }) };
  return { ...context, log: withFields(context.log, fields) };
}

/** One attempt at a job. Its failure is stored in the queue and stops no other job. */
async function attempt(context: ScrapeContext, job: Job): Promise<Outcome> {
  const lease = startLeaseHeartbeat(context.db, job.id, context.owner, context.signal);
  try {
    await runJob({ ...context, signal: lease.signal }, job);
    return 'completed';
  } catch (error) {
    if (context.signal.aborted) throw error;
    // If the connection was lost as the end of the job was stored, it may be stored.
    let mayBeStored = isLostConnection(error);
    return await withReconnects('end of a job', context, () => {
      const outcome = noteOutcome(context, job, error, mayBeStored);
      mayBeStored = true;
      return outcome;
    });
  } finally {
    lease.stop();
  }
}

type Outcome = 'completed' | 'failed' | 'refused' | 'retrying';

/** How a job ended, by its status. */
const ENDED: Readonly<Record<string, Outcome>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  BUDGET_EXCEEDED: 'refused',
};

/** Stores the outcome of the job, unless another worker has taken it over meanwhile. */
async function noteOutcome(
  context: ScrapeContext,
  job: Job,
  error: unknown,
  mayBeStored: boolean,
): Promise<Outcome> {
  try {
    if (error instanceof LeaseLostError) throw error;
    if (error instanceof BreakerOpenError) return await postpone(context, job, error);
    return await noteFailure(context, job, error);
  } catch (lost) {
    if (!(lost instanceof LeaseLostError)) throw lost;
    const ended = mayBeStored ? ENDED[await readJobStatus(context.db, job.id)] : undefined;
    if (ended) return ended;
    context.log.warn({}, lost.message);
    return 'retrying';
  }
}

/** The circuit of its source is open: the job waits, and no attempt is counted. */
async function postpone(
  { db, log }: ScrapeContext,
  job: Job,
  { retryAt, message }: BreakerOpenError,
): Promise<'retrying'> {
  await postponeJob(db, job, retryAt);
  log.warn({ source: job.source, retryAt }, message);
  return 'retrying';
}

async function noteFailure(
  { db, log, retryDelaysSeconds }: ScrapeContext,
  job: Job,
  error: unknown,
): Promise<'failed' | 'refused' | 'retrying'> {
  const errorClass = classifyError(error);
  const message = error instanceof Error ? error.message : String(error);
  if (errorClass === 'budget') {
    await rejectJob(db, job, message);
    log.warn({ source: job.source }, message);
    return 'refused';
  }
  const retryInSeconds = await failJob(db, job, {
    errorClass,
    message,
    retryDelaysSeconds: isWorthRetrying(errorClass) ? retryDelaysSeconds : [],
    isReadPartKept: !(error instanceof TooManyRefusedError),
  });
  const fate = retryInSeconds === null ? 'no retry' : `retry in ${retryInSeconds} s`;
  log.warn({ source: job.source, errorClass, err: error }, `job failed: ${fate}`);
  return retryInSeconds === null ? 'failed' : 'retrying';
}

export async function runScrape(context: Context) {
  const { pipeline, people } = context.config;
  // No other process uses this database, so a job that is held was left by a process that died.
  if (context.isEmbedded) await releaseAllLeases(context.db);
  const progress = createProgress();
  const result = await scrape({
    ...context,
    readers: await openSources(context),
    batchSize: pipeline.batch_size,
    retryDelaysSeconds: pipeline.retries.delays_seconds,
    bots: people.bots,
    namesById: await withReconnects('names', context, () => readNamesById(context.db)),
    onProgress: progress.update,
  });
  progress.finish();
  return result;
}
