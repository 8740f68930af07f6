import { randomUUID } from 'node:crypto';
import { maximumBytesBilled } from '../../domain/budget.ts';
import type { SourceRequest } from '../../domain/source.ts';
import { awaitEnd } from './await-end.ts';
import { type Books, BudgetExceededError } from './books.ts';
import { toFailure } from './errors.ts';
import type { BigQueryPorts, Run } from './ports.ts';
import { type ArchiveQuery, queryFingerprint } from './query.ts';
import { withRetries } from './retry.ts';
import { startQuery } from './start-query.ts';
import type { JobRecord } from './warehouse.ts';

/** Runs a query inside the budget: estimate, reserve, start, wait, settle. */

/**
 * Between reserving and settling lie the start (a call with its retries), the query, and a
 * cancellation: a lease that is longer by so much has lost its worker when it ends.
 */
const LEASE_MARGIN_MS = 15 * 60_000;

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
  const { warehouse, books, clock } = ports;
  const { signal } = request;
  const idPrefix = `leaderboard_${queryFingerprint(query)}_`;
  const paid = await findPaid(idPrefix, request, ports);
  if (paid) return { run: async () => paid, extend: async () => {}, abandon: async () => {} };
  const bytesEstimated = await withRetries(ports.retryDelaysMs, signal, () =>
    warehouse.estimate(query, signal),
  );
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
  { books, warehouse, retryDelaysMs }: BigQueryPorts,
): Promise<string | null> {
  const id = jobId === undefined ? null : await books.findSettled(jobId, idPrefix);
  if (id === null) return null;
  const record = await withRetries(retryDelaysMs, signal, () => warehouse.inspect(id, signal));
  return record?.isDone && !record.failure ? id : null;
}

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
