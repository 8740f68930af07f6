import type { Fact, Pull } from './activity.ts';
import { apiUrl, toNodeId, toTime, toUser, webUrl } from './github-objects.ts';
import { ASSOCIATION, countUntil } from './payload-issue.ts';
import { toBaseCopy, toHeadCopy } from './payload-shared.ts';
import { type Copy, toRepository } from './repository-shape.ts';

/** Pull requests as they were before they were trimmed. */

/** One end of a pull request: the branch it comes from, or the one it goes to. */
function toEnd({ repository, at }: Fact, copy: Copy, ref: string, sha: string) {
  const label = `${copy.owner.loginAt(at)}:${ref}`;
  return {
    label,
    ref,
    sha,
    user: toUser(copy.owner, at),
    repo: toRepository(repository, at, copy),
  };
}

function toEnds(fact: Fact, pull: Pull) {
  const head = toEnd(fact, toHeadCopy(fact, pull), pull.branch, pull.headSha);
  const base = toEnd(fact, toBaseCopy(fact), fact.repository.defaultBranch, pull.baseSha);
  return { head, base };
}

function toPullLinks({ repository }: Fact, { number, headSha }: Pull) {
  const url = apiUrl(repository, `/pulls/${number}`);
  const html_url = webUrl(repository, `/pull/${number}`);
  return {
    html_url,
    issue_url: apiUrl(repository, `/issues/${number}`),
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: apiUrl(repository, '/pulls/comments{/number}'),
    comments_url: apiUrl(repository, `/issues/${number}/comments`),
    statuses_url: apiUrl(repository, `/statuses/${headSha}`),
  };
}

/** The links once more, as `_links` says them. */
function toHrefs(self: string, links: ReturnType<typeof toPullLinks>) {
  const named = {
    self,
    html: links.html_url,
    issue: links.issue_url,
    comments: links.comments_url,
  };
  const more = {
    review_comments: links.review_comments_url,
    review_comment: links.review_comment_url,
    commits: links.commits_url,
    statuses: links.statuses_url,
  };
  return Object.fromEntries(
    Object.entries({ ...named, ...more }).map(([key, href]) => [key, { href }]),
  );
}

/** The pull request of reviews and their comments: all but its sizes and how it was merged. */
export function toPullSimple(fact: Fact, pull: Pull) {
  const { repository, at } = fact;
  const end = pull.end && pull.end.at <= at ? pull.end : null;
  const url = apiUrl(repository, `/pulls/${pull.number}`);
  const { html_url, ...links } = toPullLinks(fact, pull);
  return {
    url,
    id: pull.id,
    node_id: toNodeId('PR', pull.id),
    html_url,
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    ...links,
    number: pull.number,
    state: end ? 'closed' : 'open',
    locked: false,
    title: pull.title,
    user: toUser(pull.author, at),
    body: pull.body,
    created_at: toTime(pull.openedAt),
    updated_at: toTime(at),
    closed_at: end ? toTime(end.at) : null,
    merged_at: end?.isMerged ? toTime(end.at) : null,
    merge_commit_sha: end?.isMerged ? pull.mergeSha : null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: false,
    ...toEnds(fact, pull),
    _links: toHrefs(url, { html_url, ...links }),
    ...ASSOCIATION,
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** The pull request of its own events. */
export function toPull(fact: Fact, pull: Pull) {
  const end = pull.end?.isMerged && pull.end.at <= fact.at ? pull.end : null;
  return {
    ...toPullSimple(fact, pull),
    merged: end !== null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: end ? toUser(end.by, fact.at) : null,
    comments: countUntil(pull.commentedAt, fact.at),
    review_comments: countUntil(pull.reviewCommentedAt, fact.at),
    maintainer_can_modify: pull.forkId !== null,
    commits: pull.commits.length,
    additions: pull.added,
    deletions: pull.deleted,
    changed_files: pull.files,
  };
}
