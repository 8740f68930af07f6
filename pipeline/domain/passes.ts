/** Why a rank is another than on an earlier board: who passed whom, counted. */

/** A person on the present board; ties share a rank. */
export interface RankedTwice {
  readonly rank: number;
  /** On the earlier board; null: not on it. */
  readonly before: number | null;
}

/** `rank - before` is `passedBy + newcomers - passed - left`. */
export interface Passes {
  /** People who were ahead and are no longer. */
  readonly passed: number;
  /** People who were ahead and are on the present board no more. */
  readonly left: number;
  /** People who are ahead and were not. */
  readonly passedBy: number;
  /** People who are ahead and were not on the earlier board. */
  readonly newcomers: number;
}

/**
 * Counts for each person of a board, in the same order; null for who was not on the earlier board.
 * People are taken by their present ranks, best first, and counted in a tree by their former ones.
 */
export function countPasses(board: readonly RankedTwice[]): (Passes | null)[] {
  const former = board.flatMap(({ before }) => before ?? []).toSorted((a, b) => a - b);
  const placeOf = new Map<number, number>();
  for (const [place, rank] of former.entries()) if (!placeOf.has(rank)) placeOf.set(rank, place);
  const ahead = new CountTree(former.length);
  const passes: (Passes | null)[] = board.map(() => null);
  let [known, newcomers] = [0, 0];
  for (const tied of byRank(board)) {
    for (const at of tied) {
      const { before } = board[at] as RankedTwice;
      if (before === null) continue;
      const wereAhead = placeOf.get(before) ?? 0;
      const both = ahead.countBelow(wereAhead);
      passes[at] = {
        passed: wereAhead - both,
        left: before - 1 - wereAhead,
        passedBy: known - both,
        newcomers,
      };
    }
    for (const at of tied) {
      const { before } = board[at] as RankedTwice;
      if (before === null) newcomers += 1;
      else {
        known += 1;
        ahead.add(placeOf.get(before) ?? 0);
      }
    }
  }
  return passes;
}

/** The places of people with the same rank, the best rank first. */
function byRank(board: readonly RankedTwice[]): number[][] {
  const groups = Map.groupBy(board.keys(), (at) => board[at]?.rank ?? 0);
  return [...groups].sort(([a], [b]) => a - b).map(([, places]) => places);
}

/** Counts numbers below a limit, in logarithmic time: a binary indexed tree. */
class CountTree {
  readonly #counts: number[];

  constructor(size: number) {
    this.#counts = new Array<number>(size + 1).fill(0);
  }

  add(place: number): void {
    for (let at = place + 1; at < this.#counts.length; at += at & -at)
      this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** How many of the added places are below one. */
  countBelow(place: number): number {
    let sum = 0;
    for (let at = place; at > 0; at -= at & -at) sum += this.#counts[at] ?? 0;
    return sum;
  }
}
