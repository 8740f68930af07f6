import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** An independent computation of counts and scores, in the plainest possible way. */

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
  login: string;
  added: number;
  deleted: number;
}

function factsOf(e: AnyEvent): Omit<Fact, 'repo'>[] {
  const p = e.payload;
  const fact = (kind: Kind, key: string, login: string, added = 0, deleted = 0) => [
    { kind, key, login, added, deleted },
  ];
  if (e.type === 'PushEvent' && ['refs/heads/main', 'refs/heads/master'].includes(p.ref)) {
    return p.commits
      .filter((c: AnyEvent) => c.distinct)
      .flatMap((c: AnyEvent) => fact('COMMIT', c.sha, e.actor.login));
  }
  if (e.type === 'PullRequestEvent') {
    const pr = p.pull_request;
    const { login } = pr.user;
    if (p.action === 'opened') return fact('PR_OPENED', `${pr.number} opened`, login);
    if (p.action === 'closed' && pr.merged) {
      return fact('PR_MERGED', `${pr.number} merged`, login, pr.additions, pr.deletions);
    }
  }
  if (e.type === 'PullRequestReviewEvent' && p.review.user.id !== p.pull_request.user.id) {
    return fact('PR_REVIEWED', `review ${p.review.id}`, p.review.user.login);
  }
  if (e.type === 'PullRequestReviewCommentEvent') {
    return fact('PR_REVIEW_COMMENT', `review comment ${p.comment.id}`, p.comment.user.login);
  }
  if (e.type === 'IssuesEvent' && p.action === 'opened') {
    return fact('ISSUE_OPENED', `${p.issue.number} issue`, p.issue.user.login);
  }
  if (e.type === 'IssuesEvent' && p.action === 'closed') {
    return fact('ISSUE_CLOSED', `${p.issue.number} issue closed`, e.actor.login);
  }
  if (e.type === 'IssueCommentEvent') {
    return fact('COMMENT', `comment ${p.comment.id}`, p.comment.user.login);
  }
  if (e.type === 'CommitCommentEvent') {
    return fact('COMMENT', `commit comment ${p.comment.id}`, p.comment.user.login);
  }
  if (e.type === 'ReleaseEvent' && p.action === 'published') {
    return fact('RELEASE', `release ${p.release.id}`, p.release.author.login);
  }
  return [];
}

export type Row = Record<string, number>;

/** Repository (lower case) → login → counts, lines and score. */
export function plainScores(
  events: readonly AnyEvent[],
  repositories: readonly string[],
  bots: readonly string[],
): Map<string, Map<string, Row>> {
  const tracked = new Set(repositories.map((name) => name.toLowerCase()));
  const seen = new Set<string>();
  const boards = new Map<string, Map<string, Row>>();
  const inOrder = [...events].sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  for (const event of inOrder) {
    const repo = event.repo.name.toLowerCase();
    if (!tracked.has(repo)) continue;
    for (const { key, kind, login, added, deleted } of factsOf(event)) {
      if (seen.has(`${repo} ${key}`)) continue;
      seen.add(`${repo} ${key}`);
      if (bots.includes(login) || login.endsWith('[bot]')) continue;
      const board = boards.get(repo) ?? new Map<string, Row>();
      boards.set(repo, board);
      const row = board.get(login) ?? emptyRow();
      board.set(login, row);
      row[COUNTS[kind]] = (row[COUNTS[kind]] ?? 0) + 1;
      row.base = (row.base ?? 0) + POINTS[kind];
      row.lines_added = (row.lines_added ?? 0) + added;
      row.lines_deleted = (row.lines_deleted ?? 0) + deleted;
    }
  }
  for (const board of boards.values()) {
    for (const row of board.values()) {
      const lines = (row.lines_added ?? 0) * 0.01 + (row.lines_deleted ?? 0) * 0.005;
      row.total_score = round((row.base ?? 0) + Math.min(500, lines));
      delete row.base;
    }
  }
  return boards;
}

/** Login → the sums over the repositories. */
export function plainGlobal(boards: Map<string, Map<string, Row>>): Map<string, Row> {
  const sums = new Map<string, Row>();
  for (const board of boards.values()) {
    for (const [login, row] of board) {
      const sum = sums.get(login) ?? { ...emptyRow(), total_score: 0 };
      sums.set(login, sum);
      for (const [name, value] of Object.entries(row)) sum[name] = round((sum[name] ?? 0) + value);
    }
  }
  return sums;
}

function emptyRow(): Row {
  return {
    ...Object.fromEntries(Object.values(COUNTS).map((name) => [name, 0])),
    lines_added: 0,
    lines_deleted: 0,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
