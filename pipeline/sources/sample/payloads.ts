import type { Activity, ActivityOf, Comment, Commit, Issue, Pull } from './activity.ts';
import { ownerOf, type Person, type SampleRepository } from './community.ts';

/**
 * The payloads of GitHub's events: the fields that the pipeline reads, and the others that
 * GitHub's OpenAPI description requires. Most of the others have one value everywhere, and all
 * addresses lead to the page of their object.
 */

/**
 * The payloads of GH Archive were full until 7 October 2025. Since 8 October 2025 pushes have no
 * commits, and pull requests are stubs.
 */
export type Era = 'full' | 'trimmed';

const WEB = 'https://github.com';

/** An object with the same value in each field; the names are separated by spaces. */
function fill<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}

/** `url`, and for each of the names a field that ends with `_url`. */
function addresses(page: string, names: string): { readonly url: string } {
  return { url: page, ...fill(`${names.replaceAll(' ', '_url ')}_url`, page) };
}

/** ISO 8601 in UTC, to the second, as GitHub writes it. */
export function toTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The id of an object, also as GitHub's GraphQL has it. */
function toIds(id: number) {
  return { id, node_id: `sample-${id}` };
}

/** The page of a repository, or one below it. */
export function pageOf({ owner, name }: SampleRepository, path = ''): string {
  return `${WEB}/${owner}/${name}${path}`;
}

/** The full account, under the login of that time. */
function toUser({ id, type, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const lists =
    'followers following gists starred subscriptions organizations repos events received_events';
  return {
    login,
    ...toIds(id),
    ...addresses(`${WEB}/${encodeURIComponent(login)}`, `html avatar ${lists}`),
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
  const isFork = id !== repository.githubId;
  return {
    ...toIds(id),
    ...addresses(`${WEB}/${full_name}`, 'html clone'),
    name,
    full_name,
    owner: toUser(owner, at),
    description,
    language,
    topics,
    fork: isFork,
    default_branch: defaultBranch,
    ...fill('stargazers_count watchers watchers_count', isFork ? 0 : repository.stars),
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

/** What issues and pull requests share. */
function toThread(activity: Activity, thread: Issue | Pull, page: string, closedAt: number | null) {
  const { id, number, title, body, author, openedAt } = thread;
  return {
    ...toIds(id),
    ...addresses(page, 'html comments'),
    number,
    title,
    body,
    user: toUser(author, activity.at),
    state: closedAt === null ? 'open' : 'closed',
    created_at: toTime(openedAt),
    updated_at: toTime(activity.at),
    closed_at: closedAt === null ? null : toTime(closedAt),
    ...THREAD_DEFAULTS,
  };
}

/** How a pull request ended, if it has ended by the time of the activity. */
function endOf({ at }: Activity, { end }: Pull): Pull['end'] {
  return end && end.at <= at ? end : null;
}

/** The issue, which both eras have in full; a pull request appears as one, too. */
function toIssue(activity: Activity, thread: Issue | Pull) {
  const { repository, at } = activity;
  const path = thread.isPull ? 'pull' : 'issues';
  const page = pageOf(repository, `/${path}/${thread.number}`);
  const isClosing = activity.kind === 'issue' && activity.action === 'closed';
  const end = thread.isPull ? endOf(activity, thread) : null;
  return {
    ...toThread(activity, thread, page, isClosing ? at : (end?.at ?? null)),
    ...addresses(page, 'repository labels events'),
    ...(thread.isPull ? { pull_request: addresses(page, 'html diff patch') } : {}),
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

/** What the events of reviews leave out of a pull request. */
function toSizes({ at }: Activity, pull: Pull, merge: Pull['end']) {
  return {
    additions: pull.added,
    deletions: pull.deleted,
    changed_files: pull.files,
    commits: pull.commits.length,
    review_comments: 0,
    maintainer_can_modify: false,
    mergeable: null,
    mergeable_state: 'unknown',
    merged: merge !== null,
    merged_by: merge && toUser(merge.by, at),
  };
}

/** The pull request of the full era; the sizes and the merge are in its own events alone. */
function toFullPull(activity: Activity, pull: Pull) {
  const end = endOf(activity, pull);
  const merge = end?.isMerged ? end : null;
  const page = pageOf(activity.repository, `/pull/${pull.number}`);
  const links = 'issue review_comments review_comment commits statuses';
  return {
    ...toThread(activity, pull, page, end?.at ?? null),
    ...addresses(page, `diff patch ${links}`),
    merged_at: merge && toTime(merge.at),
    merge_commit_sha: merge && pull.mergeSha,
    auto_merge: null,
    ...toEnds(activity, pull),
    _links: fill(`self html comments ${links}`, { href: page }),
    ...(activity.kind === 'pull' ? toSizes(activity, pull, merge) : {}),
  };
}

/** What reviews and all kinds of comments have. */
function toText({ at, actor }: Activity, { id, body }: Comment, page: string) {
  return { ...toIds(id), ...addresses(page, 'html'), user: toUser(actor, at), body };
}

function toComment(activity: Activity, comment: Comment, page: string) {
  const times = fill('created_at updated_at', toTime(activity.at));
  return { ...toText(activity, comment, page), ...times };
}

function toIssueComment(activity: ActivityOf<'comment'>) {
  const { repository, thread, comment } = activity;
  const page = pageOf(repository, `/issues/${thread.number}`);
  const anchor = `${page}#issuecomment-${comment.id}`;
  return { ...toComment(activity, comment, anchor), issue_url: page };
}

function toCommitComment(activity: ActivityOf<'commit-comment'>) {
  const { repository, comment, sha } = activity;
  const page = pageOf(repository, `/commit/${sha}#commitcomment-${comment.id}`);
  const nowhere = fill('position line path', null);
  return { ...toComment(activity, comment, page), ...nowhere, commit_id: sha };
}

/** What reviews and their comments say of the pull request. */
function toReviewed(page: string, { headSha }: Pull) {
  const _links = fill('self html pull_request', { href: page });
  return { pull_request_url: page, commit_id: headSha, _links };
}

function toReview(activity: ActivityOf<'review'>) {
  const { repository, at, review, pull } = activity;
  const page = pageOf(repository, `/pull/${pull.number}#pullrequestreview-${review.id}`);
  const { state } = review;
  const submitted_at = toTime(at);
  return { ...toText(activity, review, page), submitted_at, state, ...toReviewed(page, pull) };
}

const FIRST_LINE = {
  path: 'src/index.ts',
  diff_hunk: '@@ -1 +1 @@\n-a\n+b',
  ...fill('position original_position line original_line', 1),
};

/** A comment in a review: always on the first line of the change. */
function toReviewComment(activity: ActivityOf<'review-comment'>) {
  const { repository, comment, review, pull } = activity;
  const page = pageOf(repository, `/pull/${pull.number}#discussion_r${comment.id}`);
  return {
    ...toComment(activity, comment, page),
    ...toReviewed(page, pull),
    pull_request_review_id: review.id,
    original_commit_id: pull.headSha,
    ...FIRST_LINE,
    reactions: { url: page, total_count: 0 },
  };
}

function toRelease({ repository, at, actor, id, tag, body }: ActivityOf<'release'>) {
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

/** The creation or the deletion of a branch. */
function toRef({ repository, branch, action }: ActivityOf<'branch'>, era: Era) {
  const { defaultBranch: master_branch, description } = repository;
  return {
    ref: branch,
    ref_type: 'branch',
    pusher_type: 'user',
    ...(era === 'trimmed' ? { full_ref: `refs/heads/${branch}` } : {}),
    ...(action === 'created' ? { master_branch, description } : {}),
  };
}

/** The commits of a push, which only the full era has. */
export function toCommits({ repository, at, commits }: ActivityOf<'push'>) {
  const toCommit = ({ sha, author, message, isDistinct }: Commit) => {
    const name = author.loginAt(at);
    const email = `${author.id}+${name}@users.noreply.example.com`;
    const url = pageOf(repository, `/commits/${sha}`);
    return { sha, author: { email, name }, message, distinct: isDistinct, url };
  };
  const distinct_size = commits.filter(({ isDistinct }) => isDistinct).length;
  return { size: commits.length, distinct_size, commits: commits.map(toCommit) };
}

/** In the full era a merge was reported as `closed`, with `merged` in the pull request. */
function toPullAction(action: ActivityOf<'pull'>['action'], era: Era): string {
  return era === 'full' && action === 'merged' ? 'closed' : action;
}

/** The payload of any activity but a push. */
export function toPayload(activity: Exclude<Activity, { kind: 'push' }>, era: Era): unknown {
  const isFull = era === 'full';
  const toPull = isFull ? toFullPull : toPullStub;
  const association = isFull ? ASSOCIATION : {};
  const action = 'created';
  switch (activity.kind) {
    case 'pull': {
      const { number } = activity.pull;
      const pull_request = toPull(activity, activity.pull);
      return { action: toPullAction(activity.action, era), number, pull_request };
    }
    case 'review': {
      const review = { ...toReview(activity), ...association };
      return { action, review, pull_request: toPull(activity, activity.pull) };
    }
    case 'review-comment': {
      const comment = { ...toReviewComment(activity), ...association };
      return { action, comment, pull_request: toPull(activity, activity.pull) };
    }
    case 'issue':
      return { action: activity.action, issue: toIssue(activity, activity.issue) };
    case 'comment': {
      const comment = { ...toIssueComment(activity), ...association };
      return { action, issue: toIssue(activity, activity.thread), comment };
    }
    case 'commit-comment': {
      const comment = { ...toCommitComment(activity), ...association };
      return isFull ? { comment } : { action, comment };
    }
    case 'branch':
      return toRef(activity, era);
    case 'release':
      return { action: 'published', release: toRelease(activity) };
    case 'watch':
      return { action: 'started' };
    case 'fork': {
      const { repository, at, actor, forkId } = activity;
      const forkee = { ...toRepository(repository, at, actor, forkId), public: true };
      return isFull ? { forkee } : { action: 'forked', forkee };
    }
  }
}
