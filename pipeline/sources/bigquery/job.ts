import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BudgetLedger,
  type ExpiredReservation,
  maximumBytesBilled,
} from '../../domain/budget.ts';
import type { SourceRequest } from '../../domain/source.ts';
import { withRetries } from '../../util/retry.ts';
import type { JobRecord, ResultPage, Warehouse } from './client.ts';
import {
  BigQueryFailure,
  BudgetExceededError,
  type FailureKind,
  isTransient,
  toFailure,
} from './errors.ts';
import { type ArchiveQuery, buildArchiveQuery, queryFingerprint } from './query.ts';

/** Runs a query inside the budget: estimate, reserve, start, wait, settle. */

/** What the source is given: BigQuery, the books, the time. */
export interface BigQueryPorts {
  readonly warehouse: Warehouse;
  readonly books: BudgetLedger;
  /** The real time: money is spent by it, whatever the clock of the run says. */
  readonly clock: () => Date;
  /** Longest that a query may run, in ms. */
  readonly timeoutMs: number;
  /** Between two questions whether it is done, in ms. */
  readonly pollMs: number;
  /** Between two tries of one call, in ms. */
  readonly retryDelaysMs: readonly number[];
}

/** A query that money is reserved for. */
interface Run {
  readonly externalJobId: string;
  readonly reservationId: number;
  readonly ports: BigQueryPorts;
  readonly signal: AbortSignal;
}

/**
 * Between reserving and settling lie the start (a call with its retries), the query, and a
 * cancellation: a lease that is longer by so much has lost its worker when it ends.
 */
const LEASE_MARGIN_MS = 15 * 60_000;

/** Waits between tries of one call, in ms. Rate limits are counted over 100 s at the most. */
export const CALL_RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000, 20_000];

type Retries = Pick<BigQueryPorts, 'retryDelaysMs'>;

/** Makes one call to BigQuery, and makes it again where a short wait may help. */
function withCallRetries<T>(
  { retryDelaysMs: delaysMs }: Retries,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  return withRetries(call, { delaysMs, isTransient }, signal);
}

/**
 * The bytes of a window by dry runs, which cost nothing: those of the query for its events with
 * the most that the query for its hours may be billed, or those of the cheap mode.
 */
export async function estimateWindow(
  request: Pick<SourceRequest, 'repositories' | 'window' | 'signal'>,
  { payload }: { readonly payload: boolean },
  ports: Pick<BigQueryPorts, 'warehouse'> & Retries,
): Promise<number> {
  const dryRun = (query: ArchiveQuery) => estimate(query, request.signal, ports);
  if (!payload) return dryRun(buildArchiveQuery(request, 'activity'));
  const hours = buildArchiveQuery(request, 'hours');
  const hoursAtMost = maximumBytesBilled(await dryRun(hours), hours.tableCount);
  return hoursAtMost + (await dryRun(buildArchiveQuery(request, 'events')));
}

function estimate(
  query: ArchiveQuery,
  signal: AbortSignal,
  ports: Pick<BigQueryPorts, 'warehouse'> & Retries,
): Promise<number> {
  return withCallRetries(ports, signal, () => ports.warehouse.estimate(query, signal));
}

/** A query that money is set aside for, or that was paid for already. */
export interface PreparedQuery {
  /**
   * Runs it and returns its id once it is done and settled. Throws `BigQueryFailure` with the
   * books closed or left to recovery.
   */
  run(): Promise<string>;
  /** Holds the money for as long again. */
  extend(): Promise<void>;
  /** Gives the money back: it will not be run. */
  abandon(): Promise<void>;
}

/** Runs a query at once. Throws as `prepareQuery` and its `run` do. */
export async function runQuery(
  query: ArchiveQuery,
  request: SourceRequest,
  ports: BigQueryPorts,
): Promise<string> {
  return (await prepareQuery(query, request, ports)).run();
}

/** Sets the money for a query aside. Throws `BudgetExceededError` where there is not enough. */
export async function prepareQuery(
  query: ArchiveQuery,
  request: SourceRequest,
  ports: BigQueryPorts,
): Promise<PreparedQuery> {
  const { books, clock } = ports;
  const { signal } = request;
  const idPrefix = `leaderboard_${queryFingerprint(query)}_`;
  const paid = await findPaid(idPrefix, request, ports);
  if (paid) return { run: async () => paid, extend: async () => {}, abandon: async () => {} };
  const bytesEstimated = await estimate(query, signal, ports);
  const leaseEnd = () => new Date(clock().getTime() + ports.timeoutMs + LEASE_MARGIN_MS);
  const externalJobId = `${idPrefix}${randomUUID()}`;
  const limit = maximumBytesBilled(bytesEstimated, query.tableCount);
  const booking = await books.reserve({
    jobId: request.jobId ?? null,
    externalJobId,
    bytesEstimated,
    maximumBytesBilled: limit,
    repositoryIds: request.repositories.map(({ id }) => id),
    leaseUntil: leaseEnd(),
  });
  if ('shortage' in booking) throw new BudgetExceededError(booking.shortage);
  const { reservationId } = booking;
  const run: Run = { externalJobId, reservationId, ports, signal };
  return {
    run: () => runPrepared(run, query, limit, labelsOf(query, request)),
    extend: () => books.extendLease(reservationId, leaseEnd()),
    abandon: () => books.release(reservationId, 'not started: the query before it failed'),
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
  await closeBooks(run.ports.books, run.reservationId, record);
  if (record.failure)
    throw toFailure({ message: record.failure.message, errors: [record.failure] });
  return run.externalJobId;
}

/** An earlier attempt at the job may have run the query and died while it read the rows. */
async function findPaid(
  idPrefix: string,
  { jobId, signal }: SourceRequest,
  ports: BigQueryPorts,
): Promise<string | null> {
  const { books, warehouse } = ports;
  const id = jobId === undefined ? null : await books.readSettledQuery(jobId, idPrefix);
  if (id === null) return null;
  const record = await withCallRetries(ports, signal, () => warehouse.inspect(id, signal));
  return record?.isDone && !record.failure ? id : null;
}

/** Settles by BigQuery's own record. A query that failed is not billed; one that was is settled. */
async function closeBooks(
  books: BudgetLedger,
  reservationId: number,
  { failure, bytesProcessed, bytesBilled, slotMillis }: JobRecord,
): Promise<void> {
  if (!failure || bytesBilled > 0) {
    await books.settle(reservationId, { bytesProcessed, bytesBilled, slotMillis });
  } else {
    await books.release(reservationId, `failed: ${failure.reason}`);
  }
}

/** Labels show in the bill: https://cloud.google.com/bigquery/docs/adding-labels */
function labelsOf(query: ArchiveQuery, request: SourceRequest): Record<string, string> {
  return {
    app: 'contributor-leaderboard',
    mode: query.mode,
    ...(request.jobId === undefined ? {} : { job: String(request.jobId) }),
  };
}

/** After these, the job may run although the call failed. */
const MAY_HAVE_STARTED: readonly FailureKind[] = ['timeout', 'connection', 'backend', 'unknown'];
/** After these, the call may still arrive and start the job, although BigQuery has none yet. */
const MAY_STILL_START: readonly FailureKind[] = ['timeout', 'connection', 'unknown'];

/**
 * Starts the query, or gives the reservation back where it surely never starts. Elsewhere the
 * money stays reserved until its lease ends and BigQuery's own record decides (`recoverReservations`).
 */
async function startQuery(
  run: Run,
  query: ArchiveQuery,
  limit: number,
  labels: Record<string, string>,
): Promise<void> {
  const { ports, signal, externalJobId } = run;
  const options = { externalJobId, maximumBytesBilled: limit, labels };
  const failed = new Set<FailureKind>();
  const isOneOf = (kinds: readonly FailureKind[]) => kinds.some((kind) => failed.has(kind));
  try {
    await withCallRetries(ports, signal, () =>
      ports.warehouse.start(query, options, signal).catch((error) => {
        failed.add(error instanceof BigQueryFailure ? error.kind : 'unknown');
        throw error;
      }),
    );
  } catch (error) {
    const mayRun = isOneOf(MAY_HAVE_STARTED);
    if (mayRun && (await isThere(run))) return;
    // What may run stays reserved: better to hold money back than to spend it twice.
    if (!mayRun || (!isOneOf(MAY_STILL_START) && (await isAbsent(run)))) {
      await ports.books.release(run.reservationId, `not started: ${String(error)}`);
    }
    throw error;
  }
}

async function isThere({ ports, externalJobId, signal }: Run): Promise<boolean> {
  const record = await ports.warehouse.inspect(externalJobId, signal).catch(() => null);
  return record !== null;
}

async function isAbsent({ ports, externalJobId, signal }: Run): Promise<boolean> {
  const record = await ports.warehouse.inspect(externalJobId, signal).catch(() => undefined);
  return record === null;
}

/** A cancelled query has so many polls to stop in. */
const POLLS_AFTER_CANCEL = 10;

/** Waits until the query is done; one that takes too long is cancelled. */
async function awaitEnd(run: Run): Promise<JobRecord> {
  const { ports, signal, externalJobId } = run;
  const end = ports.clock().getTime() + ports.timeoutMs;
  let pollsLeft = Number.POSITIVE_INFINITY;
  for (;;) {
    const record = await withCallRetries(ports, signal, () =>
      ports.warehouse.inspect(externalJobId, signal),
    );
    if (!record) throw new BigQueryFailure('backend', 'notFound', `job ${externalJobId} is gone`);
    if (record.isDone) return record;
    if (pollsLeft-- <= 0) throw new BigQueryFailure('timeout', null, tooLong(ports.timeoutMs));
    if (ports.clock().getTime() >= end && pollsLeft > POLLS_AFTER_CANCEL) {
      await ports.warehouse.cancel(externalJobId, signal).catch(() => {});
      pollsLeft = POLLS_AFTER_CANCEL;
    }
    await delay(ports.pollMs, undefined, { signal });
  }
}

const tooLong = (millis: number) =>
  `the query took longer than ${millis / 1000} s and was cancelled (pipeline.bigquery.timeout_seconds)`;

/** The pages of a job that is done, one in memory at a time. */
export async function* readPages(
  externalJobId: string,
  { signal }: SourceRequest,
  ports: BigQueryPorts,
): AsyncGenerator<ResultPage> {
  let token: string | null = null;
  do {
    const from: string | null = token;
    const page: ResultPage = await withCallRetries(ports, signal, () =>
      ports.warehouse.readPage(externalJobId, from, signal),
    );
    yield page;
    token = page.next;
  } while (token !== null);
}

/**
 * Closes the books of workers that died between reserving and settling, by BigQuery's own
 * record of their jobs: settled if the query ran, given back if it never did. What cannot be
 * asked for now stays reserved. What was given back but ran all the same is settled, too. Returns
 * how many were closed.
 */
export async function recoverReservations(
  ports: BigQueryPorts,
  signal: AbortSignal,
): Promise<number> {
  let closed = 0;
  for (const expired of await ports.books.readExpired()) {
    if (await recover(expired, ports, signal).catch(() => false)) closed++;
  }
  return closed;
}

async function recover(
  { reservationId, externalJobId, isReleased }: ExpiredReservation,
  { warehouse, books, clock, timeoutMs }: BigQueryPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const record = externalJobId === null ? null : await warehouse.inspect(externalJobId, signal);
  if (isReleased && (!record?.isDone || record.bytesBilled === 0)) return false;
  if (!record) {
    await books.release(reservationId, 'its lease ran out, and BigQuery knows no such job');
    return true;
  }
  if (!record.isDone) {
    await books.extendLease(reservationId, new Date(clock().getTime() + timeoutMs));
    return false;
  }
  await closeBooks(books, reservationId, record);
  return true;
}
