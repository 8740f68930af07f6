import { describe } from 'vitest';

/**
 * A block of tests that needs data from outside of the project. Without them it is reported as
 * skipped; with `LEADERBOARD_REQUIRE_ALL=1` it fails instead.
 */
export function describeWith(
  isThere: boolean,
  what: string,
  name: string,
  tests: () => void,
): void {
  if (isThere || process.env.LEADERBOARD_REQUIRE_ALL === '1') describe(name, tests);
  else describe.skip(`${name} (skipped: ${what} is not there)`, tests);
}
