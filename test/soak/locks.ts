import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTakings, mayUnshare, TAKERS } from '../support/lock-takings.ts';
import type { Finding } from './soak.ts';

/** Half a million takings of the lock of a folder. */
export const soakLocks = (seed: number) => soak('on one machine', 500_000, seed);

/** Each process in a PID namespace of its own, all on one disk. */
export async function soakContainers(seed: number): Promise<Finding> {
  if (mayUnshare) return soak('in containers', 50_000, seed);
  return { summary: 'skipped: no PID namespace can be made here', violations: [] };
}

type Place = Parameters<typeof countTakings>[3];

async function soak(place: Place, takings: number, seed: number): Promise<Finding> {
  const parent = mkdtempSync(join(tmpdir(), 'soak-locks-'));
  try {
    const found = await countTakings(join(parent, 'db'), takings / TAKERS, seed, place);
    const { taken, overlaps, errors } = found;
    const isWhole = taken === takings && overlaps === 0;
    return {
      summary: `${taken} takings by ${TAKERS} processes ${place}, ${overlaps} overlaps`,
      violations: [...errors, ...(isWhole ? [] : [`expected ${takings} takings, 0 overlaps`])],
    };
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
