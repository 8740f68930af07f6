import { afterEach, describe, expect, it } from 'vitest';
import { connectTo, useLocalBigQuery } from '../../../support/bigquery/harness.ts';

describe('the client of BigQuery', () => {
  const bigquery = useLocalBigQuery();
  afterEach(() => bigquery.local.reset());

  it('sends nothing for a run that was stopped', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    const query = { mode: 'hours', sql: 'SELECT 1', params: {}, types: {}, tableCount: 1 } as const;
    const options = { externalJobId: 'a', maximumBytesBilled: 1, labels: {} };
    const api = connectTo(bigquery.local);
    await expect(api.start(query, options, signal)).rejects.toThrow('stopped');
    await expect(api.estimate(query, signal)).rejects.toThrow('stopped');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bigquery.local.requests).toEqual([]);
  });
});
