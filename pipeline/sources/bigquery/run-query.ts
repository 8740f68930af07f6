import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { maximumBytesBilled } from '../../domain/budget.ts';
import type { SourceRequest } from '../source.ts';
import { type Books, BudgetExceededError } from './books.ts';
import { BigQueryFailure, type FailureKind, toFailure } from './failure.ts';
import { type ArchiveQuery, queryFingerprint } from './query.ts';
import { withRetries } from './retry.ts';
import type { JobRecord, Warehouse } from './warehouse.ts';

/** Runs a query inside the budget: estimate, reserve, start, wait, settle. */

export interface BigQueryPorts {
  readonly warehouse: Warehouse;
  readonly books: Books;
  /** The real time: money is spent by it, whatever the clock of the run says. */
  readonly clock: () => Date;
  /** Longest that a query may run, in ms. */
  readonly timeoutMs: number;
  /** Between two questions whether it is done, in ms. */
  readonly pollMs: number;
  /** Between two tries of one call, in ms. */
  readonly retryDelaysMs: readonly number[];
}

/**
 * Between reserving and settling lie the start (a call with its retries), the query, and a
 * cancellation: a lease that is longer by so much has lost its worker when it ends.
 */
const LEASE_MARGIN_MS = 15 * 60_000;
/** A cancelled query has so many polls to stop in. */
const POLLS_AFTER_CANCEL = 10;

/**
 * Runs the query and returns its id once it is done and settled. Throws `BudgetExceededError`
 * before anything is spent, and `BigQueryFailure` with the books closed or left to recovery.
 */
export async function runQuery(
  query: ArchiveQuery,
  request: SourceRequest,
  ports: BigQueryPorts,
): Promise<string> {
  const { warehouse, books, clock } = ports;
  const { signal } = request;
  const idPrefix = `leaderboard_${queryFingerprint(query)}_`;
  const paid = await findPaid(idPrefix, request, ports);
  if (paid) return paid;
  const bytesEstimated = await withRetries(ports.retryDelaysMs, signal, () =>
    warehouse.estimate(query, signal),
  );
  const externalJobId = `${idPrefix}${randomUUID()}`;
  const limit = maximumBytesBilled(bytesEstimated, query.tableCount);
  const booking = await books.reserve({
    jobId: request.jobId ?? null,
    externalJobId,
    bytesEstimated,
    maximumBytesBilled: limit,
    repositoryIds: request.repositories.map(({ id }) => id),
    leaseUntil: new Date(clock().getTime() + ports.timeoutMs + LEASE_MARGIN_MS),
  });
  if ('shortage' in booking) throw new BudgetExceededError(booking.shortage);
  const run: Run = { externalJobId, reservationId: booking.reservationId, ports, signal };
  await start(run, query, limit, labelsOf(query, request));
  const record = await awaitEnd(run);
  await closeBooks(books, run.reservationId, record);
  if (record.failure)
    throw toFailure({ message: record.failure.message, errors: [record.failure] });
  return externalJobId;
}

/** An earlier attempt at the job may have run the query and died while it read the rows. */
async function findPaid(
  idPrefix: string,
  { jobId, signal }: SourceRequest,
  { books, warehouse, retryDelaysMs }: BigQueryPorts,
): Promise<string | null> {
  const id = jobId === undefined ? null : await books.findSettled(jobId, idPrefix);
  if (id === null) return null;
  const record = await withRetries(retryDelaysMs, signal, () => warehouse.inspect(id, signal));
  return record?.isDone && !record.failure ? id : null;
}

interface Run {
  readonly externalJobId: string;
  readonly reservationId: number;
  readonly ports: BigQueryPorts;
  readonly signal: AbortSignal;
}

/** After these, the job may run although the call failed. */
const MAY_HAVE_STARTED: readonly FailureKind[] = ['timeout', 'connection', 'backend', 'unknown'];

async function start(
  run: Run,
  query: ArchiveQuery,
  limit: number,
  labels: Record<string, string>,
): Promise<void> {
  const { ports, signal, externalJobId } = run;
  const options = { externalJobId, maximumBytesBilled: limit, labels };
  let mayRun = false;
  try {
    await withRetries(ports.retryDelaysMs, signal, () =>
      ports.warehouse.start(query, options, signal).catch((error) => {
        mayRun ||= !(error instanceof BigQueryFailure) || MAY_HAVE_STARTED.includes(error.kind);
        throw error;
      }),
    );
  } catch (error) {
    // What may run stays reserved: better to hold money back than to spend it twice.
    if (mayRun && (await isThere(run))) return;
    if (!mayRun || (await isAbsent(run))) {
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

/** Waits until the query is done; one that takes too long is cancelled. */
async function awaitEnd(run: Run): Promise<JobRecord> {
  const { ports, signal, externalJobId } = run;
  const end = ports.clock().getTime() + ports.timeoutMs;
  let pollsLeft = Number.POSITIVE_INFINITY;
  for (;;) {
    const record = await withRetries(ports.retryDelaysMs, signal, () =>
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

/** Settles by BigQuery's own record. A query that failed is not billed; one that was is settled. */
export async function closeBooks(
  books: Books,
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
