import { boardsOf, type Fact, GLOBAL, type Kind, PERIOD_DAYS, toEntry } from './oracle.ts';
import type { RawEvent } from './read-events.ts';

/**
 * The second opinion on the boards from events of the archive: events to facts to boards. As in
 * the oracle, no code of the project is used.
 */

/** Bots without the type or suffix of a bot in the events of the tests. */
const BOT_LOGINS = [
  ...['amplabjenkins', 'asfgit', 'bors', 'brewtestbot', 'coveralls', 'rust-highfive', 'snyk-bot'],
  'sparkqa',
];
const BOT_IDS = [49_699_333];

/** GitHub's account that replaces deleted ones. */
const GHOST = 10_137;

interface Account {
  readonly id: number;
  readonly login: string;
  readonly type?: string;
}

/** A fact that one event reports. */
interface Report {
  readonly repository: string;
  readonly key: string;
  readonly kind: Kind;
  /** Null: the account that opened the pull request, which the event does not name. */
  readonly by: Account | null;
  readonly at: Date;
  /** When it was reported. */
  readonly reportedAt: string;
  readonly pull: number | null;
  readonly added: number;
  readonly deleted: number;
}

interface Details {
  readonly at?: string | undefined;
  readonly added?: number;
  readonly deleted?: number;
}

/** Payloads of both eras: a trimmed one has no commits, no author and no lines. */
function reportsOf(event: RawEvent): Report[] {
  const { type, payload: p, actor, created_at } = event;
  const report = (kind: Kind, key: string, by: Account | null, more: Details = {}): Report[] => [
    {
      repository: event.repo.name.toLowerCase(),
      kind,
      key,
      by,
      at: new Date(more.at ?? created_at),
      reportedAt: created_at,
      pull: p.pull_request?.number ?? null,
      added: more.added ?? 0,
      deleted: more.deleted ?? 0,
    },
  ];
  if (type === 'PushEvent' && ['refs/heads/main', 'refs/heads/master'].includes(p.ref)) {
    const commits: { sha: string; distinct: boolean }[] = p.commits ?? [];
    return commits.filter((c) => c.distinct).flatMap(({ sha }) => report('COMMIT', sha, actor));
  }
  if (type === 'PullRequestEvent') return reportPull(p, actor, report);
  if (type === 'PullRequestReviewEvent' && p.action === 'created') {
    if (p.review.user.id === p.pull_request.user?.id) return [];
    const at = p.review.submitted_at;
    return report('PR_REVIEWED', `review ${p.review.id}`, p.review.user, { at });
  }
  if (type === 'IssuesEvent' && p.action === 'opened') {
    return report('ISSUE_OPENED', `${p.issue.number} issue`, p.issue.user, {
      at: p.issue.created_at,
    });
  }
  if (type === 'IssuesEvent' && p.action === 'closed') {
    const at = p.issue.closed_at;
    return report('ISSUE_CLOSED', `${p.issue.number} issue closed`, actor, { at });
  }
  if (type === 'ReleaseEvent' && p.action === 'published') {
    const { id, author, published_at: at } = p.release;
    return report('RELEASE', `release ${id}`, author, { at });
  }
  return reportComment(event, report);
}

type MakeReport = (kind: Kind, key: string, by: Account | null, more?: Details) => Report[];

function reportPull(p: RawEvent['payload'], actor: Account, report: MakeReport): Report[] {
  const pull = p.pull_request;
  if (p.action === 'opened') {
    return report('PR_OPENED', `${pull.number} opened`, pull.user ?? actor, {
      at: pull.created_at,
    });
  }
  if (p.action !== 'merged' && !(p.action === 'closed' && pull.merged)) return [];
  const lines = { added: pull.additions ?? 0, deleted: pull.deletions ?? 0 };
  const more = { at: pull.merged_at, ...lines };
  return report('PR_MERGED', `${pull.number} merged`, pull.user ?? null, more);
}

const COMMENTS: Readonly<Record<string, readonly [Kind, string]>> = {
  PullRequestReviewCommentEvent: ['PR_REVIEW_COMMENT', 'review comment'],
  IssueCommentEvent: ['COMMENT', 'comment'],
  CommitCommentEvent: ['COMMENT', 'commit comment'],
};

function reportComment({ type, payload }: RawEvent, report: MakeReport): Report[] {
  const [kind, name] = COMMENTS[type] ?? [];
  // A comment on a commit has no action in the full era.
  const isNew = payload.action === 'created' || type === 'CommitCommentEvent';
  if (!kind || !isNew) return [];
  const { id, user, created_at: at } = payload.comment;
  return report(kind, `${name} ${id}`, user, { at });
}

/** Each account's latest login; an account that lost its login to another one is marked. */
function loginsOf(reports: readonly Report[]): Map<number, string> {
  const latest = new Map<number, { login: string; at: string }>();
  for (const { by, reportedAt: at } of reports) {
    if (by && at >= (latest.get(by.id)?.at ?? '')) latest.set(by.id, { login: by.login, at });
  }
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const entries = [...latest].map(([id, { login, at }]): [number, string] => {
    const isTaken = reports.some(
      ({ by, reportedAt }) => by && by.id !== id && isSame(by.login, login) && reportedAt > at,
    );
    return [id, isTaken ? `${login}_old_${id}` : login];
  });
  return new Map(entries);
}

/** The accounts that are not people. `people` count as people although they look like bots. */
function hiddenOf(
  reports: readonly Report[],
  logins: ReadonlyMap<number, string>,
  people: readonly number[],
): Set<number> {
  const typed = reports.flatMap(({ by }) => (by?.type === 'Bot' ? [by.id] : []));
  const named = [...logins].filter(([, login]) => {
    const name = login.toLowerCase();
    return name.endsWith('[bot]') || BOT_LOGINS.includes(name);
  });
  const bots = new Set([...typed, ...named.map(([id]) => id), ...BOT_IDS]);
  for (const id of people) bots.delete(id);
  return bots.add(GHOST);
}

/** The first report of each fact stands; an unnamed author is the account that opened the pull. */
function factsOf(reports: readonly Report[]): Fact[] {
  const first = new Map(reports.toReversed().map((one) => [`${one.repository} ${one.key}`, one]));
  const openers = new Map<string, number>();
  for (const { kind, repository, pull, by } of first.values()) {
    if (kind === 'PR_OPENED' && by) openers.set(`${repository} ${pull}`, by.id);
  }
  return [...first.values()].map(({ by, pull, repository, kind, at, added, deleted }) => {
    const user = by?.id ?? openers.get(`${repository} ${pull}`) ?? null;
    return { repository, user, kind, at, subject: pull, added, deleted };
  });
}

export type OracleEntry = Record<string, unknown>;

/** Every board at a moment, under its path below `leaderboard/`: `global/week`, `octo/one/all`. */
export function boardsOfEvents(
  events: readonly RawEvent[],
  repositories: readonly string[],
  now: string,
  people: readonly number[] = [],
): Map<string, OracleEntry[]> {
  const tracked = new Set(repositories.map((name) => name.toLowerCase()));
  const reports = events
    .filter(({ repo }) => tracked.has(repo.name.toLowerCase()))
    .toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))
    .flatMap(reportsOf);
  const logins = loginsOf(reports);
  const nameOf = (id: number) => logins.get(id) ?? '';
  const rules = { now: new Date(now), hidden: hiddenOf(reports, logins, people), nameOf };
  const facts = factsOf(reports);
  const published = new Map<string, OracleEntry[]>();
  for (const [period, days] of Object.entries(PERIOD_DAYS)) {
    const boards = boardsOf(facts, { ...rules, days });
    for (const name of [GLOBAL, ...repositories]) {
      const entries = (boards.get(name.toLowerCase()) ?? []).map((line) => ({
        username: nameOf(line.user),
        github_id: line.user,
        ...toEntry(line),
      }));
      published.set(`${name}/${period}`, entries);
    }
  }
  return published;
}
