import {
  type CommitData,
  type Fate,
  type IssueData,
  isShown,
  latest,
  type PullRequestData,
  type RepositoryData,
} from './world.ts';

/** A repository at one moment, without later data. */
export interface Snapshot {
  readonly now: string;
  readonly data: RepositoryData;
  readonly head: string | null;
  readonly pullRequests: readonly (PullRequestData & { updatedAt: string })[];
  readonly issues: readonly (IssueData & { updatedAt: string })[];
}

/** Shows a repository as of a moment. */
export function snapshotAt(data: RepositoryData, now: string): Snapshot {
  const past = <T extends { createdAt: string } & Fate>(items: readonly T[]) =>
    items.filter((item) => item.createdAt <= now && isShown(item, now));
  // What belongs to an issue or a pull request comes and goes with it.
  const subjects = [...data.issues, ...data.pullRequests];
  const absent = new Set(subjects.flatMap((one) => (isShown(one, now) ? [] : one.number)));
  const own = {
    comments: past(data.comments).filter((one) => !absent.has(one.number)),
    reviewComments: past(data.reviewComments).filter((one) => !absent.has(one.pullNumber)),
    reviews: data.reviews.filter(
      (one) =>
        (one.submittedAt === null || one.submittedAt <= now) &&
        isShown(one, now) &&
        !absent.has(one.pullNumber),
    ),
  };
  const talk = groupBy(own.comments, (comment) => comment.number);
  const reviews = groupBy(own.reviews, (review) => review.pullNumber);
  const remarks = groupBy(own.reviewComments, (comment) => comment.pullNumber);
  const said = (number: number) => [
    ...(talk.get(number) ?? []).flatMap((c) => [c.createdAt, c.editedAt]),
    ...(reviews.get(number) ?? []).map((review) => review.submittedAt),
    ...(remarks.get(number) ?? []).flatMap((c) => [c.createdAt, c.editedAt]),
  ];
  return {
    now,
    head: data.pushes.filter((push) => push.at <= now).at(-1)?.head ?? null,
    pullRequests: past(data.pullRequests).map((pull) => ({
      ...pull,
      mergedAt: visible(pull.mergedAt, now),
      closedAt: visible(pull.closedAt ?? pull.mergedAt, now),
      updatedAt: latest(
        now,
        pull.createdAt,
        pull.mergedAt,
        pull.closedAt,
        ...(pull.touchedAt ?? []),
        ...said(pull.number),
      ),
    })),
    issues: past(data.issues).map((issue) => ({
      ...issue,
      closings: (issue.closings ?? []).filter((closing) => closing.at <= now),
      updatedAt: latest(
        now,
        issue.createdAt,
        ...(issue.touchedAt ?? []),
        ...(issue.reopenedAt ?? []),
        ...(issue.closings ?? []).map((c) => c.at),
        ...said(issue.number),
      ),
    })),
    data: {
      ...data,
      ...own,
      commitComments: past(data.commitComments),
      releases: past(data.releases).map((r) => ({
        ...r,
        publishedAt: visible(r.publishedAt, now),
      })),
    },
  };
}

/** Every commit that can be reached from one, newest first, as `git log` lists them. */
export function reachable(data: RepositoryData, from: string | null): CommitData[] {
  const bySha = commitsOf(data);
  const seen = new Set<string>();
  for (const stack = from ? [from] : []; stack.length > 0; ) {
    const sha = stack.pop();
    if (sha === undefined || seen.has(sha)) continue;
    const commit = bySha.get(sha);
    if (!commit) continue;
    seen.add(sha);
    stack.push(...commit.parents);
  }
  const order = new Map(data.commits.map((commit, index) => [commit.sha, index]));
  return [...seen]
    .map((sha) => bySha.get(sha) as CommitData)
    .sort(
      (a, b) =>
        b.committedAt.localeCompare(a.committedAt) ||
        (order.get(b.sha) ?? 0) - (order.get(a.sha) ?? 0),
    );
}

const indexes = new WeakMap<readonly CommitData[], Map<string, CommitData>>();

export function commitsOf(data: RepositoryData): Map<string, CommitData> {
  const known = indexes.get(data.commits);
  if (known) return known;
  const index = new Map(data.commits.map((commit) => [commit.sha, commit]));
  indexes.set(data.commits, index);
  return index;
}

function visible(moment: string | null | undefined, now: string): string | null {
  return moment && moment <= now ? moment : null;
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  return Map.groupBy(items, keyOf);
}
