import { describe, expect, inject, it } from 'vitest';
import { createServerDatabase } from '../support/databases.ts';
import { endConnections } from '../support/lost-connections.ts';

/** `npm run soak` tries more of them, and restarts of the server. */
const SEEDS = [1, 2, 3, 4, 5];

describe.runIf(inject('postgresUrl'))('the pipeline, when connections end', () => {
  it(`gives the same tables (seeds ${SEEDS})`, async () => {
    const { failed, ...others } = await endConnections(SEEDS, createServerDatabase);
    expect(others).toEqual({ crashed: [], different: [] });
    expect(failed.length, `seeds that failed: ${failed}`).toBeLessThanOrEqual(SEEDS.length / 6);
  });
});
