/** What `npm run soak` asks of the properties of a test file that it starts. */
export const SOAK_VARIABLES = {
  runs: 'LEADERBOARD_SOAK_RUNS',
  seed: 'LEADERBOARD_SOAK_SEED',
  /** A file that its memory is written to. */
  memory: 'LEADERBOARD_SOAK_MEMORY',
};

/** How often a property is tried: a few times in `npm test`; in `npm run soak` as often as it says. */
export const runs = (few: number): { readonly numRuns: number } => ({
  numRuns: Number(process.env[SOAK_VARIABLES.runs]) || few,
});
