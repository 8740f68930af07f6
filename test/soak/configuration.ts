import { COSTLY, MOST_MS, measureReading } from '../support/costly-files.ts';
import type { Finding } from './soak.ts';

/** Every configuration file that costs much for its size. The seed changes nothing. */
export async function soakConfiguration(): Promise<Finding> {
  const costs = COSTLY.map(([what, file, text]) => ({
    what,
    ms: Math.round(measureReading({ [file]: text }).cpuMs),
  }));
  const most = Math.max(...costs.map(({ ms }) => ms));
  return {
    summary: `${costs.length} costly files, each read or refused in at most ${most} ms of one processor`,
    violations: costs.filter(({ ms }) => ms >= MOST_MS).map(({ what, ms }) => `${what}: ${ms} ms`),
  };
}
