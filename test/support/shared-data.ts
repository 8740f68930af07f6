import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What lies beside a checkout: real data, and the cases that others met. */
const beside = (name: string) => fileURLToPath(new URL(`../../../shared/${name}`, import.meta.url));

/** The folder of real data outside of the project; this variable names another one. */
const data = process.env.LEADERBOARD_SHARED_DATA ?? beside('data');
const cases = beside('cases');

export const sharedPath = (path: string) => join(data, path);

/** A file or folder of a case, `17-name-used-again/hours`. */
export const casePath = (path: string) => join(cases, path);

/**
 * Whether the real data is there. Without it, the tests that need it are reported as skipped;
 * with LEADERBOARD_REQUIRE_ALL=1 its absence is a failure.
 */
export const hasSharedData = () => isThere(data, 'real data');

/** The same of the cases. */
export const hasSharedCases = () => isThere(cases, 'the cases that others met');

function isThere(folder: string, what: string): boolean {
  if (existsSync(folder)) return true;
  if (process.env.LEADERBOARD_REQUIRE_ALL === '1') throw new Error(`${folder} is missing`);
  console.warn(`skipped: tests on ${what}, which lie beside a checkout`);
  return false;
}
