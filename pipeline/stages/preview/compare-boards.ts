import { compareRanks, type Move, type RankedPerson } from '../../domain/compare-ranks.ts';
import {
  CONTRIBUTION_KINDS,
  countColumn,
  pointsFor,
  SCORE_PARTS,
  type ScorePart,
} from '../../domain/contribution-kinds.ts';
import type { Period } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import {
  type BeforeAfter,
  type BoardChange,
  type BoardCounts,
  type Cause,
  LISTED,
  type Mover,
  type RankAndScore,
  type Spread,
  type Standing,
} from './report.ts';

/** One board at one configuration. */
export interface Board {
  /** Best first. */
  readonly people: readonly RankedPerson[];
  /** Contributions by column, and the points for all. */
  readonly total: Readonly<Record<string, unknown>> & { readonly score: number };
  readonly weights: Weights;
}

export interface ComparedBoard {
  readonly scope: string;
  readonly period: Period;
  readonly before: Board;
  readonly after: Board;
  /** People who opt out, and are named nowhere. */
  readonly hidden: ReadonlySet<number>;
}

/** How many move, and why. */
export function countMoves(
  before: readonly RankedPerson[],
  after: readonly RankedPerson[],
): BoardCounts & { readonly movers: readonly Mover[] } {
  const { moved, entered, left } = compareRanks(before, after);
  const own = moved.filter((move) => causeOf(move) === 'own').length;
  const others = moved.length - own;
  return {
    moved: { own, others },
    kept: after.length - entered.length - moved.length,
    entered: entered.length,
    left: left.length,
    movers: largestOfBoth(moved.map(toMover)),
  };
}

/** Half of those listed are of each cause, if there are as many: one who leaves moves all below. */
function largestOfBoth(movers: readonly Mover[]): Mover[] {
  const of = (cause: Cause) => movers.filter((mover) => mover.cause === cause);
  const [own, others] = [of('own'), of('others')];
  const listed = new Set(own.slice(0, Math.max(LISTED / 2, LISTED - others.length)));
  for (const one of others.slice(0, LISTED - listed.size)) listed.add(one);
  return movers.filter((mover) => listed.has(mover));
}

export const causeOf = ({ before, after }: Pick<Move, 'before' | 'after'>): Cause =>
  before.score === after.score ? 'others' : 'own';

const placeOf = ({ rank, score }: RankAndScore): RankAndScore => ({ rank, score });

const toMover = (move: Move): Mover => ({
  login: move.login,
  before: move.before,
  after: move.after,
  cause: causeOf(move),
});

/** Everything about a board. */
export function compareBoard({ scope, period, before, after, hidden }: ComparedBoard): BoardChange {
  const { rescored, entered, left } = compareRanks(before.people, after.people);
  const former = new Map(before.people.map((person) => [person.id, placeOf(person)]));
  const standing = ({ id, login, ...place }: RankedPerson): Standing => ({
    ...{ login, before: former.get(id) ?? null },
    after: placeOf(place),
  });
  const named = left.filter(({ id }) => !hidden.has(id));
  return {
    ...{ scope, period },
    people: { before: before.people.length, after: after.people.length },
    ...countMoves(before.people, after.people),
    rescored: rescored.length,
    top: after.people.slice(0, 10).map(standing),
    entering: entered.slice(0, LISTED).map(standing),
    leaving: named
      .slice(0, LISTED)
      .map((person) => ({ login: person.login, before: placeOf(person), after: null })),
    shares: sharesOf(before, after),
    spread: { before: spreadOf(before), after: spreadOf(after) },
  };
}

export const isChanged = ({ moved, entered, left, rescored }: BoardChange): boolean =>
  moved.own + moved.others + entered + left + rescored > 0;

const toShare = (part: number, all: number) => (all > 0 ? Math.round((part / all) * 1e4) / 1e4 : 0);

function sharesOf(before: Board, after: Board) {
  const [was, is] = [partsOf(before), partsOf(after)];
  const shares: Partial<Record<ScorePart, BeforeAfter<number>>> = {};
  for (const part of SCORE_PARTS) {
    const share = {
      before: toShare(was[part], before.total.score),
      after: toShare(is[part], after.total.score),
    };
    if (share.before > 0 || share.after > 0) shares[part] = share;
  }
  return shares;
}

/** The points of each kind; what is left are those for lines. */
function partsOf({ total, weights }: Board): Record<ScorePart, number> {
  const kinds = CONTRIBUTION_KINDS.map(
    (kind) =>
      [kind, pointsFor(Number(total[countColumn(kind)]), weights.base_points[kind])] as const,
  );
  const earned = kinds.reduce((sum, [, points]) => sum + points, 0);
  const line_bonus = Math.max(0, Math.round((total.score - earned) * 1000) / 1000);
  return { ...Object.fromEntries(kinds), line_bonus } as Record<ScorePart, number>;
}

function spreadOf({ people, total }: Board): Spread {
  if (people.length === 0) return { top_ten_share: null, median: null };
  const ten = people.slice(0, 10).reduce((sum, { score }) => sum + score, 0);
  const middle = people.length / 2;
  const [low, high] = [people[Math.ceil(middle) - 1], people[Math.floor(middle)]];
  return {
    top_ten_share: toShare(ten, total.score),
    median: ((low?.score ?? 0) + (high?.score ?? 0)) / 2,
  };
}
