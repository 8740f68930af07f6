import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { estimate, readPage, start, toRecord } from './calls.ts';
import { createAuthClient, createEmulatorAuth, type GoogleKey } from './credentials.ts';
import { withDeadline } from './deadline.ts';
import { BigQueryFailure, toFailure } from './errors.ts';
import { refuseEmptyAnswers } from './refuse-empty-answers.ts';
import type { Warehouse } from './warehouse.ts';

export interface BigQuerySettings {
  /** null: Application Default Credentials. */
  readonly credentials: GoogleKey | null;
  /** The project that pays; null: as the credentials say. */
  readonly project: string | null;
  /** Where queries run; GH Archive lies in `US`. */
  readonly location: string;
  /** `http://host:port` of an emulator, which needs no credentials. */
  readonly emulatorHost?: string | null;
  /** Another address of Google's API, with authentication. */
  readonly apiEndpoint?: string;
  /** Longest that one call may take with the client's own retries, in ms. */
  readonly callTimeoutMs?: number;
  /** Retries of the client itself (5xx, 429, dropped sockets). */
  readonly clientRetries?: number;
}

/** A call is small (a job is started, asked for, paged); the query's own time is not in it. */
const CALL_TIMEOUT_MS = 90_000;

/** Opens BigQuery. Nothing is sent before the first call. */
export function openWarehouse(settings: BigQuerySettings): Warehouse {
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
    inspect: (id, signal) =>
      call('a question for a job', signal, async () =>
        toRecord((await job(id).getMetadata())[0]),
      ).catch(nullIfNotFound),
    cancel: (id, signal) =>
      call('a cancellation', signal, async () => void (await job(id).cancel())),
    readPage: (id, page, signal) =>
      call('a question for rows', signal, () => readPage(job(id), page)),
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
    // The client is built with an older copy of the same auth library's types.
    ...(auth ? { authClient: auth as unknown as NonNullable<BigQueryOptions['authClient']> } : {}),
    ...(retries === undefined
      ? {}
      : { retryOptions: { autoRetry: retries > 0, maxRetries: retries } }),
  });
  refuseEmptyAnswers(client);
  // The client takes BIGQUERY_EMULATOR_HOST for the whole base, path and all.
  if (endpoint) client.baseUrl = `${endpoint}/bigquery/v2`;
  return client;
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof BigQueryFailure && error.reason === 'notFound') return null;
  throw error;
}
