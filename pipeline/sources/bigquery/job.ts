import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BudgetLedger,
  type ExpiredReservation,
  maximumBytesBilled,
} from '../../domain/budget.ts';
import { type SourceRequest, statedId } from '../../domain/source.ts';
import { withRetries } from '../../util/retry.ts';
import type { BigQueryApi, JobRecord, ResultPage } from './client.ts';
import {
  BigQueryFailure,
  BudgetExceededError,
  type FailureKind,
  isTransient,
  toFailure,
} from './errors.ts';
import { type ArchiveQuery, buildArchiveQuery, queryFingerprint } from './query.ts';

/** Runs a query inside the budget: estimate, reserve, start, wait, settle. */

/** The dependencies of the source: BigQuery, the budget, the time. */
export interface BigQueryDependencies {
  readonly api: BigQueryApi;
  readonly ledger: BudgetLedger;
  /** The real time, because the budget does not follow the clock of the run. */
  readonly clock: () => Date;
  /** Time limit of a query, in ms. */
  readonly timeoutMs: number;
  /** Wait between two requests for the state of a job, in ms. */
  readonly pollMs: number;
  /** Waits between the attempts of one call, in ms. */
  readonly retryDelaysMs: readonly number[];
}

/** A query with a reservation. */
interface Run {
  readonly externalJobId: string;
  readonly reservationId: number;
  readonly deps: BigQueryDependencies;
  readonly signal: AbortSignal;
}

/**
 * A lease lasts for the time limit of a query plus this margin for the start (a call with its
 * retries) and a cancellation. If a lease expires, its worker has died.
 */
const LEASE_MARGIN_MS = 15 * 60_000;

/** Waits between attempts of one call, in ms. Rate limits are counted over at most 100 s. */
export const CALL_RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000, 20_000];

type CallDependencies = Pick<BigQueryDependencies, 'api' | 'retryDelaysMs'>;

/** Makes one call to BigQuery, and repeats it after a transient failure. */
function withCallRetries<T>(
  { retryDelaysMs: delaysMs }: CallDependencies,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  return withRetries(call, { delaysMs, isTransient }, signal);
}

/**
 * The bytes that a window would cost, by dry runs, which are free. With payloads, these are the
 * bytes of the query for the events, plus the most that those for the hours and the ids may be billed.
 */
export async function estimateWindow(
  request: Pick<SourceRequest, 'repositories' | 'window' | 'signal'>,
  { payload }: { readonly payload: boolean },
  deps: CallDependencies,
): Promise<number> {
  const dryRun = (query: ArchiveQuery) => estimate(query, request.signal, deps);
  if (!payload) return dryRun(buildArchiveQuery(request, 'activity'));
  const atMost = async (query: ArchiveQuery) =>
    maximumBytesBilled(await dryRun(query), query.tableCount);
  const hours = await atMost(buildArchiveQuery(request, 'hours'));
  const isStated = request.repositories.every((repository) => statedId(repository) !== null);
  const holders = isStated ? 0 : await atMost(buildArchiveQuery(request, 'holders'));
  return hours + holders + (await dryRun(buildArchiveQuery(request, 'events')));
}

function estimate(
  query: ArchiveQuery,
  signal: AbortSignal,
  deps: CallDependencies,
): Promise<number> {
  return withCallRetries(deps, signal, () => deps.api.estimate(query, signal));
}

/** A query with a reservation, or one that is already paid for. */
export interface PreparedQuery {
  /**
   * Runs it and returns its id once it is done and settled. When it throws `BigQueryFailure`, the
   * reservation is settled or released, or `recoverReservations` will do that later.
   */
  run(): Promise<string>;
  /** Renews the lease of the reservation. */
  extend(): Promise<void>;
  /** Releases the reservation. The query will not run. */
  abandon(): Promise<void>;
}

/** Runs a query at once. Throws as `prepareQuery` and its `run` do. */
export async function runQuery(
  query: ArchiveQuery,
  request: SourceRequest,
  deps: BigQueryDependencies,
): Promise<string> {
  return (await prepareQuery(query, request, deps)).run();
}

/** Reserves the money for a query. Throws `BudgetExceededError` if too little is left. */
export async function prepareQuery(
  query: ArchiveQuery,
  request: SourceRequest,
  deps: BigQueryDependencies,
): Promise<PreparedQuery> {
  const { ledger, clock } = deps;
  const { signal } = request;
  const idPrefix = `leaderboard_${queryFingerprint(query)}_`;
  const paid = await findPaid(idPrefix, request, deps);
  if (paid) return { run: async () => paid, extend: async () => {}, abandon: async () => {} };
  const bytesEstimated = await estimate(query, signal, deps);
  const leaseEnd = () => new Date(clock().getTime() + deps.timeoutMs + LEASE_MARGIN_MS);
  const externalJobId = `${idPrefix}${randomUUID()}`;
  const limit = maximumBytesBilled(bytesEstimated, query.tableCount);
  const reservation = await ledger.reserve({
    jobId: request.jobId ?? null,
    externalJobId,
    bytesEstimated,
    maximumBytesBilled: limit,
    repositoryIds: request.repositories.map(({ id }) => id),
    leaseUntil: leaseEnd(),
  });
  if ('shortage' in reservation) throw new BudgetExceededError(reservation.shortage);
  const { reservationId } = reservation;
  const run: Run = { externalJobId, reservationId, deps, signal };
  return {
    run: () => runPrepared(run, query, limit, labelsOf(query, request)),
    extend: () => ledger.extendLease(reservationId, leaseEnd()),
    abandon: () => ledger.release(reservationId, 'not started: the query before it failed'),
  };
}

async function runPrepared(
  run: Run,
  query: ArchiveQuery,
  limit: number,
  labels: Record<string, string>,
): Promise<string> {
  await startQuery(run, query, limit, labels);
  const record = await awaitEnd(run);
  await settleReservation(run.deps.ledger, run.reservationId, record);
  if (record.failure)
    throw toFailure({ message: record.failure.message, errors: [record.failure] });
  return run.externalJobId;
}

/** The id of the same query, if an earlier attempt at the job has paid for it; else null. */
async function findPaid(
  idPrefix: string,
  { jobId, signal }: SourceRequest,
  deps: BigQueryDependencies,
): Promise<string | null> {
  const { ledger, api } = deps;
  const id = jobId === undefined ? null : await ledger.readSettledQuery(jobId, idPrefix);
  if (id === null) return null;
  const record = await withCallRetries(deps, signal, () => api.fetchJob(id, signal));
  return record?.isDone && !record.failure ? id : null;
}

/** Settles by BigQuery's own record; a query that failed and was not billed is released. */
async function settleReservation(
  ledger: BudgetLedger,
  reservationId: number,
  { failure, bytesProcessed, bytesBilled, slotMillis }: JobRecord,
): Promise<void> {
  if (!failure || bytesBilled > 0) {
    await ledger.settle(reservationId, { bytesProcessed, bytesBilled, slotMillis });
  } else {
    await ledger.release(reservationId, `failed: ${failure.reason}`);
  }
}

/** Labels appear in the bill: https://cloud.google.com/bigquery/docs/adding-labels */
function labelsOf(query: ArchiveQuery, request: SourceRequest): Record<string, string> {
  return {
    app: 'contributor-leaderboard',
    mode: query.mode,
    ...(request.jobId === undefined ? {} : { job: String(request.jobId) }),
  };
}

/** After these failures of a call, the job may still be running. */
const MAY_HAVE_STARTED: readonly FailureKind[] = ['timeout', 'connection', 'backend', 'unknown'];
/** After these failures, the call may still arrive later and start the job. */
const MAY_STILL_START: readonly FailureKind[] = ['timeout', 'connection', 'unknown'];

/**
 * Starts the query. If that fails and the query can't start any more, the reservation is released.
 * If it may still start, the money stays reserved until the lease ends; then
 * `recoverReservations` settles it by BigQuery's own record.
 */
async function startQuery(
  run: Run,
  query: ArchiveQuery,
  limit: number,
  labels: Record<string, string>,
): Promise<void> {
  const { deps, signal, externalJobId } = run;
  const options = { externalJobId, maximumBytesBilled: limit, labels };
  const failed = new Set<FailureKind>();
  const isOneOf = (kinds: readonly FailureKind[]) => kinds.some((kind) => failed.has(kind));
  try {
    await withCallRetries(deps, signal, () =>
      deps.api.start(query, options, signal).catch((error) => {
        failed.add(error instanceof BigQueryFailure ? error.kind : 'unknown');
        throw error;
      }),
    );
  } catch (error) {
    const mayRun = isOneOf(MAY_HAVE_STARTED);
    if (mayRun && (await isThere(run))) return;
    // The money of a query that may run stays reserved, so that it is not spent twice.
    if (!mayRun || (!isOneOf(MAY_STILL_START) && (await isAbsent(run)))) {
      await deps.ledger.release(run.reservationId, `not started: ${String(error)}`);
    }
    throw error;
  }
}

async function isThere({ deps, externalJobId, signal }: Run): Promise<boolean> {
  const record = await deps.api.fetchJob(externalJobId, signal).catch(() => null);
  return record !== null;
}

async function isAbsent({ deps, externalJobId, signal }: Run): Promise<boolean> {
  const record = await deps.api.fetchJob(externalJobId, signal).catch(() => undefined);
  return record === null;
}

/** Number of polls within which a cancelled query must stop. */
const POLLS_AFTER_CANCEL = 10;

/** Waits until the query is done; a query over its time limit is cancelled. */
async function awaitEnd(run: Run): Promise<JobRecord> {
  const { deps, signal, externalJobId } = run;
  const end = deps.clock().getTime() + deps.timeoutMs;
  let pollsLeft = Number.POSITIVE_INFINITY;
  for (;;) {
    const record = await withCallRetries(deps, signal, () =>
      deps.api.fetchJob(externalJobId, signal),
    );
    if (!record) throw new BigQueryFailure('backend', 'notFound', `job ${externalJobId} is gone`);
    if (record.isDone) return record;
    if (pollsLeft-- <= 0) throw new BigQueryFailure('timeout', null, tooLong(deps.timeoutMs));
    if (deps.clock().getTime() >= end && pollsLeft > POLLS_AFTER_CANCEL) {
      await deps.api.cancel(externalJobId, signal).catch(() => {});
      pollsLeft = POLLS_AFTER_CANCEL;
    }
    await delay(deps.pollMs, undefined, { signal });
  }
}

const tooLong = (millis: number) =>
  `the query took longer than ${millis / 1000} s and was cancelled (pipeline.bigquery.timeout_seconds)`;

/** The pages of a job that is done, one in memory at a time. */
export async function* fetchPages(
  externalJobId: string,
  { signal }: SourceRequest,
  deps: BigQueryDependencies,
): AsyncGenerator<ResultPage> {
  let token: string | null = null;
  do {
    const from: string | null = token;
    const page: ResultPage = await withCallRetries(deps, signal, () =>
      deps.api.fetchPage(externalJobId, from, signal),
    );
    yield page;
    token = page.next;
  } while (token !== null);
}

/**
 * Settles the reservations of workers that died, by BigQuery's own record of their jobs: a query
 * that ran is settled, one unknown to BigQuery is released. If BigQuery does not answer, the
 * money stays reserved. A released reservation is also settled if its query ran later. Returns
 * the number of reservations that were settled or released.
 */
export async function recoverReservations(
  deps: BigQueryDependencies,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (const expired of await deps.ledger.readExpired()) {
    if (await recover(expired, deps, signal).catch(() => false)) count++;
  }
  return count;
}

async function recover(
  { reservationId, externalJobId, isReleased }: ExpiredReservation,
  { api, ledger, clock, timeoutMs }: BigQueryDependencies,
  signal: AbortSignal,
): Promise<boolean> {
  const record = externalJobId === null ? null : await api.fetchJob(externalJobId, signal);
  if (isReleased && (!record?.isDone || record.bytesBilled === 0)) return false;
  if (!record) {
    await ledger.release(reservationId, 'its lease ran out, and BigQuery knows no such job');
    return true;
  }
  if (!record.isDone) {
    await ledger.extendLease(reservationId, new Date(clock().getTime() + timeoutMs));
    return false;
  }
  await settleReservation(ledger, reservationId, record);
  return true;
}
