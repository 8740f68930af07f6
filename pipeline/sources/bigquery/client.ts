import { setTimeout as delay } from 'node:timers/promises';
import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { z } from 'zod';
import type { BilledUsage } from '../../domain/budget.ts';
import { createAuthClient, createEmulatorAuth, type GoogleKey } from './credentials.ts';
import { BigQueryFailure, toFailure } from './errors.ts';
import type { ArchiveQuery } from './query.ts';

/** The calls to BigQuery that this source makes. */
export interface BigQueryApi {
  /** Bytes that the query would process: a dry run, which costs nothing. */
  estimate(query: ArchiveQuery, signal: AbortSignal): Promise<number>;
  /** Starts the query under an id that we choose; a second start with the same id has no effect. */
  start(query: ArchiveQuery, options: StartOptions, signal: AbortSignal): Promise<void>;
  /** BigQuery's record of a job; null if BigQuery does not know it. */
  fetchJob(externalJobId: string, signal: AbortSignal): Promise<JobRecord | null>;
  /** Asks a job to stop. The bytes that it has read by then may be billed. */
  cancel(externalJobId: string, signal: AbortSignal): Promise<void>;
  /** One page of the rows of a job that is done. */
  fetchPage(externalJobId: string, page: string | null, signal: AbortSignal): Promise<ResultPage>;
}

export interface StartOptions {
  readonly externalJobId: string;
  /** A query that would read more than this fails and is not billed. */
  readonly maximumBytesBilled: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** BigQuery's own record of a job; a reservation is settled by it. */
export interface JobRecord extends BilledUsage {
  readonly isDone: boolean;
  /** The reason of a failure; null while the job runs and when it succeeded. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
}

export interface ResultPage {
  readonly rows: readonly unknown[];
  readonly totalRows: number;
  /** Token of the next page; null after the last page. */
  readonly next: string | null;
}

export interface BigQuerySettings {
  /** null: Application Default Credentials. */
  readonly credentials: GoogleKey | null;
  /** The project that pays; null: the project of the credentials. */
  readonly project: string | null;
  /** The location where queries run; GH Archive is stored in `US`. */
  readonly location: string;
  /** `http://host:port` of an emulator, which needs no credentials. */
  readonly emulatorHost?: string | null;
  /** Another address of Google's API, with authentication. */
  readonly apiEndpoint?: string;
  /** Time limit of one call, with the client's own retries, in ms. */
  readonly callTimeoutMs?: number;
  /** Retries of the client itself (5xx, 429, dropped sockets). */
  readonly clientRetries?: number;
}

/** A call only starts a job or fetches its state or a page; it does not wait for the query. */
const CALL_TIMEOUT_MS = 90_000;

/** Opens BigQuery. Nothing is sent before the first call. */
export function openBigQueryApi(settings: BigQuerySettings): BigQueryApi {
  const client = createClient(settings);
  const call = <T>(what: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> =>
    withDeadline(run, settings.callTimeoutMs ?? CALL_TIMEOUT_MS, signal, what).catch((error) => {
      throw signal.aborted ? error : toFailure(error);
    });
  const { location } = settings;
  const job = (id: string) => client.job(id, { location });
  return {
    estimate: (query, signal) => call('a dry run', signal, () => estimate(client, location, query)),
    start: (query, options, signal) =>
      call('the start of a query', signal, () => start(client, location, query, options)),
    fetchJob: (id, signal) =>
      call('a question for a job', signal, async () =>
        toRecord((await job(id).getMetadata())[0]),
      ).catch(nullIfNotFound),
    cancel: (id, signal) =>
      call('a cancellation', signal, async () => void (await job(id).cancel())),
    fetchPage: (id, page, signal) =>
      call('a question for rows', signal, () => fetchPage(job(id), page)),
  };
}

function createClient(settings: BigQuerySettings): BigQuery {
  const { emulatorHost, apiEndpoint, project, location } = settings;
  const retries = settings.clientRetries;
  const auth = emulatorHost ? createEmulatorAuth() : createAuthClient(settings.credentials);
  const endpoint = emulatorHost ? new URL(emulatorHost).origin : apiEndpoint;
  const client = new BigQuery({
    location,
    ...(project ? { projectId: project } : {}),
    ...(endpoint ? { apiEndpoint: endpoint } : {}),
    // The client has an older copy of the types of the same auth library.
    ...(auth ? { authClient: auth as unknown as NonNullable<BigQueryOptions['authClient']> } : {}),
    ...(retries === undefined
      ? {}
      : { retryOptions: { autoRetry: retries > 0, maxRetries: retries } }),
  });
  refuseUnusableAnswers(client);
  // The client uses BIGQUERY_EMULATOR_HOST as the complete base address, with its path.
  if (endpoint) client.baseUrl = `${endpoint}/bigquery/v2`;
  return client;
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof BigQueryFailure && error.reason === 'notFound') return null;
  throw error;
}

/**
 * Makes a call and waits for at most `millis`, because some answers leave the client's promise
 * pending. Throws a `timeout` failure after that time, and the signal's reason when it aborts.
 * If the signal has already aborted, no call is made.
 */
async function withDeadline<T>(
  call: () => Promise<T>,
  millis: number,
  signal: AbortSignal,
  what: string,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const timer = expiry(millis, AbortSignal.any([signal, over.signal]), what);
  try {
    return await Promise.race([call(), timer]);
  } finally {
    over.abort();
    timer.catch(() => {});
  }
}

async function expiry(millis: number, signal: AbortSignal, what: string): Promise<never> {
  try {
    await delay(millis, undefined, { signal });
  } catch {
    throw signal.reason;
  }
  throw new BigQueryFailure('timeout', null, `BigQuery did not answer ${what} in ${millis} ms`);
}

/**
 * Turns answers that the client can't handle into errors: one to `jobs.insert` without a status,
 * and any of which a part is missing that the client looks into. Otherwise its promise stays
 * pending, and the error ends the process.
 */
function refuseUnusableAnswers(client: BigQuery): void {
  const send = client.request.bind(client) as Send;
  const checked: Send = (options, callback) => {
    if (!callback) return send(options, callback);
    return send(options, (error, answer, response) => {
      const isComplete = Boolean(error) || options.uri !== '/jobs' || answer?.status !== undefined;
      const refuse = (cause: unknown) => callback(unusableAnswer(cause), answer, response);
      try {
        const handled = callback(isComplete ? error : emptyAnswer(), answer, response);
        // The client's own callbacks are async functions in places.
        if (handled instanceof Promise) handled.catch(refuse);
      } catch (cause) {
        refuse(cause);
      }
    });
  };
  client.request = checked as BigQuery['request'];
}

const unusableAnswer = (cause: unknown) =>
  new BigQueryFailure('backend', null, `BigQuery's answer is not as agreed: ${cause}`);

type Send = (options: { readonly uri: string }, callback?: OnAnswer) => unknown;
type OnAnswer = (error: Error | null, answer: JobAnswer, response: unknown) => unknown;
type JobAnswer = { readonly status?: unknown } | undefined;

function emptyAnswer(): BigQueryFailure {
  return new BigQueryFailure('backend', null, 'BigQuery answered without saying what became of it');
}

/** Rows of a page: some megabytes at the most. BigQuery itself stops a page at 20 MB. */
const PAGE_ROWS = 5_000;

async function estimate(
  client: BigQuery,
  location: string,
  { sql, params, types }: ArchiveQuery,
): Promise<number> {
  const options = { query: sql, params, types: { ...types }, location, dryRun: true };
  const [job] = await client.createQueryJob(
    options as Parameters<BigQuery['createQueryJob']>[0] & object,
  );
  return dryRunSchema.parse(job.metadata).statistics.totalBytesProcessed;
}

async function start(
  client: BigQuery,
  location: string,
  { sql, params, types }: ArchiveQuery,
  { externalJobId, maximumBytesBilled, labels }: StartOptions,
): Promise<void> {
  const options = {
    query: sql,
    params,
    types: { ...types },
    location,
    jobId: externalJobId,
    maximumBytesBilled: String(maximumBytesBilled),
    labels,
  };
  try {
    await client.createQueryJob(options as Parameters<BigQuery['createQueryJob']>[0] & object);
  } catch (error) {
    // The first call started the job, but its answer was lost: the existing job is ours.
    if (toFailure(error).reason !== 'duplicate') throw error;
  }
}

async function fetchPage(
  job: ReturnType<BigQuery['job']>,
  page: string | null,
): Promise<ResultPage> {
  const [rows, , answer] = await job.getQueryResults({
    autoPaginate: false,
    maxResults: PAGE_ROWS,
    ...(page ? { pageToken: page } : {}),
  });
  const { jobComplete, totalRows, pageToken } = pageSchema.parse(answer);
  // An unfinished job would look like a job without rows.
  if (!jobComplete) throw new BigQueryFailure('backend', null, 'the job is not done any more');
  return { rows, totalRows, next: pageToken ?? null };
}

/** The API sends counts as strings. */
const bytes = z.coerce.number().int().nonnegative();

const dryRunSchema = z.object({ statistics: z.object({ totalBytesProcessed: bytes }) });

const pageSchema = z.object({
  jobComplete: z.boolean(),
  totalRows: bytes.default(0),
  pageToken: z.string().nullish(),
});

const jobSchema = z.object({
  status: z.object({
    state: z.string(),
    errorResult: z
      .object({ reason: z.string().default('unknown'), message: z.string().default('') })
      .nullish(),
  }),
  statistics: z
    .object({
      query: z
        .object({
          totalBytesProcessed: bytes.default(0),
          totalBytesBilled: bytes.default(0),
          totalSlotMs: bytes.default(0),
        })
        .nullish(),
    })
    .nullish(),
});

function toRecord(metadata: unknown): JobRecord {
  const { status, statistics } = jobSchema.parse(metadata);
  return {
    isDone: status.state === 'DONE',
    failure: status.errorResult ?? null,
    bytesProcessed: statistics?.query?.totalBytesProcessed ?? 0,
    bytesBilled: statistics?.query?.totalBytesBilled ?? 0,
    slotMillis: statistics?.query?.totalSlotMs ?? 0,
  };
}
