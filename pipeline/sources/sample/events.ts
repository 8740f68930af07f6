import { ownerOf, type Person, type SampleRepository } from './community.ts';
import { createRng, pickSha } from './rng.ts';
import type { Activity, ActivityOf, Comment, Issue, Pull } from './timelines.ts';

/**
 * Activities as lines of GH Archive. Payloads have the fields that the pipeline reads, and the
 * others that GitHub's OpenAPI description requires. Most of the others have one value everywhere,
 * and all addresses lead to the page of their object.
 */

/** An object with the same value in each field; the names are separated by spaces. */
function fill<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}

/** `url`, and for each of the names a field that ends with `_url`. */
function addresses(page: string, names: string): { readonly url: string } {
  return { url: page, ...fill(`${names.replaceAll(' ', '_url ')}_url`, page) };
}

/** ISO 8601 in UTC, to the second, as GitHub writes it. */
const toTime = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The id of an object, also as GitHub's GraphQL has it. */
const toIds = (id: number) => ({ id, node_id: `sample-${id}` });

/** The page of a repository, or one below it. */
function pageOf({ owner, name }: SampleRepository, path = ''): string {
  return `https://github.com/${owner}/${name}${path}`;
}

/** The full account, under the login of that time. */
function toUser({ id, type, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const page = `https://github.com/${encodeURIComponent(login)}`;
  const lists =
    'followers following gists starred subscriptions organizations repos events received_events';
  return {
    login,
    ...toIds(id),
    ...addresses(page, `html avatar ${lists}`),
    gravatar_id: '',
    type,
    site_admin: false,
  };
}

const REPOSITORY_DEFAULTS = {
  ...fill('created_at updated_at pushed_at', '2015-01-01T00:00:00Z'),
  ...fill('has_issues has_projects has_downloads has_wiki', true),
  ...fill('private has_pages archived disabled', false),
  ...fill('homepage license', null),
  ...fill('size forks forks_count open_issues open_issues_count', 40),
};

/**
 * The repository itself, or the fork of a person. GitHub adds about 40 addresses (`keys_url` and
 * the like). They are left out, as they would be half of all bytes of the sample.
 */
function toRepository(repository: SampleRepository, at: number, owner: Person, id: number) {
  const { name, description, language, topics, defaultBranch } = repository;
  const full_name = `${owner.loginAt(at)}/${name}`;
  const fork = id !== repository.githubId;
  return {
    ...toIds(id),
    ...addresses(`https://github.com/${full_name}`, 'html clone'),
    name,
    full_name,
    owner: toUser(owner, at),
    description,
    language,
    topics,
    fork,
    default_branch: defaultBranch,
    ...fill('stargazers_count watchers watchers_count', fork ? 0 : repository.stars),
    ...REPOSITORY_DEFAULTS,
  };
}

/** The relation of a person to a project; the trimmed era has it in issues alone. */
const ASSOCIATION = { author_association: 'CONTRIBUTOR' };

const THREAD_DEFAULTS = {
  ...fill('assignee milestone active_lock_reason', null),
  ...ASSOCIATION,
  labels: [],
  locked: false,
  comments: 0,
};

/** How a pull request ended, if it has ended by the time of the activity. */
function endOf({ at }: Activity, { end }: Pull): Pull['end'] {
  return end && end.at <= at ? end : null;
}

/** When an issue or a pull request was closed, if it is closed. */
function closedAtOf(activity: Activity, thread: Issue | Pull): string | null {
  const isClosing = activity.type === 'IssuesEvent' && activity.action === 'closed';
  const end = thread.isPull ? endOf(activity, thread) : isClosing && activity;
  return end ? toTime(end.at) : null;
}

/** What issues and pull requests share. */
function toThread(activity: Activity, thread: Issue | Pull) {
  const { id, number, title, body, isPull } = thread;
  const closed_at = closedAtOf(activity, thread);
  const page = pageOf(activity.repository, `/${isPull ? 'pull' : 'issues'}/${number}`);
  return {
    ...toIds(id),
    ...addresses(page, 'html comments'),
    number,
    title,
    body,
    user: toUser(thread.author, activity.at),
    state: closed_at ? 'closed' : 'open',
    created_at: toTime(thread.openedAt),
    updated_at: toTime(activity.at),
    closed_at,
    ...THREAD_DEFAULTS,
  };
}

/** The issue, which both eras have in full; a pull request appears as one, too. */
function toIssue(activity: Activity, thread: Issue | Pull) {
  const issue = toThread(activity, thread);
  return {
    ...issue,
    ...addresses(issue.url, 'repository labels events'),
    ...(thread.isPull && { pull_request: addresses(issue.url, 'html diff patch') }),
  };
}

/** The two ends of a pull request: the branch it comes from, and the one it goes to. */
function toEnds({ repository, at }: Activity, pull: Pull) {
  const toEnd = (person: Person, id: number, ref: string, sha: string) => {
    const repo = toRepository(repository, at, person, id);
    return { label: `${person.loginAt(at)}:${ref}`, ref, sha, user: repo.owner, repo };
  };
  const { author, forkId, branch, headSha, baseSha } = pull;
  const owner = ownerOf(repository);
  return {
    head: toEnd(forkId ? author : owner, forkId ?? repository.githubId, branch, headSha),
    base: toEnd(owner, repository.githubId, repository.defaultBranch, baseSha),
  };
}

/** The pull request of the trimmed era: no author, no lines, nothing about a merge. */
function toPullStub(activity: Activity, pull: Pull) {
  const { head, base } = toEnds(activity, pull);
  const toStub = ({ ref, sha, repo: { id, url, name } }: typeof head) => {
    return { ref, sha, repo: { id, url, name } };
  };
  const url = pageOf(activity.repository, `/pull/${pull.number}`);
  return { url, id: pull.id, number: pull.number, head: toStub(head), base: toStub(base) };
}

/** The pull request of the full era; the sizes and the merge are in its own events alone. */
function toFullPull(activity: Activity, pull: Pull) {
  const thread = toThread(activity, pull);
  const end = endOf(activity, pull);
  const merge = end?.isMerged ? end : null;
  const links = 'issue review_comments review_comment commits statuses';
  const sizes = {
    additions: pull.added,
    deletions: pull.deleted,
    changed_files: pull.files,
    commits: pull.commits.length,
    review_comments: 0,
    maintainer_can_modify: false,
    mergeable: null,
    mergeable_state: 'unknown',
    merged: merge !== null,
    merged_by: merge && toUser(merge.by, activity.at),
  };
  return {
    ...thread,
    ...addresses(thread.url, `diff patch ${links}`),
    merged_at: merge && toTime(merge.at),
    merge_commit_sha: merge && pull.mergeSha,
    auto_merge: null,
    ...toEnds(activity, pull),
    _links: fill(`self html comments ${links}`, { href: thread.url }),
    ...(activity.type === 'PullRequestEvent' && sizes),
  };
}

const toPull = (activity: Activity, pull: Pull, isFull: boolean) =>
  (isFull ? toFullPull : toPullStub)(activity, pull);

/** What reviews and all kinds of comments have; their page is at an anchor of another. */
function toText({ at, actor, repository }: Activity, { id, body }: Comment, anchor: string) {
  const page = pageOf(repository, `/${anchor}${id}`);
  return { ...toIds(id), ...addresses(page, 'html'), user: toUser(actor, at), body };
}

function toComment(activity: Activity, comment: Comment, anchor: string) {
  const times = fill('created_at updated_at', toTime(activity.at));
  return { ...toText(activity, comment, anchor), ...times };
}

/** What reviews and their comments say of the pull request. */
function toReviewed(page: string, { headSha }: Pull) {
  const _links = fill('self html pull_request', { href: page });
  return { pull_request_url: page, commit_id: headSha, _links };
}

function toReview(activity: ActivityOf<'PullRequestReviewEvent'>) {
  const { review, pull, at } = activity;
  const text = toText(activity, review, `pull/${pull.number}#pullrequestreview-`);
  const { state } = review;
  return { ...text, submitted_at: toTime(at), state, ...toReviewed(text.url, pull) };
}

const FIRST_LINE = {
  path: 'src/index.ts',
  diff_hunk: '@@ -1 +1 @@\n-a\n+b',
  ...fill('position original_position line original_line', 1),
};

/** A comment in a review: always on the first line of the change. */
function toReviewComment(activity: ActivityOf<'PullRequestReviewCommentEvent'>) {
  const { comment, review, pull } = activity;
  const text = toComment(activity, comment, `pull/${pull.number}#discussion_r`);
  return {
    ...text,
    ...toReviewed(text.url, pull),
    pull_request_review_id: review.id,
    original_commit_id: pull.headSha,
    ...FIRST_LINE,
    reactions: { url: text.url, total_count: 0 },
  };
}

function toRelease({ repository, at, actor, id, tag, body }: ActivityOf<'ReleaseEvent'>) {
  return {
    ...toIds(id),
    ...addresses(pageOf(repository, `/releases/tag/${tag}`), 'html assets upload tarball zipball'),
    author: toUser(actor, at),
    ...fill('tag_name name', tag),
    target_commitish: repository.defaultBranch,
    ...fill('draft prerelease', false),
    ...fill('created_at published_at', toTime(at)),
    assets: [],
    body,
  };
}

/** The commits of a push, which only the full era has. */
function toCommits({ repository, at, commits }: ActivityOf<'PushEvent'>) {
  return {
    size: commits.length,
    distinct_size: commits.filter(({ isDistinct }) => isDistinct).length,
    commits: commits.map(({ sha, author, message, isDistinct }) => {
      const name = author.loginAt(at);
      const email = `${author.id}+${name}@users.noreply.example.com`;
      const url = pageOf(repository, `/commits/${sha}`);
      return { sha, author: { email, name }, message, distinct: isDistinct, url };
    }),
  };
}

/** What a line depends on beside its activity. */
interface Archive {
  /** The era, see `createLineWriter`. */
  readonly isFull: boolean;
  readonly lastIds: { full: number; trimmed: number; push: number };
  /** The heads of branches, where their next push begins. */
  readonly heads: Map<string, string>;
}

function toPush(push: ActivityOf<'PushEvent'>, { isFull, lastIds, heads }: Archive) {
  const repository_id = push.repository.githubId;
  const ref = `refs/heads/${push.branch}`;
  const key = `${repository_id} ${ref}`;
  const before = heads.get(key) ?? pickSha(createRng(repository_id));
  const head = push.commits.at(-1)?.sha ?? before;
  heads.set(key, head);
  lastIds.push += 1;
  return {
    repository_id,
    push_id: lastIds.push,
    ref,
    head,
    before,
    ...(isFull && toCommits(push)),
  };
}

/** The branch that is created or deleted. */
function toRef(ref: string, isFull: boolean) {
  const kind = { ref, ref_type: 'branch', pusher_type: 'user' };
  return isFull ? kind : { ...kind, full_ref: `refs/heads/${ref}` };
}

/** Writes the payload of a type of event. */
const PAYLOADS: {
  readonly [T in Activity['type']]: (activity: ActivityOf<T>, archive: Archive) => object;
} = {
  // In the full era a merge was reported as `closed`, with `merged` in the pull request.
  PullRequestEvent: (activity, { isFull }) => ({
    action: isFull && activity.action === 'merged' ? 'closed' : activity.action,
    number: activity.pull.number,
    pull_request: toPull(activity, activity.pull, isFull),
  }),
  PullRequestReviewEvent: (activity, { isFull }) => ({
    action: 'created',
    review: { ...toReview(activity), ...(isFull && ASSOCIATION) },
    pull_request: toPull(activity, activity.pull, isFull),
  }),
  PullRequestReviewCommentEvent: (activity, { isFull }) => ({
    action: 'created',
    comment: { ...toReviewComment(activity), ...(isFull && ASSOCIATION) },
    pull_request: toPull(activity, activity.pull, isFull),
  }),
  IssuesEvent: (activity) => ({
    action: activity.action,
    issue: toIssue(activity, activity.issue),
  }),
  IssueCommentEvent(activity, { isFull }) {
    const { thread, comment, repository } = activity;
    const text = toComment(activity, comment, `issues/${thread.number}#issuecomment-`);
    const issue_url = pageOf(repository, `/issues/${thread.number}`);
    return {
      action: 'created',
      issue: toIssue(activity, thread),
      comment: { ...text, issue_url, ...(isFull && ASSOCIATION) },
    };
  },
  CommitCommentEvent(activity, { isFull }) {
    const { comment, sha } = activity;
    const text = toComment(activity, comment, `commit/${sha}#commitcomment-`);
    const place = { ...fill('position line path', null), commit_id: sha };
    if (isFull) return { comment: { ...text, ...place, ...ASSOCIATION } };
    return { action: 'created', comment: { ...text, ...place } };
  },
  CreateEvent: ({ repository, branch }, { isFull }) => ({
    ...toRef(branch, isFull),
    master_branch: repository.defaultBranch,
    description: repository.description,
  }),
  DeleteEvent: ({ branch }, { isFull }) => toRef(branch, isFull),
  PushEvent: toPush,
  ReleaseEvent: (activity) => ({ action: 'published', release: toRelease(activity) }),
  WatchEvent: () => ({ action: 'started' }),
  ForkEvent({ repository, at, actor, forkId }, { isFull }) {
    const forkee = { ...toRepository(repository, at, actor, forkId), public: true };
    return isFull ? { forkee } : { action: 'forked', forkee };
  },
};

/** The short account of `actor` and `org`. */
function toActor({ id, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const avatar_url = `https://avatars.githubusercontent.com/u/${id}?`;
  return { id, login, gravatar_id: '', url: `https://api.github.com/users/${login}`, avatar_url };
}

/**
 * Writes activities as lines (without line end). To be called in the order of time.
 * @param trimmedFrom the payloads of GH Archive were full until 7 October 2025; since 8 October
 *   2025 pushes have no commits, and pull requests are stubs
 */
export function createLineWriter(trimmedFrom: Date): (activity: Activity) => string {
  // Above the ids that GitHub has given out. In October 2025 the ids of events began anew, and
  // lower: software that sorts or resumes by them loses a day.
  const lastIds = { full: 950_000_000_000, trimmed: 910_000_000_000, push: 900_000_000_000 };
  const heads = new Map<string, string>();
  return (activity) => {
    const { type, at, actor, repository } = activity;
    const isFull = at < trimmedFrom.getTime();
    lastIds[isFull ? 'full' : 'trimmed'] += 1;
    const toPayload = PAYLOADS[type] as (one: Activity, archive: Archive) => object;
    const owner = ownerOf(repository);
    const name = `${repository.owner}/${repository.name}`;
    return JSON.stringify({
      id: String(lastIds[isFull ? 'full' : 'trimmed']),
      type,
      actor: toActor(actor, at),
      repo: { id: repository.githubId, name, url: pageOf(repository) },
      payload: toPayload(activity, { isFull, lastIds, heads }),
      public: true,
      created_at: toTime(at),
      ...(owner.type === 'Organization' && { org: toActor(owner, at) }),
    });
  };
}
