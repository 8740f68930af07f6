import type { Commit, Fact, Pull } from './facts.ts';
import type { FactOf } from './payload-shared.ts';
import * as shared from './payload-shared.ts';
import type { PushTrail } from './push-trail.ts';
import { toRepository } from './repository-shape.ts';
import { apiUrl, toNodeId, toTime, toUser, webUrl } from './shapes.ts';

/** Payloads as GH Archive had them until 7 October 2025: everything, and much of it twice. */

function toCommit({ repository, at }: Fact, { sha, author, message, isDistinct }: Commit) {
  const login = author.loginAt(at);
  const url = apiUrl(repository, `/commits/${sha}`);
  const email = `${author.id}+${login}@users.noreply.example.com`;
  return { sha, author: { email, name: login }, message, distinct: isDistinct, url };
}

function toPush(fact: FactOf<'push'>, trail: PushTrail) {
  const { repository, commits } = fact;
  return {
    repository_id: repository.githubId,
    push_id: trail.pushId,
    size: commits.length,
    distinct_size: commits.filter(({ isDistinct }) => isDistinct).length,
    ref: trail.ref,
    head: trail.head,
    before: trail.before,
    commits: commits.map((commit) => toCommit(fact, commit)),
  };
}

function toEnds(fact: Fact, pull: Pull) {
  const { repository, at } = fact;
  const copy = shared.toHeadCopy(fact, pull);
  const ends = [
    {
      ref: pull.branch,
      sha: pull.headSha,
      owner: copy.owner,
      repo: toRepository(repository, at, copy),
    },
    {
      ref: repository.defaultBranch,
      sha: pull.baseSha,
      owner: shared.toHeadCopy(fact, { ...pull, forkId: null }).owner,
      repo: toRepository(repository, at),
    },
  ];
  const [head, base] = ends.map(({ ref, sha, owner, repo }) => {
    const label = `${owner.loginAt(at)}:${ref}`;
    return { label, ref, sha, user: toUser(owner, at), repo };
  });
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
function toPullSimple(fact: Fact, pull: Pull) {
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
    ...shared.ASSOCIATION,
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** The pull request of its own events. */
function toPull(fact: Fact, pull: Pull) {
  const end = pull.end?.isMerged && pull.end.at <= fact.at ? pull.end : null;
  return {
    ...toPullSimple(fact, pull),
    merged: end !== null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: end ? toUser(end.by, fact.at) : null,
    comments: shared.countUntil(pull.commentedAt, fact.at),
    review_comments: shared.countUntil(pull.reviewCommentedAt, fact.at),
    maintainer_can_modify: pull.forkId !== null,
    commits: pull.commits.length,
    additions: pull.added,
    deletions: pull.deleted,
    changed_files: pull.files,
  };
}

/** A merge was told as `closed`, with `merged` in the pull request. */
function toPullEvent(fact: FactOf<'pull'>) {
  const action = fact.action === 'merged' ? 'closed' : fact.action;
  return { action, number: fact.pull.number, pull_request: toPull(fact, fact.pull) };
}

/** The payload of a fact in the full era. */
export function toFullPayload(fact: Fact, trail: PushTrail): unknown {
  switch (fact.kind) {
    case 'push':
      return toPush(fact, trail);
    case 'pull':
      return toPullEvent(fact);
    case 'review': {
      const review = { ...shared.toReview(fact), ...shared.ASSOCIATION };
      return { action: 'created', review, pull_request: toPullSimple(fact, fact.pull) };
    }
    case 'review-comment': {
      const comment = { ...shared.toReviewComment(fact), ...shared.ASSOCIATION };
      return { action: 'created', comment, pull_request: toPullSimple(fact, fact.pull) };
    }
    case 'comment': {
      const issue = shared.toIssue(fact, fact.thread);
      const comment = shared.toIssueComment(fact, fact.thread, fact.remark);
      return { action: 'created', issue, comment: { ...comment, ...shared.ASSOCIATION } };
    }
    case 'commit-comment':
      return { comment: { ...shared.toCommitComment(fact), ...shared.ASSOCIATION } };
    case 'branch':
      return shared.toRef(fact);
    case 'fork':
      return { forkee: shared.toForkee(fact) };
    default:
      return shared.toSharedPayload(fact);
  }
}
