import {
  CONTRIBUTION_KINDS,
  type ContributionKind,
} from '../../pipeline/domain/contribution-kinds.ts';
import { type Period, periodStart } from '../../pipeline/domain/period.ts';
import type { Weights } from '../../pipeline/domain/weights.ts';

/** A second, plain way to the boards, for tests to compare with. In whole thousandths. */

export interface PlainContribution {
  readonly repository: number;
  readonly user: number | null;
  readonly kind: ContributionKind;
  readonly at: Date;
  readonly subject: number | null;
  readonly added: number;
  readonly deleted: number;
}

export interface PlainPeople {
  readonly hidden: ReadonlySet<number>;
  readonly aliases: ReadonlyMap<number, number>;
}

export type PlainBoard = { user: number; rank: number; score: number }[];

/** Repository id (0: global) to its board, best first, ties by id. */
export function plainBoards(
  contributions: readonly PlainContribution[],
  people: PlainPeople,
  weights: Weights,
  period: Period,
  now: Date,
): Map<number, PlainBoard> {
  const person = (user: number) => people.aliases.get(user) ?? user;
  const authorOf = (one: PlainContribution) =>
    contributions.find(
      (other) =>
        other.kind === 'PR_OPENED' &&
        one.subject !== null &&
        other.repository === one.repository &&
        other.subject === one.subject,
    )?.user ?? null;
  const from = periodStart(period, now);
  const scores = new Map<number, Map<number, number>>();
  const counted = contributions.filter((one) => {
    if (one.user === null || one.at >= now || (from !== null && one.at < from)) return false;
    if (people.hidden.has(one.user) || people.hidden.has(person(one.user))) return false;
    const author = one.kind === 'PR_REVIEWED' ? authorOf(one) : null;
    return author === null || person(author) !== person(one.user);
  });
  for (const repository of new Set(counted.map((one) => one.repository))) {
    const own = counted.filter((one) => one.repository === repository);
    const users = new Set(own.map((one) => person(one.user as number)));
    const board = new Map<number, number>();
    for (const user of users) {
      const theirs = own.filter((one) => person(one.user as number) === user);
      board.set(user, plainScore(theirs, weights));
      const total = scores.get(0) ?? new Map<number, number>();
      total.set(user, (total.get(user) ?? 0) + plainScore(theirs, weights));
      scores.set(0, total);
    }
    scores.set(repository, board);
  }
  return new Map([...scores].map(([id, board]) => [id, ranked(board)]));
}

function plainScore(own: readonly PlainContribution[], weights: Weights): number {
  const count = (kind: ContributionKind) => own.filter((one) => one.kind === kind).length;
  const base = CONTRIBUTION_KINDS.reduce(
    (sum, kind) => sum + count(kind) * Math.round(weights.base_points[kind] * 1000),
    0,
  );
  const lines = own.filter((one) => one.kind === weights.lines.from);
  const added = lines.reduce((sum, one) => sum + one.added, 0);
  const deleted = lines.reduce((sum, one) => sum + one.deleted, 0);
  const bonus = added * weights.lines.added + deleted * weights.lines.deleted;
  return base + Math.round(Math.min(weights.lines.cap, bonus) * 1000);
}

function ranked(board: ReadonlyMap<number, number>): PlainBoard {
  const entries = [...board].map(([user, score]) => ({ user, score }));
  const rankOf = (score: number) => 1 + entries.filter((other) => other.score > score).length;
  return entries
    .map((entry) => ({ ...entry, rank: rankOf(entry.score) }))
    .sort((a, b) => a.rank - b.rank || a.user - b.user);
}
