import { afterAll, beforeAll } from 'vitest';
import type { BudgetLedger, ReservationRequest } from '../../../pipeline/domain/budget.ts';
import {
  type BigQueryApi,
  type BigQuerySettings,
  openBigQueryApi,
} from '../../../pipeline/sources/bigquery/client.ts';
import type { BigQueryDependencies } from '../../../pipeline/sources/bigquery/job.ts';
import { externalAccountKey } from './keys.ts';
import { LocalBigQuery } from './server.ts';
import { SqlEngine } from './sql-engine.ts';

/** A local BigQuery for the tests of a file, started before the first and stopped after the last. */
export function useLocalBigQuery(): { readonly local: LocalBigQuery } {
  let engine: SqlEngine | null = null;
  let local: LocalBigQuery | null = null;
  beforeAll(async () => {
    engine = await SqlEngine.start();
    local = await LocalBigQuery.start(engine);
  });
  afterAll(async () => {
    await local?.stop();
    engine?.stop();
  });
  return {
    get local() {
      if (!local) throw new Error('BigQuery is there from beforeAll on');
      return local;
    },
  };
}

/** The real client, talking to a local BigQuery with a federated credential. */
export function connectTo(
  local: LocalBigQuery,
  settings: Partial<BigQuerySettings> = {},
): BigQueryApi {
  return openBigQueryApi({
    credentials: externalAccountKey(local),
    project: 'test-project',
    location: 'US',
    apiEndpoint: local.url,
    callTimeoutMs: 60_000,
    clientRetries: 0,
    ...settings,
  });
}

/** Dependencies with short waits; the default ledger admits every query. */
export function depsFor(
  local: LocalBigQuery,
  deps: Partial<BigQueryDependencies> = {},
): BigQueryDependencies {
  return {
    api: connectTo(local),
    ledger: createOpenLedger(),
    clock: () => new Date(),
    timeoutMs: 10_000,
    pollMs: 5,
    retryDelaysMs: [1, 1, 1],
    ...deps,
  };
}

/** A ledger that rejects nothing and records each call. */
export function createOpenLedger(): BudgetLedger & { readonly log: unknown[] } {
  const log: unknown[] = [];
  return {
    log,
    reserve: async (request: ReservationRequest) => {
      log.push(['reserve', request.bytesEstimated, request.maximumBytesBilled]);
      return { reservationId: 1 };
    },
    settle: async (_id, usage) => void log.push(['settle', usage]),
    release: async (_id, reason) => void log.push(['release', reason]),
    readSettledQuery: async () => null,
    extendLease: async () => void log.push(['extend']),
    readExpired: async () => [],
  };
}
