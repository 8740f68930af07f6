import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBigQuerySource } from '../../../../pipeline/sources/bigquery/index.ts';
import { archiveEvent } from '../../../support/archive-events.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import { depsFor, useLocalBigQuery } from '../../../support/bigquery/harness.ts';
import { collect, requestFor } from '../../../support/bigquery/requests.ts';
import type { RecordedRequest } from '../../../support/bigquery/server.ts';
import { mutate, mutation, WRONG_BODIES } from '../../../support/mutations.ts';
import { runs } from '../../../support/runs.ts';

/** Answers of BigQuery that are not as agreed, read by the client that users run. */
const REQUESTS: Readonly<Record<string, (request: RecordedRequest) => boolean>> = {
  'the dry run': ({ body }) => body?.configuration?.dryRun === true,
  'the start': ({ method, path, body }) =>
    method === 'POST' && path.endsWith('/jobs') && !body.configuration.dryRun,
  'the state': ({ method, path }) => method === 'GET' && path.includes('/jobs/'),
  'the rows': ({ method, path }) => method === 'GET' && path.includes('/queries/'),
};

describe('an answer of BigQuery', () => {
  const bigquery = useLocalBigQuery();
  const issue = { number: 3, user: { id: 7, login: 'ada', type: 'User' } };
  const payload = { action: 'opened', issue };
  const event = archiveEvent({ type: 'IssuesEvent', payload, created_at: '2024-03-01T10:00:00Z' });

  beforeAll(() => {
    for (const [name, table] of archiveTables([event])) bigquery.local.tables.set(name, table);
  });
  afterEach(() => bigquery.local.reset());

  /** Reads a day while one kind of answer is changed. */
  async function read(name: string, change: (answer: string) => string) {
    bigquery.local.reset();
    const when = REQUESTS[name] as (request: RecordedRequest) => boolean;
    bigquery.local.faults.push({ when, change, times: 100 });
    const deps = depsFor(bigquery.local, { retryDelaysMs: [1], timeoutMs: 2_000 });
    const source = createBigQuerySource(deps, { payload: true, checksHours: true });
    const request = requestFor(['acme/tool'], '2024-03-01T00:00:00Z', '2024-03-02T00:00:00Z');
    return collect(source(request)).then(
      (batches) => ({ batches, error: null }),
      (error) => ({ batches: [], error }),
    );
  }

  function expectSound({ batches, error }: Awaited<ReturnType<typeof read>>): void {
    for (const { read: given, kept, skipped } of batches) {
      expect(given).toBe(kept + Object.values(skipped).reduce((sum, count) => sum + count, 0));
    }
    if (error === null) return;
    expect(error).toBeInstanceOf(Error);
    expect(error.name, error.stack).not.toMatch(/^(?:Type|Range|Syntax|Zod)Error$/);
  }

  const withoutJob = (answer: string) => {
    const { jobReference: _, ...rest } = JSON.parse(answer);
    return JSON.stringify(rest);
  };

  it('may name no job: an estimate fails, and of a query that runs the rows are read', async () => {
    const { error } = await read('the dry run', withoutJob);
    expect(error?.message).toMatch(/^BigQuery's answer is not as agreed/);
    const started = await read('the start', withoutJob);
    expect(started.error).toBeNull();
    expect(started.batches.flatMap(({ contributions }) => contributions)).toHaveLength(1);
  });

  it('may be none', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...([fc.constantFrom(...Object.keys(REQUESTS)), fc.constantFrom(...WRONG_BODIES)] as const),
        async (name, body) => expectSound(await read(name, () => body)),
      ),
      runs(12),
    );
  });

  it('may be changed in any place', async () => {
    const changes = fc.array(mutation, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        ...([fc.constantFrom(...Object.keys(REQUESTS)), changes] as const),
        async (name, mutations) => {
          const result = await read(name, (answer) => {
            const document = JSON.parse(answer);
            for (const one of mutations) mutate(document, one);
            return JSON.stringify(document);
          });
          expectSound(result);
        },
      ),
      runs(12),
    );
  });
});
