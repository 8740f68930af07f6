/**
 * The second opinion on scores and boards: every board from a list of facts, in the simplest
 * possible way. No code of the project is used: kinds, points and columns are written down
 * again, so that an error in the project is not repeated in the expected values.
 */

/** The column of each kind in a published entry. */
export const COUNTS = {
  COMMIT: 'commit_count',
  PR_OPENED: 'pr_opened_count',
  PR_MERGED: 'pr_merged_count',
  PR_REVIEWED: 'pr_reviewed_count',
  PR_REVIEW_COMMENT: 'pr_review_comment_count',
  ISSUE_OPENED: 'issues_opened_count',
  ISSUE_CLOSED: 'issues_closed_count',
  COMMENT: 'comments_count',
  RELEASE: 'releases_count',
} as const;

export type Kind = keyof typeof COUNTS;

const KINDS = Object.keys(COUNTS) as Kind[];

/** The default weights of the project. */
export const BASE_POINTS: Readonly<Record<Kind, number>> = {
  COMMIT: 10,
  PR_OPENED: 15,
  PR_MERGED: 25,
  PR_REVIEWED: 20,
  PR_REVIEW_COMMENT: 5,
  ISSUE_OPENED: 8,
  ISSUE_CLOSED: 5,
  COMMENT: 3,
  RELEASE: 30,
};
export const LINES = { added: 0.01, deleted: 0.005, cap: 500, from: 'PR_MERGED' } as const;

export interface Weights {
  readonly base_points: Readonly<Record<Kind, number>>;
  readonly lines: {
    readonly added: number;
    readonly deleted: number;
    readonly cap: number;
    readonly from: string;
  };
}

/** Days of each period; `all` has no beginning. */
export const PERIOD_DAYS = { all: null, year: 365, quarter: 90, month: 30, week: 7 } as const;

/** One contribution, or `count` equal ones. */
export interface Fact {
  readonly repository: string;
  /** The account that did it; null if it is not known. */
  readonly user: number | null;
  readonly kind: Kind;
  readonly at: Date;
  /** The number of its pull request or issue: the opener earns nothing by reviewing it. */
  readonly subject: number | null;
  readonly added: number;
  readonly deleted: number;
  readonly count?: number;
}

export interface Rules {
  /** The end of the period, which is not part of it; without one, every fact counts. */
  readonly now?: Date;
  /** Length of the period; null: from the beginning of time. */
  readonly days?: number | null;
  readonly weights?: Weights;
  /** Bots and opted-out people. */
  readonly hidden?: ReadonlySet<number>;
  /** Account to the account that it counts for. */
  readonly aliases?: ReadonlyMap<number, number>;
  /** Orders tied people who were last active at the same moment. */
  readonly nameOf?: (user: number) => string;
}

/** One line of a board; score and bonus in whole thousandths of a point. */
export interface Line {
  readonly user: number;
  rank: number;
  score: number;
  bonus: number;
  readonly counts: Record<Kind, number>;
  added: number;
  deleted: number;
  first: number;
  last: number;
}

/** The name of the board of all repositories. */
export const GLOBAL = 'global';

/** Repository (and `global`) to its board, best first. Repositories without a line have no board. */
export function boardsOf(facts: readonly Fact[], rules: Rules = {}): Map<string, Line[]> {
  const { weights = { base_points: BASE_POINTS, lines: LINES } } = rules;
  const counted = facts.filter((fact) => isWithin(fact, rules) && isCredited(fact, facts, rules));
  const boards = new Map<string, Line[]>();
  const total = new Map<number, Line>();
  for (const [repository, own] of Map.groupBy(counted, (fact) => fact.repository)) {
    const lines = sumUp(own, rules, weights);
    boards.set(repository, rankLines(lines, rules));
    for (const line of lines) {
      const sum = total.get(line.user) ?? newLine(line.user);
      total.set(line.user, sum);
      addTo(sum, line);
    }
  }
  if (total.size > 0) boards.set(GLOBAL, rankLines([...total.values()], rules));
  return boards;
}

function isWithin({ at }: Fact, { now, days = null }: Rules): boolean {
  if (now && at >= now) return false;
  return !now || days === null || at.getTime() >= now.getTime() - days * 86_400_000;
}

const personOf = (user: number, { aliases }: Rules) => aliases?.get(user) ?? user;

function isCredited(fact: Fact, facts: readonly Fact[], rules: Rules): boolean {
  if (fact.user === null) return false;
  const person = personOf(fact.user, rules);
  if (rules.hidden?.has(fact.user) || rules.hidden?.has(person)) return false;
  if (fact.kind !== 'PR_REVIEWED') return true;
  const opener = openerOf(fact, facts);
  return opener === null || personOf(opener, rules) !== person;
}

function openerOf({ repository, subject }: Fact, facts: readonly Fact[]): number | null {
  if (subject === null) return null;
  const isOpening = (fact: Fact) =>
    fact.kind === 'PR_OPENED' && fact.repository === repository && fact.subject === subject;
  return facts.find(isOpening)?.user ?? null;
}

function newLine(user: number): Line {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Line['counts'];
  const sums = { rank: 0, score: 0, bonus: 0, added: 0, deleted: 0 };
  return { user, counts, ...sums, first: Number.POSITIVE_INFINITY, last: 0 };
}

/** The counts of each person in one repository. The line bonus is capped for each repository. */
function sumUp(facts: readonly Fact[], rules: Rules, weights: Weights): Line[] {
  const byPerson = Map.groupBy(facts, ({ user }) => personOf(user as number, rules));
  return [...byPerson].map(([user, own]) => {
    const line = newLine(user);
    for (const { kind, at, added, deleted, count = 1 } of own) {
      line.counts[kind] += count;
      line.first = Math.min(line.first, at.getTime());
      line.last = Math.max(line.last, at.getTime());
      if (kind !== weights.lines.from) continue;
      line.added += added;
      line.deleted += deleted;
    }
    const bonus = line.added * weights.lines.added + line.deleted * weights.lines.deleted;
    line.bonus = Math.round(Math.min(weights.lines.cap, bonus) * 1000);
    line.score = KINDS.reduce(
      (score, kind) => score + line.counts[kind] * Math.round(weights.base_points[kind] * 1000),
      line.bonus,
    );
    return line;
  });
}

function addTo(sum: Line, line: Line): void {
  for (const kind of KINDS) sum.counts[kind] += line.counts[kind];
  for (const key of ['score', 'bonus', 'added', 'deleted'] as const) sum[key] += line[key];
  sum.first = Math.min(sum.first, line.first);
  sum.last = Math.max(sum.last, line.last);
}

/** Equal scores share a rank; among them, the person last active comes first, then by name. */
function rankLines(lines: readonly Line[], { nameOf = String }: Rules): Line[] {
  const name = ({ user }: Line) => nameOf(user).toLowerCase();
  const rankOf = (score: number) => 1 + lines.filter((other) => other.score > score).length;
  return lines
    .map((line) => ({ ...line, rank: rankOf(line.score) }))
    .sort((a, b) => b.score - a.score || b.last - a.last || (name(a) < name(b) ? -1 : 1));
}

/** The numbers of a published entry. Points by kind are those of the shipped weights. */
export function toEntry(line: Line) {
  const counts = KINDS.map((kind) => [COUNTS[kind], line.counts[kind]]);
  const points = KINDS.map((kind) => [kind, line.counts[kind] * BASE_POINTS[kind]]);
  return {
    rank: line.rank,
    total_score: line.score / 1000,
    ...(Object.fromEntries(counts) as Record<(typeof COUNTS)[Kind], number>),
    lines_added: line.added,
    lines_deleted: line.deleted,
    first_contribution_at: new Date(line.first).toISOString(),
    last_contribution_at: new Date(line.last).toISOString(),
    points: {
      ...(Object.fromEntries(points) as Record<Kind, number>),
      line_bonus: line.bonus / 1000,
    },
  };
}
