import { ownerOf } from './community.ts';
import type { Deed, Fact, Issue, Pull, Remark, Thread } from './facts.ts';
import { toRepository } from './repository-shape.ts';
import { apiUrl, toNodeId, toTime, toUser, webUrl } from './shapes.ts';

/** The payloads that both eras have, and the pieces that the rest is built from. */

/** A fact of one kind. */
export type FactOf<K extends Deed['kind']> = Extract<Fact, { kind: K }>;

/** How many of these times lie before a time, or at it. */
export function countUntil(times: readonly number[], at: number): number {
  return times.filter((time) => time <= at).length;
}

/** A member if the person is of the crew cannot be told from outside: a fixed plain answer. */
export const ASSOCIATION = { author_association: 'CONTRIBUTOR' } as const;

function toReactions(url: string) {
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}

/** The closed time as of now: null for what is open, was reopened, or ends later. */
function closedAt(thread: Issue | Pull, at: number, isClosing: boolean): string | null {
  if (thread.isPull) return thread.end && thread.end.at <= at ? toTime(thread.end.at) : null;
  return isClosing ? toTime(at) : null;
}

/** What makes an issue of a pull request in the eyes of `issue_comment`. */
function toPullLinks({ repository, at }: Fact, { number, end }: Pull) {
  const html = webUrl(repository, `/pull/${number}`);
  const merged_at = end?.isMerged && end.at <= at ? toTime(end.at) : null;
  return {
    url: apiUrl(repository, `/pulls/${number}`),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at,
  };
}

function toIssueLinks({ repository }: Fact, { number, isPull }: Issue | Pull) {
  const url = apiUrl(repository, `/issues/${number}`);
  return {
    url,
    repository_url: apiUrl(repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: webUrl(repository, `/${isPull ? 'pull' : 'issues'}/${number}`),
  };
}

/** The full issue, which both eras have; a pull request appears as one, too. */
export function toIssue(fact: Fact, thread: Issue | Pull, isClosing = false) {
  const { at } = fact;
  const links = toIssueLinks(fact, thread);
  const closed_at = closedAt(thread, at, isClosing);
  return {
    ...links,
    id: thread.id,
    node_id: toNodeId(thread.isPull ? 'PR' : 'I', thread.id),
    number: thread.number,
    title: thread.title,
    user: toUser(thread.author, at),
    labels: [],
    state: closed_at ? 'closed' : 'open',
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: countUntil(thread.commentedAt, at),
    created_at: toTime(thread.openedAt),
    updated_at: toTime(at),
    closed_at,
    ...ASSOCIATION,
    active_lock_reason: null,
    ...(thread.isPull ? { draft: false, pull_request: toPullLinks(fact, thread) } : {}),
    body: thread.body,
    reactions: toReactions(links.url),
    timeline_url: `${links.url}/timeline`,
    performed_via_github_app: null,
    state_reason: closed_at ? 'completed' : null,
  };
}

/** What every kind of comment has: who said what, and when. */
export function toRemark({ at, actor }: Fact, { id, body }: Remark, prefix: string, url: string) {
  const created_at = toTime(at);
  const user = toUser(actor, at);
  const node_id = toNodeId(prefix, id);
  return {
    url,
    id,
    node_id,
    user,
    created_at,
    updated_at: created_at,
    body,
    reactions: toReactions(url),
  };
}

export function toIssueComment(fact: Fact, thread: Thread & { isPull: boolean }, remark: Remark) {
  const { repository } = fact;
  const path = `/${thread.isPull ? 'pull' : 'issues'}/${thread.number}`;
  const url = apiUrl(repository, `/issues/comments/${remark.id}`);
  return {
    html_url: webUrl(repository, `${path}#issuecomment-${remark.id}`),
    issue_url: apiUrl(repository, `/issues/${thread.number}`),
    ...toRemark(fact, remark, 'IC', url),
    performed_via_github_app: null,
  };
}

export function toCommitComment(fact: FactOf<'commit-comment'>) {
  const { repository, remark, sha } = fact;
  const url = apiUrl(repository, `/comments/${remark.id}`);
  const html_url = webUrl(repository, `/commit/${sha}#commitcomment-${remark.id}`);
  const place = { position: null, line: null, path: null, commit_id: sha };
  return { html_url, ...toRemark(fact, remark, 'CC', url), ...place };
}

export function toRelease({ repository, at, actor, id, tag, body }: FactOf<'release'>) {
  const url = apiUrl(repository, `/releases/${id}`);
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: webUrl(repository, `/releases/tag/${tag}`),
    id,
    author: toUser(actor, at),
    node_id: toNodeId('RE', id),
    tag_name: tag,
    target_commitish: repository.defaultBranch,
    name: tag,
    draft: false,
    prerelease: false,
    created_at: toTime(at),
    published_at: toTime(at),
    assets: [],
    tarball_url: apiUrl(repository, `/tarball/${tag}`),
    zipball_url: apiUrl(repository, `/zipball/${tag}`),
    body,
    short_description_html: '',
    is_short_description_html_truncated: false,
  };
}

export function toForkee({ repository, at, actor, forkId }: FactOf<'fork'>) {
  return { ...toRepository(repository, at, { owner: actor, id: forkId }), public: true };
}

/** What the creation and the deletion of a branch share. */
export function toRef({ repository, branch, action }: FactOf<'branch'>) {
  const base = { ref: branch, ref_type: 'branch' };
  if (action === 'deleted') return { ...base, pusher_type: 'user' };
  const { defaultBranch: master_branch, description } = repository;
  return { ...base, master_branch, description, pusher_type: 'user' };
}

/** Who owns the branch that a pull request comes from, and where it lies. */
export function toHeadCopy({ repository }: Fact, { author, forkId }: Pull) {
  const inside = { owner: ownerOf(repository), id: repository.githubId };
  return forkId === null ? inside : { owner: author, id: forkId };
}

function toReviewLinks({ repository }: Fact, { number }: Pull, anchor: string) {
  return {
    html_url: webUrl(repository, `/pull/${number}#${anchor}`),
    pull_request_url: apiUrl(repository, `/pulls/${number}`),
  };
}

export function toReview(fact: FactOf<'review'>) {
  const { review, pull, actor, at } = fact;
  const links = toReviewLinks(fact, pull, `pullrequestreview-${review.id}`);
  return {
    id: review.id,
    node_id: toNodeId('PRR', review.id),
    user: toUser(actor, at),
    body: review.body,
    commit_id: pull.headSha,
    submitted_at: toTime(at),
    state: review.state,
    ...links,
    _links: { html: { href: links.html_url }, pull_request: { href: links.pull_request_url } },
  };
}

/** Where in the change a comment stands: always the first line, which every change has. */
const FIRST_LINE = {
  diff_hunk: '@@ -1 +1 @@\n-a\n+b',
  path: 'src/index.ts',
  position: 1,
  original_position: 1,
  start_line: null,
  original_start_line: null,
  start_side: null,
  line: 1,
  original_line: 1,
  side: 'RIGHT',
  subject_type: 'line',
} as const;

export function toReviewComment(fact: FactOf<'review-comment'>) {
  const { repository, remark, review, pull } = fact;
  const url = apiUrl(repository, `/pulls/comments/${remark.id}`);
  const links = toReviewLinks(fact, pull, `discussion_r${remark.id}`);
  const _links = {
    self: { href: url },
    html: { href: links.html_url },
    pull_request: { href: links.pull_request_url },
  };
  const commit_id = pull.headSha;
  return {
    ...toRemark(fact, remark, 'PRRC', url),
    pull_request_review_id: review.id,
    ...FIRST_LINE,
    commit_id,
    original_commit_id: commit_id,
    ...links,
    _links,
  };
}

/** The payloads that are the same in both eras. */
export function toSharedPayload(fact: FactOf<'issue' | 'release' | 'watch'>): unknown {
  if (fact.kind === 'watch') return { action: 'started' };
  if (fact.kind === 'release') return { action: 'published', release: toRelease(fact) };
  const { action, issue } = fact;
  return { action, issue: toIssue(fact, issue, action === 'closed') };
}
