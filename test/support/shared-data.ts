import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of real data outside of the project; this variable names another one. */
const folder =
  process.env.LEADERBOARD_SHARED_DATA ??
  fileURLToPath(new URL('../../../shared/data', import.meta.url));

export const sharedPath = (path: string) => join(folder, path);

/**
 * Whether the real data is there. Without it, the tests that need it are reported as skipped;
 * with LEADERBOARD_REQUIRE_ALL=1 its absence is a failure.
 */
export function hasSharedData(): boolean {
  if (existsSync(folder)) return true;
  if (process.env.LEADERBOARD_REQUIRE_ALL === '1') throw new Error('the shared data is missing');
  console.warn('skipped: tests on real data, which is not beside this checkout');
  return false;
}
