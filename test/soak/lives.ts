import fc from 'fast-check';
import { openLifeReader, type ReadLife, readLives } from '../support/github/read-life.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { createDatabase } from './database.ts';
import type { Finding } from './soak.ts';

/** Lives that each database reads. */
const LIVES = 60;

/** Lives of two repositories, read night by night and at once, on both databases. */
export async function soakLives(seed: number): Promise<Finding> {
  const server = await startPostgres();
  try {
    const violations = [
      ...(await readOn('embedded', seed)),
      ...(await readOn('server', seed + 1, () => createDatabase(server))),
    ];
    const summary = `${2 * LIVES} lives of two repositories, ${violations.length} read in two ways with two results`;
    return { summary, violations };
  } finally {
    await server.stop();
  }
}

async function readOn(kind: string, seed: number, url?: () => Promise<string>): Promise<string[]> {
  const reader = await openLifeReader(url);
  const violations: string[] = [];
  const check = async (what: ReadLife) => {
    const { nightly, atOnce } = await reader.read(what);
    if (JSON.stringify(nightly) === JSON.stringify(atOnce)) return;
    violations.push(`${kind}, with the seed ${seed}: ${JSON.stringify(what)}`);
  };
  await fc
    .assert(fc.asyncProperty(readLives(5, 8), check), { seed, numRuns: LIVES, endOnFailure: true })
    .finally(() => reader.close());
  return [...violations, ...reader.violations()];
}
