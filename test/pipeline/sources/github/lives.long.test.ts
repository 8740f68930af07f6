import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { createServerDatabase } from '../../../support/databases.ts';
import '../../../support/embedded-cluster.ts';
import { openLifeReader, readLives } from '../../../support/github/read-life.ts';

/**
 * Whatever happens in two repositories (work, deletions, hidden comments, transfers between them,
 * things made again, rewritten branches): nights that read day by day, some killed or repeated,
 * end with the rows of one reading at the end.
 */
const DAYS = 3;
const STEPS = 7;

describe.each([
  ['embedded', 3],
  ['server', 2],
] as const)('lives, on %s PostgreSQL', (kind, numRuns) => {
  const isThere = kind === 'embedded' || inject('postgresUrl') !== null;
  it.skipIf(!isThere)('end in the same rows, read night by night or at once', async () => {
    const reader = await openLifeReader(kind === 'server' ? createServerDatabase : undefined);
    const run = async (what: Parameters<typeof reader.read>[0]) => {
      const { nightly, atOnce } = await reader.read(what);
      expect(nightly).toEqual(atOnce);
    };
    await fc
      .assert(fc.asyncProperty(readLives(DAYS, STEPS), run), { numRuns, endOnFailure: true })
      .finally(() => reader.close());
    expect(reader.violations()).toEqual([]);
  });
});
