import { ownerOf, type Person, type SampleRepository } from './community.ts';
import type { Activity, ActivityOf, Issue, Pull, Text } from './timelines.ts';

/**
 * Activities as lines of GH Archive. Payloads have the fields that the pipeline reads, and the
 * others that GitHub's OpenAPI description requires. The others have one value everywhere.
 */

/** The value of all addresses, and of the names of git objects that stand for none. */
const PAGE = 'https://github.com';
const NO_SHA = '0'.repeat(40);

/** An object with the same value in each field; the names are separated by spaces. */
function fill<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}

/** What every object has: addresses, `url` and for each of the names a field with `_url`. */
function createDefaults(names: string) {
  return { node_id: 'sample', url: PAGE, ...fill(`${names.replaceAll(' ', '_url ')}_url`, PAGE) };
}

const USER_LISTS = 'followers following gists starred subscriptions organizations repos events';
const USER = {
  ...createDefaults(`html avatar received_events ${USER_LISTS}`),
  gravatar_id: '',
  site_admin: false,
};

const REPOSITORY = {
  ...createDefaults('html'),
  ...fill('description homepage language license created_at updated_at pushed_at', null),
  ...fill('has_issues has_projects has_downloads has_wiki has_pages', true),
  ...fill('fork private archived disabled', false),
  ...fill('size forks forks_count open_issues open_issues_count', 0),
  ...fill('stargazers_count watchers watchers_count', 0),
};

/** The relation of a person to a project; in the trimmed era comments and reviews lack it. */
const ASSOCIATION = { author_association: 'CONTRIBUTOR' };

const PULL_LINKS = 'issue review_comments review_comment commits statuses';

/** What an issue or a pull request has. */
const ISSUE = {
  ...createDefaults(`html comments repository labels events diff patch ${PULL_LINKS}`),
  _links: fill(`self html comments ${PULL_LINKS}`, { href: PAGE }),
  ...fill('assignee milestone auto_merge mergeable', null),
  ...fill('comments changed_files commits review_comments', 1),
  ...fill('locked maintainer_can_modify', false),
  ...ASSOCIATION,
  mergeable_state: 'unknown',
  labels: [],
};

/** What a review, a comment of any kind or a release has. */
const TEXT = {
  ...createDefaults('html issue pull_request assets upload tarball zipball'),
  _links: fill('self html pull_request', { href: PAGE }),
  ...fill('commit_id original_commit_id', NO_SHA),
  ...fill('position original_position line', 1),
  ...fill('pull_request_review_id name', null),
  ...fill('path diff_hunk tag_name target_commitish', 'sample'),
  ...fill('draft prerelease', false),
  reactions: { url: PAGE, ...fill('total_count +1 -1 laugh confused heart hooray rocket eyes', 0) },
  assets: [],
};

/** ISO 8601 in UTC, to the second, as GitHub writes it. */
const toTime = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The full account, under the login of that time. */
function toUser({ id, type, loginAt }: Person, at: number) {
  return { ...USER, id, type, login: loginAt(at) };
}

function toRepository(repository: SampleRepository, owner: Person, at: number) {
  const { githubId, name, defaultBranch } = repository;
  const full_name = `${owner.loginAt(at)}/${name}`;
  const names = { name, full_name, default_branch: defaultBranch };
  return { ...REPOSITORY, ...names, id: githubId, owner: toUser(owner, at) };
}

/** An issue, or the same part of a pull request; closed if the activity closes it. */
function toIssue(activity: Activity, { id, number, title, body, author, openedAt }: Issue | Pull) {
  const isEnd = 'action' in activity && ['closed', 'merged'].includes(activity.action);
  const updated_at = toTime(activity.at);
  return {
    ...ISSUE,
    ...{ id, number, title, body, updated_at },
    user: toUser(author, activity.at),
    state: isEnd ? 'closed' : 'open',
    created_at: toTime(openedAt),
    closed_at: isEnd ? updated_at : null,
  };
}

/** In the trimmed era a pull request has no author, no lines, nothing about a merge. */
function toPull(activity: Activity, pull: Pull, isFull: boolean) {
  const { at, actor, repository } = activity;
  const { id, number, branch, baseSha, mergeSha, added, deleted } = pull;
  const owner = ownerOf(repository);
  const end = isFull
    ? { label: repository.name, user: toUser(owner, at), repo: toRepository(repository, owner, at) }
    : { repo: { id: repository.githubId, url: PAGE, name: repository.name } };
  const head = { ref: branch, sha: mergeSha, ...end };
  const base = { ref: repository.defaultBranch, sha: baseSha, ...end };
  if (!isFull) return { url: PAGE, id, number, head, base };
  const merged = 'action' in activity && activity.action === 'merged';
  return {
    ...toIssue(activity, pull),
    ...{ head, base, additions: added, deletions: deleted, merged },
    merged_at: merged ? toTime(at) : null,
    merged_by: merged ? toUser(actor, at) : null,
    merge_commit_sha: merged ? mergeSha : null,
  };
}

/** A review, a comment of any kind or a release. */
function toText({ at, actor }: Activity, text: Text, isFull: boolean) {
  const times = fill('created_at updated_at submitted_at published_at', toTime(at));
  const people = fill('user author', toUser(actor, at));
  return { ...TEXT, ...text, ...times, ...people, ...(isFull && ASSOCIATION) };
}

/** Named by its day: `v2026.10.3` */
function toTag(at: number): string {
  const day = new Date(at);
  return `v${day.getUTCFullYear()}.${day.getUTCMonth() + 1}.${day.getUTCDate()}`;
}

/** A push; its commits are in the full era alone. */
function toPush(push: ActivityOf<'PushEvent'>, isFull: boolean, id: number) {
  const { repository, branch, commits } = push;
  const distinct_size = commits.filter(({ distinct }) => distinct).length;
  return {
    repository_id: repository.githubId,
    push_id: id,
    ref: `refs/heads/${branch}`,
    head: commits.at(-1)?.sha,
    before: NO_SHA,
    ...(isFull && { size: commits.length, distinct_size, commits }),
  };
}

/** A branch that is created or deleted. */
function toRef({ branch, repository }: ActivityOf<'CreateEvent' | 'DeleteEvent'>) {
  const names = { ref: branch, full_ref: `refs/heads/${branch}` };
  const kinds = { ref_type: 'branch', pusher_type: 'user' };
  return { ...names, ...kinds, master_branch: repository.defaultBranch };
}

/** A payload has the parts that its activity has. */
function toPayload(activity: Activity, isFull: boolean, id: number): object {
  if (activity.type === 'PushEvent') return toPush(activity, isFull, id);
  if ('branch' in activity) return toRef(activity);
  const { action, repository, actor, at } = activity;
  const fork = 'forkId' in activity && { id: activity.forkId, fork: true };
  return {
    // In the full era a merge was reported as `closed`.
    action: isFull && action === 'merged' ? 'closed' : action,
    ...('pull' in activity && {
      number: activity.pull.number,
      pull_request: toPull(activity, activity.pull, isFull),
    }),
    ...('issue' in activity && { issue: toIssue(activity, activity.issue) }),
    ...('comment' in activity && { comment: toText(activity, activity.comment, isFull) }),
    ...('review' in activity && { review: toText(activity, activity.review, isFull) }),
    ...('release' in activity && {
      release: { ...toText(activity, activity.release, isFull), tag_name: toTag(at) },
    }),
    ...(fork && { forkee: { ...toRepository(repository, actor, at), ...fork } }),
  };
}

/** The short account of `actor` and `org`. */
function toActor({ id, loginAt }: Person, at: number) {
  return { id, login: loginAt(at), gravatar_id: '', url: PAGE, avatar_url: PAGE };
}

/**
 * Writes activities as lines (without line end). To be called in the order of time.
 * @param trimmedFrom the payloads of GH Archive were full until 7 October 2025; since 8 October
 *   2025 pushes have no commits, and pull requests are stubs
 */
export function createLineWriter(trimmedFrom: Date): (activity: Activity) => string {
  // Above the ids that GitHub has given out. In October 2025 the ids of events began anew, and
  // lower: software that sorts or resumes by them loses a day.
  const lastIds = { full: 950_000_000_000, trimmed: 910_000_000_000 };
  return (activity) => {
    const { type, at, actor, repository } = activity;
    const isFull = at < trimmedFrom.getTime();
    const id = ++lastIds[isFull ? 'full' : 'trimmed'];
    const owner = ownerOf(repository);
    return JSON.stringify({
      id: String(id),
      type,
      actor: toActor(actor, at),
      repo: { id: repository.githubId, name: `${repository.owner}/${repository.name}`, url: PAGE },
      payload: toPayload(activity, isFull, id),
      public: true,
      created_at: toTime(at),
      ...(owner.type === 'Organization' && { org: toActor(owner, at) }),
    });
  };
}
