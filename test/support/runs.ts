/**
 * How often a property is tried: a few times in `npm test`, and as often as `LEADERBOARD_SOAK_RUNS`
 * says in `npm run soak`. fast-check prints the seed of a failure.
 */
export const runs = (few: number): { readonly numRuns: number } => ({
  numRuns: Number(process.env.LEADERBOARD_SOAK_RUNS) || few,
});
