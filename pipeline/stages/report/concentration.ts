/** How few people hold how much of all points of a board. */
export interface Concentration {
  /** Everybody with points. */
  readonly people: number;
  /** The fewest people who together hold at least half of all points. */
  readonly half: number;
  /** The share (0 to 1, four decimals) that the first one holds, the first two, and so on. */
  readonly shares: readonly number[];
}

/** People whose shares are listed one by one. */
const LISTED = 30;

/** @param scores above 0, highest first; of nobody, nothing is held: null */
export function concentrationOf(scores: readonly number[]): Concentration | null {
  const all = scores.reduce((sum, score) => sum + score, 0);
  if (all === 0) return null;
  let sum = 0;
  const held = scores.map((score) => {
    sum += score;
    return sum / all;
  });
  // Decimals are added up as binary fractions: half may miss itself by a hair.
  const half = held.findIndex((share) => share >= 0.5 - 1e-9) + 1;
  const shares = held.slice(0, LISTED).map((share) => Math.round(share * 1e4) / 1e4);
  return { people: scores.length, half, shares };
}
