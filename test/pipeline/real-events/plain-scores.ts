import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * An independent computation of every board from the events of the archive, in the plainest
 * possible way. Nothing of the project is used here: lists, points and periods are written down.
 */

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

const POINTS = {
  COMMIT: 10,
  PR_OPENED: 15,
  PR_MERGED: 25,
  PR_REVIEWED: 20,
  PR_REVIEW_COMMENT: 5,
  ISSUE_OPENED: 8,
  ISSUE_CLOSED: 5,
  COMMENT: 3,
  RELEASE: 30,
} as const;

type Kind = keyof typeof POINTS;

const KINDS = Object.keys(POINTS) as Kind[];

/** Days of each period. */
const PERIODS = { all: Number.POSITIVE_INFINITY, year: 365, quarter: 90, month: 30, week: 7 };

/** Bots that say so neither by type nor by suffix, as far as the events of the tests have them. */
const BOT_LOGINS = ['asfgit', 'coveralls', 'snyk-bot'];
const BOT_IDS = [49_699_333];

/** GitHub's account for whoever is gone. */
const GHOST = 10_137;

// biome-ignore lint/suspicious/noExplicitAny: real events, taken as they are
export type AnyEvent = any;

export function readHours(paths: readonly string[]): AnyEvent[] {
  return paths.flatMap((path) =>
    gunzipSync(readFileSync(path))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  );
}

/** The repositories with the most events, as first written. */
export function busiest(events: readonly AnyEvent[], count: number): string[] {
  const sums = new Map<string, { name: string; events: number }>();
  for (const { repo } of events) {
    const sum = sums.get(repo.name.toLowerCase()) ?? { name: repo.name, events: 0 };
    sum.events++;
    sums.set(repo.name.toLowerCase(), sum);
  }
  return [...sums.values()]
    .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

interface Fact {
  repo: string;
  key: string;
  kind: Kind;
  /** Null: who opened the pull request, which the event does not say. */
  by: { id: number; login: string; type?: string } | null;
  /** When it happened, in milliseconds. */
  at: number;
  /** When it was told. */
  toldAt: number;
  /** Of the pull request. */
  number: number | null;
  added: number;
  deleted: number;
}

/** Payloads of both eras: a trimmed one has no commits, no author and no lines. */
function factsOf(e: AnyEvent): Fact[] {
  const p = e.payload;
  const fact = (kind: Kind, key: string, by: Fact['by'], at?: string, more = {}): Fact[] => [
    {
      repo: e.repo.name.toLowerCase(),
      kind,
      key,
      by,
      at: Date.parse(at ?? e.created_at),
      toldAt: Date.parse(e.created_at),
      number: p.pull_request?.number ?? null,
      added: 0,
      deleted: 0,
      ...more,
    },
  ];
  if (e.type === 'PushEvent' && ['refs/heads/main', 'refs/heads/master'].includes(p.ref)) {
    return (p.commits ?? [])
      .filter((c: AnyEvent) => c.distinct)
      .flatMap((c: AnyEvent) => fact('COMMIT', c.sha, e.actor));
  }
  if (e.type === 'PullRequestEvent') {
    const pr = p.pull_request;
    if (p.action === 'opened') {
      return fact('PR_OPENED', `${pr.number} opened`, pr.user ?? e.actor, pr.created_at);
    }
    if (p.action === 'merged' || (p.action === 'closed' && pr.merged)) {
      const lines = { added: pr.additions ?? 0, deleted: pr.deletions ?? 0 };
      return fact('PR_MERGED', `${pr.number} merged`, pr.user ?? null, pr.merged_at, lines);
    }
  }
  if (e.type === 'PullRequestReviewEvent' && p.action === 'created') {
    if (p.review.user.id === p.pull_request.user?.id) return [];
    return fact('PR_REVIEWED', `review ${p.review.id}`, p.review.user, p.review.submitted_at);
  }
  if (e.type === 'PullRequestReviewCommentEvent' && p.action === 'created') {
    const { id, user, created_at } = p.comment;
    return fact('PR_REVIEW_COMMENT', `review comment ${id}`, user, created_at);
  }
  if (e.type === 'IssuesEvent' && p.action === 'opened') {
    const { number, user, created_at } = p.issue;
    return fact('ISSUE_OPENED', `${number} issue`, user, created_at);
  }
  if (e.type === 'IssuesEvent' && p.action === 'closed') {
    return fact('ISSUE_CLOSED', `${p.issue.number} issue closed`, e.actor, p.issue.closed_at);
  }
  if (e.type === 'IssueCommentEvent' && p.action === 'created') {
    return fact('COMMENT', `comment ${p.comment.id}`, p.comment.user, p.comment.created_at);
  }
  // Without an action in the full era.
  if (e.type === 'CommitCommentEvent') {
    return fact('COMMENT', `commit comment ${p.comment.id}`, p.comment.user, p.comment.created_at);
  }
  if (e.type === 'ReleaseEvent' && p.action === 'published') {
    const { id, author, published_at } = p.release;
    return fact('RELEASE', `release ${id}`, author, published_at);
  }
  return [];
}

/** The login under which each account was told of last; who lost it to another one is marked. */
function loginsOf(facts: readonly Fact[]): Map<number, string> {
  const last = new Map<number, { login: string; at: number }>();
  for (const { by, toldAt: at } of facts) {
    if (by && at >= (last.get(by.id)?.at ?? 0)) last.set(by.id, { login: by.login, at });
  }
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const entries = [...last].map(([id, { login, at }]): [number, string] => {
    const isTaken = facts.some(
      ({ by, toldAt }) => by && by.id !== id && isSame(by.login, login) && toldAt > at,
    );
    return [id, isTaken ? `${login}_old_${id}` : login];
  });
  return new Map(entries);
}

/** One line of a board; scores and points in whole thousandths while they are summed. */
interface Sum {
  counts: Record<Kind, number>;
  added: number;
  deleted: number;
  bonus: number;
  first: number;
  last: number;
}

const newSum = (): Sum => ({
  counts: Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Sum['counts'],
  added: 0,
  deleted: 0,
  bonus: 0,
  first: Number.POSITIVE_INFINITY,
  last: 0,
});

function add(sum: Sum, other: Sum): void {
  for (const kind of KINDS) sum.counts[kind] += other.counts[kind];
  sum.added += other.added;
  sum.deleted += other.deleted;
  sum.bonus += other.bonus;
  sum.first = Math.min(sum.first, other.first);
  sum.last = Math.max(sum.last, other.last);
}

const scoreOf = ({ counts, bonus }: Sum) =>
  KINDS.reduce((score, kind) => score + counts[kind] * POINTS[kind] * 1000, bonus);

/** What each person did in one repository. */
function sumUp(facts: readonly Fact[], creditOf: (fact: Fact) => number | null): Map<number, Sum> {
  const sums = new Map<number, Sum>();
  for (const fact of facts) {
    const id = creditOf(fact);
    if (id === null) continue;
    const sum = sums.get(id) ?? newSum();
    sums.set(id, sum);
    sum.counts[fact.kind]++;
    sum.added += fact.added;
    sum.deleted += fact.deleted;
    sum.first = Math.min(sum.first, fact.at);
    sum.last = Math.max(sum.last, fact.at);
  }
  for (const sum of sums.values()) sum.bonus = Math.min(500_000, sum.added * 10 + sum.deleted * 5);
  return sums;
}

export type PlainEntry = Record<string, unknown>;

/** Best first; ties by who was active last, then by name. */
function toEntries(sums: Map<number, Sum>, logins: Map<number, string>): PlainEntry[] {
  const name = (id: number) => logins.get(id) ?? '';
  const scores = [...sums.values()].map(scoreOf);
  return [...sums]
    .sort(
      ([a, one], [b, other]) =>
        scoreOf(other) - scoreOf(one) ||
        other.last - one.last ||
        (name(a).toLowerCase() < name(b).toLowerCase() ? -1 : 1),
    )
    .map(([id, sum]) => ({
      rank: 1 + scores.filter((score) => score > scoreOf(sum)).length,
      username: name(id),
      github_id: id,
      total_score: scoreOf(sum) / 1000,
      ...Object.fromEntries(KINDS.map((kind) => [COUNTS[kind], sum.counts[kind]])),
      lines_added: sum.added,
      lines_deleted: sum.deleted,
      first_contribution_at: new Date(sum.first).toISOString(),
      last_contribution_at: new Date(sum.last).toISOString(),
      points: {
        ...Object.fromEntries(KINDS.map((kind) => [kind, sum.counts[kind] * POINTS[kind]])),
        line_bonus: sum.bonus / 1000,
      },
    }));
}

/** Whom each fact counts for, or null: nobody known, a bot, a review of one's own work. */
function createCredit(facts: readonly Fact[], logins: Map<number, string>, people: number[]) {
  const openers = new Map<string, number>();
  for (const { kind, repo, number, by } of facts) {
    if (kind === 'PR_OPENED' && by) openers.set(`${repo} ${number}`, by.id);
  }
  const typed = new Set(facts.flatMap(({ by }) => (by?.type === 'Bot' ? [by.id] : [])));
  const isBot = (id: number) => {
    const login = logins.get(id)?.toLowerCase() ?? '';
    if (people.includes(id)) return false;
    return (
      typed.has(id) || login.endsWith('[bot]') || BOT_IDS.includes(id) || BOT_LOGINS.includes(login)
    );
  };
  return ({ kind, repo, number, by }: Fact): number | null => {
    const opener = openers.get(`${repo} ${number}`);
    const id = by?.id ?? opener;
    if (id === undefined || id === GHOST || isBot(id)) return null;
    return kind === 'PR_REVIEWED' && id === opener ? null : id;
  };
}

/**
 * Every board at a moment, under its path below `leaderboard/`: `global/week`, `octo/one/all`.
 * `people` are accounts that count as people although they look like bots.
 */
export function plainScores(
  events: readonly AnyEvent[],
  repositories: readonly string[],
  now: string,
  people: number[] = [],
): Map<string, PlainEntry[]> {
  const tracked = new Set(repositories.map((name) => name.toLowerCase()));
  const told = events
    .filter(({ repo }) => tracked.has(repo.name.toLowerCase()))
    .toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))
    .flatMap(factsOf);
  // What was told first stands.
  const facts = new Map(told.toReversed().map((fact) => [`${fact.repo} ${fact.key}`, fact]));
  const logins = loginsOf(told);
  const creditOf = createCredit([...facts.values()], logins, people);
  const boards = new Map<string, PlainEntry[]>();
  for (const [period, days] of Object.entries(PERIODS)) {
    const end = Date.parse(now);
    const from = end - days * 86_400_000;
    const counted = [...facts.values()].filter(({ at }) => at >= from && at < end);
    const byRepo = Map.groupBy(counted, ({ repo }) => repo);
    const total = new Map<number, Sum>();
    for (const name of repositories) {
      const sums = sumUp(byRepo.get(name.toLowerCase()) ?? [], creditOf);
      boards.set(`${name}/${period}`, toEntries(sums, logins));
      for (const [id, sum] of sums) {
        const all = total.get(id) ?? newSum();
        total.set(id, all);
        add(all, sum);
      }
    }
    boards.set(`global/${period}`, toEntries(total, logins));
  }
  return boards;
}
