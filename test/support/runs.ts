/** What `npm run soak` asks of the properties of a test file that it starts. */
export const SOAK_VARIABLES = {
  runs: 'LEADERBOARD_SOAK_RUNS',
  seed: 'LEADERBOARD_SOAK_SEED',
  /** A file that its memory is written to. */
  memory: 'LEADERBOARD_SOAK_MEMORY',
};

/**
 * How often a property is tried: a few times in `npm test`; in `npm run soak` as often as it says,
 * from its seed. fast-check prints the seed of a failure.
 */
export function runs(few: number): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = Number(process.env[SOAK_VARIABLES.runs]) || few;
  const seed = process.env[SOAK_VARIABLES.seed];
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}
