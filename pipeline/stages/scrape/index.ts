import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../../db/client.ts';
import { isLostConnection, withReconnects } from '../../../db/lost-connection.ts';
import {
  claimJob,
  millisecondsToNextJob,
  releaseAllLeases,
  releaseLeasesOf,
} from '../../../db/queries/job-queue.ts';
import {
  failJob,
  failPoisonedJobs,
  type Job,
  LeaseLostError,
  type OpenJob,
  postponeJob,
  readJobStatus,
  readOpenJobs,
  rejectJob,
  requeueJob,
} from '../../../db/queries/jobs.ts';
import { readNamesById } from '../../../db/queries/run-facts.ts';
import type { BotRules } from '../../domain/bots.ts';
import { BreakerOpenError } from '../../domain/breaker.ts';
import { classifyError, isWorthRetrying } from '../../domain/error-class.ts';
import type { ReadSource, SourceName, SourceProgress } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { isInterrupted } from '../../runtime/main.ts';
import type { TimeLimit } from '../../runtime/time-limit.ts';
import { type Log, withFields } from '../../util/log.ts';
import { openSources } from '../open-sources.ts';
import { TooManyRefusedError } from './job-totals.ts';
import { startLeaseHeartbeat } from './lease-heartbeat.ts';
import { runJob, TimeIsUpError } from './run-job.ts';
import { runWorkers } from './run-workers.ts';

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
  /** Absent: as long as it takes. */
  readonly timeLimit?: TimeLimit;
  /** See `withReconnects`. */
  readonly reconnectDelaysMs?: readonly number[];
}

export interface ScrapeResult {
  readonly completed: number;
  readonly failed: number;
  /** Jobs that were over budget: not a failure; they are read on another day. */
  readonly refused: number;
  /** Jobs that are still in the queue, as the time was up. */
  readonly left?: number;
}

/** Shortest wait for a job that is not due yet. */
const MIN_WAIT_MS = 50;
/** Longest wait: another worker may finish the last job at any time, and then all are done. */
const MAX_WAIT_MS = 500;

/** Claims and runs jobs until the queue is empty, and waits for jobs that will be tried again. */
export async function scrape(context: ScrapeContext): Promise<ScrapeResult> {
  const { db, signal } = context;
  const sources = Object.keys(context.readers);
  let completed = 0;
  let failed = 0;
  let refused = 0;
  for (;;) {
    signal.throwIfAborted();
    if (context.timeLimit?.isOver()) return { completed, failed, refused };
    failed += await withReconnects('poisoned jobs', context, () => failPoisonedJobs(db, sources));
    const job = await claimNext(context, sources);
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

/** Claims the next job, also if the connection is lost as the claim is stored. */
function claimNext(context: ScrapeContext, sources: readonly string[]): Promise<Job | null> {
  const { db, owner } = context;
  let isAgain = false;
  return withReconnects('next job', context, async () => {
    // The claim may be stored, and its answer lost: nobody would work on the job until it expires.
    if (isAgain) await releaseLeasesOf(db, owner);
    isAgain = true;
    return claimJob(db, owner, sources);
  });
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
  const { timeLimit } = context;
  const signal = timeLimit ? AbortSignal.any([lease.signal, timeLimit.signal]) : lease.signal;
  try {
    await runJob({ ...context, signal }, job);
    return 'completed';
  } catch (error) {
    if (context.signal.aborted) {
      await giveBack(context, job);
      throw error;
    }
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

type Outcome = 'completed' | 'failed' | 'refused' | 'retrying' | 'stopped';

/** So that the next run need not wait for the lease to end, if the database answers in time. */
async function giveBack({ db, signal, log }: ScrapeContext, job: Job): Promise<void> {
  if (!isInterrupted(signal)) return;
  await Promise.race([requeueJob(db, job), sleep(GIVE_BACK_MS, undefined, { ref: false })]).catch(
    (err) => log.warn({ job: job.id, err }, 'the job stays held until its lease ends'),
  );
}

/** A cancelled workflow kills its processes 7.5 s after it asked them to stop. */
const GIVE_BACK_MS = 2_000;

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
    if (error instanceof TimeIsUpError || context.timeLimit?.signal.aborted) {
      await requeueJob(context.db, job);
      context.log.info({ job: job.id }, 'job stopped, as the time is up: a later run goes on');
      return 'stopped';
    }
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

/** The stage: works off the queue. Says what is left of it where the time did not suffice. */
export async function runScrape(context: Context): Promise<ScrapeResult> {
  const { db, log, isEmbedded, timeLimit } = context;
  // No other process uses this database, so a job that is held was left by a process that died.
  if (isEmbedded) await withReconnects('leases', context, () => releaseAllLeases(db));
  const result = await runAll(context, workersOf(context));
  if (!timeLimit?.isOver()) return result;
  const left = await withReconnects('jobs left', context, () => readOpenJobs(db, context.sources));
  if (left.length > 0) log.warn(describeLeft(left), 'the time is up: a later run reads the rest');
  return { ...result, left: left.length };
}

async function runAll(context: Context, count: number): Promise<ScrapeResult> {
  const { pipeline, people } = context.config;
  const namesById = await withReconnects('names', context, () => readNamesById(context.db));
  const results = await runWorkers(count, context.signal, async ({ number, ...worker }) =>
    scrape({
      ...context,
      ...worker,
      ...(count > 1 && { owner: `${context.owner}-${number}` }),
      readers: await openSources(context),
      batchSize: pipeline.batch_size,
      retryDelaysSeconds: pipeline.retries.delays_seconds,
      bots: people.bots,
      namesById,
    }),
  );
  const sum = (part: 'completed' | 'failed' | 'refused') =>
    results.reduce((total, result) => total + result[part], 0);
  return { completed: sum('completed'), failed: sum('failed'), refused: sum('refused') };
}

function workersOf({ options, isEmbedded, log }: Context): number {
  const { workers = 1 } = options;
  if (!isEmbedded || workers === 1) return workers;
  log.warn({}, 'one worker reads: the embedded database takes one only, a server takes several');
  return 1;
}

/** The most that one line names. */
const MOST_NAMED = 20;

function describeLeft(left: readonly OpenJob[]) {
  const repositories = [...new Set(left.flatMap((job) => job.repositories))];
  return {
    jobs: left.length,
    repositories: repositories.length,
    windows: left.slice(0, MOST_NAMED).map(({ repositories: [first, ...others], ...job }) => {
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      const [from, to] = [job.from, job.to].map((moment) => moment.toISOString());
      return `${first}${more}: ${from} to ${to} (${job.source})`;
    }),
  };
}
