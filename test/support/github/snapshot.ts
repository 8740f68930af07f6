import {
  type CommitData,
  type IssueData,
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
  const past = <T extends { createdAt: string }>(items: readonly T[]) =>
    items.filter((item) => item.createdAt <= now);
  const talk = groupBy(past(data.comments), (comment) => comment.number);
  const reviews = groupBy(data.reviews, (review) => review.pullNumber);
  const remarks = groupBy(past(data.reviewComments), (comment) => comment.pullNumber);
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
      reviews: data.reviews.filter((r) => r.submittedAt === null || r.submittedAt <= now),
      comments: past(data.comments),
      reviewComments: past(data.reviewComments),
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
