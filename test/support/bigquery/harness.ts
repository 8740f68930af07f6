import { afterAll, beforeAll } from 'vitest';
import type { BookingRequest, Books } from '../../../pipeline/sources/bigquery/books.ts';
import { type BigQuerySettings, openWarehouse } from '../../../pipeline/sources/bigquery/client.ts';
import type { BigQueryPorts } from '../../../pipeline/sources/bigquery/ports.ts';
import type { Warehouse } from '../../../pipeline/sources/bigquery/warehouse.ts';
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
): Warehouse {
  return openWarehouse({
    credentials: externalAccountKey(local),
    project: 'test-project',
    location: 'US',
    apiEndpoint: local.url,
    callTimeoutMs: 60_000,
    clientRetries: 0,
    ...settings,
  });
}

/** Ports with short waits; without books of one's own, everything fits. */
export function portsTo(local: LocalBigQuery, ports: Partial<BigQueryPorts> = {}): BigQueryPorts {
  return {
    warehouse: connectTo(local),
    books: createOpenBooks(),
    clock: () => new Date(),
    timeoutMs: 10_000,
    pollMs: 5,
    retryDelaysMs: [1, 1, 1],
    ...ports,
  };
}

/** Books that refuse nothing and log every call. */
export function createOpenBooks(): Books & { readonly log: unknown[] } {
  const log: unknown[] = [];
  return {
    log,
    reserve: async (request: BookingRequest) => {
      log.push(['reserve', request.bytesEstimated, request.maximumBytesBilled]);
      return { reservationId: 1 };
    },
    settle: async (_id, usage) => void log.push(['settle', usage]),
    release: async (_id, reason) => void log.push(['release', reason]),
    findSettled: async () => null,
    extendLease: async () => void log.push(['extend']),
    listExpired: async () => [],
  };
}
