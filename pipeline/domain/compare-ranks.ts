/** The effect of a change on a board: who moves, who enters, who leaves. */

export interface Place {
  readonly rank: number;
  readonly score: number;
}

export interface RankedPerson extends Place {
  /** GitHub's numeric id: it identifies the person before and after. */
  readonly id: number;
  readonly login: string;
}

/** One person who is on the board before and after. */
export interface Move {
  readonly id: number;
  readonly login: string;
  readonly before: Place;
  readonly after: Place;
}

export interface RankChanges {
  /** People on the board. */
  readonly before: number;
  readonly after: number;
  /** People whose rank differs, the largest move first, then the better rank. */
  readonly moved: readonly Move[];
  /** People who keep their rank with another score, best first. */
  readonly rescored: readonly Move[];
  /** Best first, with rank and score from the board that has them. */
  readonly entered: readonly RankedPerson[];
  readonly left: readonly RankedPerson[];
}

/** Compares two versions of a board. An id occurs at most once on each. */
export function compareRanks(
  before: readonly RankedPerson[],
  after: readonly RankedPerson[],
): RankChanges {
  const moves = movesOf(before, after);
  return {
    before: before.length,
    after: after.length,
    moved: moves.filter((move) => distance(move) > 0).toSorted(longestFirst),
    rescored: moves
      .filter((move) => distance(move) === 0 && move.before.score !== move.after.score)
      .toSorted(bestFirst),
    entered: without(after, before),
    left: without(before, after),
  };
}

function movesOf(before: readonly RankedPerson[], after: readonly RankedPerson[]): Move[] {
  const places = new Map(before.map((person) => [person.id, person]));
  return after.flatMap(({ id, login, rank, score }) => {
    const place = places.get(id);
    if (!place) return [];
    return [{ id, login, before: placeOf(place), after: { rank, score } }];
  });
}

const placeOf = ({ rank, score }: Place): Place => ({ rank, score });

/** Ranks between before and after. */
const distance = ({ before, after }: Move) => Math.abs(after.rank - before.rank);

function longestFirst(a: Move, b: Move): number {
  return distance(b) - distance(a) || bestFirst(a, b);
}

function bestFirst(a: Move, b: Move): number {
  return a.after.rank - b.after.rank || a.id - b.id;
}

function byRank(a: RankedPerson, b: RankedPerson): number {
  return a.rank - b.rank || a.id - b.id;
}

function without(some: readonly RankedPerson[], others: readonly RankedPerson[]): RankedPerson[] {
  const ids = new Set(others.map(({ id }) => id));
  return some.filter(({ id }) => !ids.has(id)).toSorted(byRank);
}
