import type { Fact, FactOf, Issue, Pull, Remark } from './activity.ts';
import { apiUrl, toNodeId, toTime, toUser, webUrl } from './github-objects.ts';

/** Issues and comments, which are whole in both eras. */

/** How many of these times lie before a time, or at it. */
export function countUntil(times: readonly number[], at: number): number {
  return times.filter((time) => time <= at).length;
}

/** Whether someone belongs to a project, seen from outside; the trimmed era left it out. */
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

export function toIssueComment(fact: Fact, thread: Issue | Pull, remark: Remark) {
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
