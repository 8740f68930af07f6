import { ORGANIZATION_REFUSALS, type OrganizationRefusal, WENT_WRONG } from './faults.ts';
import { databaseIdOf, encodeNodeId } from './node-id.ts';
import { connection, historyPage, type PageArguments, padded } from './pages.ts';
import { commitsOf, groupBy, reachable, type Snapshot } from './snapshot.ts';
import {
  type CommitData,
  type Hideable,
  hiddenAt,
  loginAt,
  messageOf,
  type Person,
  type ReviewData,
  titleOf,
} from './world.ts';

/** The values that graphql-js resolves: plain objects; a field with arguments is a function. */

type Node = Record<string, unknown> & { __typename: string };
interface Order {
  readonly orderBy?: { field: 'CREATED_AT' | 'UPDATED_AT' | 'COMMENTS'; direction: 'ASC' | 'DESC' };
}
type PullRequest = Snapshot['pullRequests'][number];
type Issue = Snapshot['issues'][number];

/** An account as GraphQL shows it: apps without their `[bot]`, deleted users as null. */
export function personNode(person: Person | null, now: string): Node | null {
  if (!person) return null;
  const login = loginAt(person, now);
  return {
    __typename: person.type,
    id: encodeNodeId(person.type === 'Bot' ? 'BOT' : 'U', person.id),
    databaseId: person.id,
    login: person.type === 'Bot' ? login.replace(/\[bot\]$/, '') : login,
    name: person.name ?? null,
    company: person.company ?? null,
    location: person.location ?? null,
    email: person.email ?? (person.type === 'Organization' ? null : ''),
    twitterUsername: person.twitter ?? null,
    websiteUrl: person.website ?? null,
    avatarUrl: `https://avatars.example/u/${person.id}`,
    socialAccounts: (page: PageArguments) =>
      connection(
        (person.accounts ?? []).map((account, index) => ({
          ...account,
          index,
          displayName: account.url,
        })),
        page,
        (account) => padded(account.index),
      ),
  };
}

/** The node, or the error in its place if GitHub can't show it. */
function shown(view: Snapshot, key: string, node: Node): Node | Error {
  return view.data.unshown?.includes(key) ? new Error(WENT_WRONG) : node;
}

/** The branch's commit itself is shown, even where it can't be shown in a list. */
export function commitNode(view: Snapshot, commit: CommitData): Node {
  const { now, data } = view;
  const gitActor = (person: Person | null, email: string) => ({
    email,
    name: person?.login ?? 'someone',
    // An app is not a user, so GitHub gives no user for its commits.
    user: person?.type === 'User' ? personNode(person, now) : null,
  });
  return {
    __typename: 'Commit',
    id: `C_${commit.sha}`,
    oid: commit.sha,
    message: messageOf(commit),
    committedDate: commit.committedAt,
    additions: commit.additions,
    deletions: commit.deletions,
    author: gitActor(commit.author, commit.authorEmail),
    authors: (page: PageArguments) =>
      connection(
        [
          gitActor(commit.author, commit.authorEmail),
          ...(commit.coAuthors ?? []).map((person) => gitActor(person, `${person.id}@example.com`)),
        ].map((actor, index) => ({ ...actor, index })),
        page,
        (actor) => padded(actor.index),
      ),
    parents: () => ({ totalCount: commit.parents.length }),
    history: (args: PageArguments & { since?: string; until?: string }) =>
      historyPage(
        commit.sha,
        reachable(data, commit.sha)
          .filter((c) => !args.since || c.committedAt >= seconds(args.since))
          .filter((c) => !args.until || c.committedAt <= seconds(args.until))
          .map((c) => shown(view, `commit:${c.sha}`, commitNode(view, c))),
        args,
      ),
  };
}

function hiddenFields(item: Hideable, now: string) {
  const minimizedReason = hiddenAt(item, now);
  return { isMinimized: minimizedReason !== null, minimizedReason };
}

function reviewNode(view: Snapshot, review: ReviewData): Node {
  return {
    __typename: 'PullRequestReview',
    id: encodeNodeId('PRR', view.data.id, review.id),
    fullDatabaseId: String(review.id),
    state: review.state,
    submittedAt: review.submittedAt,
    ...hiddenFields(review, view.now),
    author: personNode(review.author, view.now),
  };
}

const reviewIndexes = new WeakMap<Snapshot, Map<number, ReviewData[]>>();

function reviewsOf(view: Snapshot, number: number): ReviewData[] {
  const known = reviewIndexes.get(view);
  const index = known ?? groupBy(view.data.reviews, (review) => review.pullNumber);
  if (!known) reviewIndexes.set(view, index);
  return index.get(number) ?? [];
}

export function pullRequestNode(view: Snapshot, pull: PullRequest): Node {
  return {
    __typename: 'PullRequest',
    id: encodeNodeId('PR', view.data.id, pull.id),
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: titleOf(pull),
    author: personNode(pull.author, view.now),
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
    mergedAt: pull.mergedAt,
    merged: pull.mergedAt !== null,
    closedAt: pull.closedAt,
    additions: pull.additions,
    deletions: pull.deletions,
    reviews: (page: PageArguments) =>
      mapNodes(
        connection(reviewsOf(view, pull.number), page, (review) => padded(review.id)),
        (review) => shown(view, `review:${review.id}`, reviewNode(view, review)),
      ),
  };
}

export function issueNode(view: Snapshot, issue: Issue): Node {
  const closings = issue.closings ?? [];
  const reopened = (issue.reopenedAt ?? []).filter((at) => at <= view.now).at(-1) ?? '';
  const last = closings.at(-1)?.at ?? null;
  return {
    __typename: 'Issue',
    id: encodeNodeId('I', view.data.id, issue.id),
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: titleOf(issue),
    author: personNode(issue.author, view.now),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    state: last && last > reopened ? 'CLOSED' : 'OPEN',
    closedAt: last && last > reopened ? last : null,
    timelineItems: (page: PageArguments & { itemTypes?: string[] }) =>
      connection(
        closings.map((closing, index) => ({
          __typename: 'ClosedEvent',
          index,
          createdAt: closing.at,
          actor: personNode(closing.actor, view.now),
        })),
        page,
        (closing) => padded(closing.index),
      ),
  };
}

export function repositoryNode(view: Snapshot): Node {
  const { data, now } = view;
  const head = view.head === null ? null : commitsOf(data).get(view.head);
  return {
    __typename: 'Repository',
    id: encodeNodeId('R', data.id),
    databaseId: data.id,
    nameWithOwner: `${data.owner}/${data.name}`,
    name: data.name,
    owner: { __typename: 'User', login: data.owner },
    ...facts(view),
    defaultBranchRef: head && { name: data.defaultBranch, target: () => commitNode(view, head) },
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      head && qualifiedName.replace('refs/heads/', '') === data.defaultBranch
        ? { name: data.defaultBranch, target: () => commitNode(view, head) }
        : null,
    object: ({ oid }: { oid?: string }) => {
      const commit = oid ? commitsOf(data).get(oid) : undefined;
      return commit ? commitNode(view, commit) : null;
    },
    pullRequests: (args: PageArguments & Order) =>
      ordered(isOff(view, 'pull requests') ? [] : view.pullRequests, args, (pull) =>
        shown(view, `pr:${pull.number}`, pullRequestNode(view, pull)),
      ),
    issues: (args: PageArguments & Order & { filterBy?: { since?: string } }) => {
      const since = args.filterBy?.since;
      const all = isOff(view, 'issues') ? [] : view.issues;
      const issues = all.filter((i) => !since || i.updatedAt >= seconds(since));
      return ordered(issues, args, (issue) =>
        shown(view, `issue:${issue.number}`, issueNode(view, issue)),
      );
    },
    releases: (args: PageArguments & { orderBy?: { direction: 'ASC' | 'DESC' } }) =>
      mapNodes(
        connection(
          data.releases,
          args,
          (release) => `${release.createdAt} ${padded(release.id)}`,
          args.orderBy?.direction === 'DESC',
        ),
        (release) => ({
          __typename: 'Release',
          databaseId: release.id,
          createdAt: release.createdAt,
          publishedAt: release.publishedAt,
          isDraft: release.publishedAt === null,
        }),
      ),
    commitComments: (page: PageArguments) =>
      mapNodes(
        connection(data.commitComments, page, (comment) => padded(comment.id)),
        (comment) =>
          shown(view, `comment:${comment.id}`, {
            __typename: 'CommitComment',
            id: encodeNodeId('CC', data.id, comment.id),
            databaseId: comment.id,
            createdAt: comment.createdAt,
            commit: { oid: comment.sha },
            author: personNode(comment.author, now),
            ...hiddenFields(comment, now),
          }),
      ),
    issueOrPullRequest: ({ number }: { number: number }) => numberedNode(view, number),
    discussion: ({ number }: { number: number }) => {
      if (data.discussions?.includes(number)) return { __typename: 'Discussion', number };
      throw new NotFound(`Could not resolve to a Discussion with the number of ${number}.`);
    },
  };
}

/** What is shown beside the name of a repository. */
function facts({ data }: Snapshot) {
  return {
    description: data.description ?? null,
    stargazerCount: data.stars ?? 0,
    forkCount: data.forks ?? 0,
    primaryLanguage: data.language ? { name: data.language } : null,
    licenseInfo: data.license ? { spdxId: data.license } : null,
    isArchived: data.archived ?? false,
    isFork: data.isFork ?? false,
    // A private one is not shown to a token that has nothing to do with it.
    isPrivate: false,
    isDisabled: data.disabled ?? false,
    hasIssuesEnabled: !data.off?.includes('issues'),
    repositoryTopics: (page: PageArguments) =>
      connection(
        (data.topics ?? []).map((name, index) => ({ index, topic: { name } })),
        page,
        ({ index }) => padded(index),
      ),
  };
}

function isOff({ data }: Snapshot, list: 'issues' | 'pull requests'): boolean {
  return data.off?.includes(list) ?? false;
}

export function numberedNode(view: Snapshot, number: number): Node | Error {
  const pull = view.pullRequests.find((item) => item.number === number);
  if (pull) return shown(view, `pr:${number}`, pullRequestNode(view, pull));
  const issue = view.issues.find((item) => item.number === number);
  if (issue) return shown(view, `issue:${number}`, issueNode(view, issue));
  throw new NotFound(`Could not resolve to an issue or pull request with the number of ${number}.`);
}

/** The node with this id, or null. */
export function nodeById(view: Snapshot, id: string): Node | Error | null {
  if (id.startsWith('C_')) {
    const commit = commitsOf(view.data).get(id.slice(2));
    return commit ? shown(view, `commit:${commit.sha}`, commitNode(view, commit)) : null;
  }
  if (id.startsWith('PRRC_')) {
    const comment = view.data.reviewComments.find(
      (one) => encodeNodeId('PRRC', view.data.id, one.id) === id,
    );
    const common = { __typename: 'PullRequestReviewComment', id };
    return comment ? { ...common, ...hiddenFields(comment, view.now) } : null;
  }
  const databaseId = readId(id);
  if (databaseId === null) {
    return new NotFound(`Could not resolve to a node with the global id of '${id}'.`);
  }
  const pull = view.pullRequests.find((item) => item.id === databaseId);
  return pull ? pullRequestNode(view, pull) : null;
}

function readId(nodeId: string): number | null {
  try {
    return databaseIdOf(nodeId);
  } catch {
    return null;
  }
}

/** GitHub answers this with `type: NOT_FOUND` and a null. */
export class NotFound extends Error {
  readonly extensions = { type: 'NOT_FOUND' };
}

/** GitHub's answer where an organisation's settings refuse the token. */
export class Forbidden extends Error {
  readonly extensions: { readonly type: string; readonly saml_failure?: true };

  constructor(refusal: OrganizationRefusal) {
    super(ORGANIZATION_REFUSALS[refusal]);
    this.extensions = { type: 'FORBIDDEN', ...(refusal === 'saml' && { saml_failure: true }) };
  }
}

function ordered<T extends PullRequest | Issue>(
  items: readonly T[],
  args: PageArguments & Order,
  toNode: (item: T) => unknown,
) {
  const field = args.orderBy?.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt';
  const page = connection(
    items,
    args,
    (item) => `${item[field]} ${padded(item.id)}`,
    args.orderBy?.direction === 'DESC',
  );
  return mapNodes(page, toNode);
}

/** Turns the items of a page into nodes; only those of the page, so that it stays quick. */
function mapNodes<T>(page: ReturnType<typeof connection<T>>, toNode: (item: T) => unknown) {
  return { ...page, nodes: page.nodes.map(toNode) };
}

/** GitHub's times have no milliseconds. */
function seconds(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
