import type { Activity, ActivityOf, Comment, Issue, Pull } from './activity.ts';
import { ownerOf, type Person, type SampleRepository } from './community.ts';

/**
 * The objects in GitHub's payloads: all fields that its OpenAPI description requires, and those
 * that the pipeline reads. Of what nobody reads, many fields have one value everywhere.
 */

const API = 'https://api.github.com';
const WEB = 'https://github.com';

/** An object with the same value in each field; the names are separated by spaces. */
function fill<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]));
}

type Links = Readonly<Record<string, string>>;

/** Addresses as fields: `html` becomes `html_url`, and `self` becomes `url`. */
function toUrls(links: Links): Record<string, string> {
  const entries = Object.entries(links);
  return Object.fromEntries(
    entries.map(([name, url]) => [name === 'self' ? 'url' : `${name}_url`, url]),
  );
}

/** The same addresses as `_links` has them. */
function toHrefs(links: Links): Record<string, { href: string }> {
  return Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }]));
}

/** ISO 8601 in UTC, to the second, as GitHub writes it. */
export function toTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The opaque id of GitHub's GraphQL; here plainly made up. */
function toNodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`sample:${id}`).toString('base64url')}`;
}

export function apiUrl({ owner, name }: SampleRepository, path = ''): string {
  return `${API}/repos/${owner}/${name}${path}`;
}

function webUrl({ owner, name }: SampleRepository, path: string): string {
  return `${WEB}/${owner}/${name}${path}`;
}

/** The short account of `actor` and `org`. */
export function toActor({ id, type, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const kind = type === 'Organization' ? 'orgs' : 'users';
  const name = type === 'Organization' ? {} : { display_login: login.replace('[bot]', '') };
  const avatar_url = `https://avatars.githubusercontent.com/u/${id}?`;
  return { id, login, ...name, gravatar_id: '', url: `${API}/${kind}/${login}`, avatar_url };
}

const USER_LISTS =
  'followers following gists starred subscriptions organizations repos events received_events';

/** The full account, as payloads hold it, under the login of that time. */
function toUser({ id, type, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const self = `${API}/users/${encodeURIComponent(login)}`;
  const html = `${WEB}/${type === 'Bot' ? `apps/${login.replace('[bot]', '')}` : login}`;
  const avatar = `https://avatars.githubusercontent.com/u/${id}?v=4`;
  const lists = USER_LISTS.split(' ').map((list) => [list, `${self}/${list}`]);
  return {
    login,
    id,
    node_id: toNodeId(type.slice(0, 1), id),
    ...toUrls({ avatar, self, html, ...Object.fromEntries(lists) }),
    gravatar_id: '',
    type,
    site_admin: false,
  };
}

/** What is equal for all repositories: nobody reads it. */
const REPOSITORY_DEFAULTS = {
  ...fill('created_at updated_at pushed_at', '2015-01-01T00:00:00Z'),
  ...fill('has_issues has_projects has_downloads has_wiki', true),
  ...fill('private has_pages archived disabled', false),
  ...fill('homepage license mirror_url', null),
  ...fill('size forks forks_count open_issues open_issues_count', 40),
};

/**
 * The repository of pull requests and forks: the repository itself, or the fork of a person.
 * GitHub adds about 40 addresses to be filled in (`keys{/key_id}` and the like). They are left
 * out: nobody reads them, and they would be half of all bytes of the sample.
 */
function toRepository(repository: SampleRepository, at: number, owner: Person, id: number) {
  const { name, description, language, topics, defaultBranch } = repository;
  const full_name = `${owner.loginAt(at)}/${name}`;
  const isFork = id !== repository.githubId;
  return {
    id,
    node_id: toNodeId('R', id),
    name,
    full_name,
    owner: toUser(owner, at),
    html_url: `${WEB}/${full_name}`,
    url: `${API}/repos/${full_name}`,
    clone_url: `${WEB}/${full_name}.git`,
    description,
    fork: isFork,
    language,
    topics,
    default_branch: defaultBranch,
    ...fill('stargazers_count watchers watchers_count', isFork ? 0 : repository.stars),
    ...REPOSITORY_DEFAULTS,
  };
}

export function toForkee({ repository, at, actor, forkId }: ActivityOf<'fork'>) {
  return { ...toRepository(repository, at, actor, forkId), public: true };
}

/** Whether someone belongs to a project, seen from outside; the trimmed era left it out. */
export const ASSOCIATION = { author_association: 'CONTRIBUTOR' } as const;

/** What issues and pull requests share. No comments are counted: nobody reads their number. */
function toThread({ at }: Activity, thread: Issue | Pull, closedAt: number | null) {
  return {
    id: thread.id,
    node_id: toNodeId(thread.isPull ? 'PR' : 'I', thread.id),
    number: thread.number,
    title: thread.title,
    user: toUser(thread.author, at),
    body: thread.body,
    state: closedAt === null ? 'open' : 'closed',
    created_at: toTime(thread.openedAt),
    updated_at: toTime(at),
    closed_at: closedAt === null ? null : toTime(closedAt),
    comments: 0,
    labels: [],
    locked: false,
    ...fill('assignee milestone active_lock_reason', null),
    ...ASSOCIATION,
  };
}

/** How a pull request ended, if it has ended by the time of the activity. */
function endOf({ at }: Activity, { end }: Pull): Pull['end'] {
  return end && end.at <= at ? end : null;
}

function pullLinks({ repository }: Activity, { number }: Issue | Pull) {
  const html = webUrl(repository, `/pull/${number}`);
  const self = apiUrl(repository, `/pulls/${number}`);
  return { self, html, diff: `${html}.diff`, patch: `${html}.patch` };
}

/** The full issue, which both eras have; a pull request appears as one, too. */
export function toIssue(activity: Activity, thread: Issue | Pull) {
  const { repository, at } = activity;
  const { isPull, number } = thread;
  const isClosing = activity.kind === 'issue' && activity.action === 'closed';
  const issueClosedAt = isClosing ? at : null;
  const self = apiUrl(repository, `/issues/${number}`);
  const html = webUrl(repository, `/${isPull ? 'pull' : 'issues'}/${number}`);
  const lists = {
    labels: `${self}/labels`,
    comments: `${self}/comments`,
    events: `${self}/events`,
  };
  return {
    ...toUrls({ self, repository: apiUrl(repository), html, ...lists }),
    ...toThread(activity, thread, isPull ? (endOf(activity, thread)?.at ?? null) : issueClosedAt),
    ...(isPull ? { draft: false, pull_request: toUrls(pullLinks(activity, thread)) } : {}),
  };
}

/** One end of a pull request: the branch it comes from, or the one it goes to. */
function toEnd({ repository, at }: Activity, owner: Person, id: number, ref: string, sha: string) {
  const label = `${owner.loginAt(at)}:${ref}`;
  const repo = toRepository(repository, at, owner, id);
  return { label, ref, sha, user: repo.owner, repo };
}

function toEnds(activity: Activity, { author, forkId, branch, headSha, baseSha }: Pull) {
  const { githubId, defaultBranch } = activity.repository;
  const owner = ownerOf(activity.repository);
  return {
    head: toEnd(activity, forkId ? author : owner, forkId ?? githubId, branch, headSha),
    base: toEnd(activity, owner, githubId, defaultBranch, baseSha),
  };
}

/** All that the trimmed era left of a pull request: no author, no lines, no word about a merge. */
export function toPullStub(activity: Activity, pull: Pull) {
  const { head, base } = toEnds(activity, pull);
  const toStub = ({ ref, sha, repo: { id, url, name } }: typeof head) => {
    return { ref, sha, repo: { id, url, name } };
  };
  const url = apiUrl(activity.repository, `/pulls/${pull.number}`);
  return { url, id: pull.id, number: pull.number, head: toStub(head), base: toStub(base) };
}

/** The pull request of reviews in the full era: all but its sizes and how it was merged. */
export function toPullSimple(activity: Activity, pull: Pull) {
  const { repository } = activity;
  const end = endOf(activity, pull);
  const { self, html, ...files } = pullLinks(activity, pull);
  const issue = apiUrl(repository, `/issues/${pull.number}`);
  const links = {
    ...{ self, html, issue, comments: `${issue}/comments`, commits: `${self}/commits` },
    review_comments: `${self}/comments`,
    review_comment: apiUrl(repository, '/pulls/comments{/number}'),
    statuses: apiUrl(repository, `/statuses/${pull.headSha}`),
  };
  return {
    ...toUrls({ ...links, ...files }),
    ...toThread(activity, pull, end?.at ?? null),
    merged_at: end?.isMerged ? toTime(end.at) : null,
    merge_commit_sha: end?.isMerged ? pull.mergeSha : null,
    draft: false,
    auto_merge: null,
    ...toEnds(activity, pull),
    _links: toHrefs(links),
  };
}

/** The pull request of its own events in the full era. */
export function toPull(activity: Activity, pull: Pull) {
  const end = endOf(activity, pull);
  return {
    ...toPullSimple(activity, pull),
    merged: end?.isMerged ?? false,
    merged_by: end?.isMerged ? toUser(end.by, activity.at) : null,
    mergeable: null,
    mergeable_state: 'unknown',
    maintainer_can_modify: pull.forkId !== null,
    review_comments: 0,
    commits: pull.commits.length,
    additions: pull.added,
    deletions: pull.deleted,
    changed_files: pull.files,
  };
}

/** What every kind of comment has: who said what, and when. */
function toComment({ at, actor }: Activity, { id, body }: Comment, prefix: string, links: Links) {
  const node_id = toNodeId(prefix, id);
  const times = fill('created_at updated_at', toTime(at));
  return { ...toUrls(links), id, node_id, user: toUser(actor, at), ...times, body };
}

export function toIssueComment(activity: ActivityOf<'comment'>) {
  const { repository, thread, comment } = activity;
  const page = `/${thread.isPull ? 'pull' : 'issues'}/${thread.number}`;
  return toComment(activity, comment, 'IC', {
    self: apiUrl(repository, `/issues/comments/${comment.id}`),
    html: webUrl(repository, `${page}#issuecomment-${comment.id}`),
    issue: apiUrl(repository, `/issues/${thread.number}`),
  });
}

export function toCommitComment(activity: ActivityOf<'commit-comment'>) {
  const { repository, comment, sha } = activity;
  const self = apiUrl(repository, `/comments/${comment.id}`);
  const html = webUrl(repository, `/commit/${sha}#commitcomment-${comment.id}`);
  const common = toComment(activity, comment, 'CC', { self, html });
  return { ...common, ...fill('position line path', null), commit_id: sha };
}

/** A review without its pull request. */
export function toReview(activity: ActivityOf<'review'>) {
  const { repository, at, actor, review, pull } = activity;
  const links = {
    html: webUrl(repository, `/pull/${pull.number}#pullrequestreview-${review.id}`),
    pull_request: apiUrl(repository, `/pulls/${pull.number}`),
  };
  return {
    id: review.id,
    node_id: toNodeId('PRR', review.id),
    user: toUser(actor, at),
    body: review.body,
    commit_id: pull.headSha,
    submitted_at: toTime(at),
    state: review.state,
    ...toUrls(links),
    _links: toHrefs(links),
  };
}

/** A comment in a review: always on the first line of the change. */
export function toReviewComment(activity: ActivityOf<'review-comment'>) {
  const { repository, comment, review, pull } = activity;
  const self = apiUrl(repository, `/pulls/comments/${comment.id}`);
  const links = {
    self,
    html: webUrl(repository, `/pull/${pull.number}#discussion_r${comment.id}`),
    pull_request: apiUrl(repository, `/pulls/${pull.number}`),
  };
  return {
    ...toComment(activity, comment, 'PRRC', links),
    pull_request_review_id: review.id,
    diff_hunk: '@@ -1 +1 @@\n-a\n+b',
    path: 'src/index.ts',
    ...fill('position original_position line original_line', 1),
    ...fill('commit_id original_commit_id', pull.headSha),
    reactions: { url: `${self}/reactions`, total_count: 0 },
    _links: toHrefs(links),
  };
}

export function toRelease({ repository, at, actor, id, tag, body }: ActivityOf<'release'>) {
  const self = apiUrl(repository, `/releases/${id}`);
  return {
    ...toUrls({ self, assets: `${self}/assets`, upload: `${self}/assets{?name,label}` }),
    ...toUrls({
      html: webUrl(repository, `/releases/tag/${tag}`),
      tarball: apiUrl(repository, `/tarball/${tag}`),
      zipball: apiUrl(repository, `/zipball/${tag}`),
    }),
    id,
    node_id: toNodeId('RE', id),
    author: toUser(actor, at),
    ...fill('tag_name name', tag),
    target_commitish: repository.defaultBranch,
    ...fill('draft prerelease', false),
    ...fill('created_at published_at', toTime(at)),
    assets: [],
    body,
  };
}
