import type { Commit, Fact, FactOf } from './activity.ts';
import { apiUrl } from './github-objects.ts';
import { ASSOCIATION, toCommitComment, toIssue, toIssueComment } from './payload-issue.ts';
import { toReview, toReviewComment } from './payload-review.ts';
import { toForkee, toRef, toSharedPayload } from './payload-shared.ts';
import { toPull, toPullSimple } from './pull-shape.ts';
import type { PushTrail } from './push-trail.ts';

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
      const review = { ...toReview(fact), ...ASSOCIATION };
      return { action: 'created', review, pull_request: toPullSimple(fact, fact.pull) };
    }
    case 'review-comment': {
      const comment = { ...toReviewComment(fact), ...ASSOCIATION };
      return { action: 'created', comment, pull_request: toPullSimple(fact, fact.pull) };
    }
    case 'comment': {
      const issue = toIssue(fact, fact.thread);
      const comment = toIssueComment(fact, fact.thread, fact.remark);
      return { action: 'created', issue, comment: { ...comment, ...ASSOCIATION } };
    }
    case 'commit-comment':
      return { comment: { ...toCommitComment(fact), ...ASSOCIATION } };
    case 'branch':
      return toRef(fact);
    case 'fork':
      return { forkee: toForkee(fact) };
    default:
      return toSharedPayload(fact);
  }
}
