import type { Fact, FactOf, Pull } from './activity.ts';
import { API, apiUrl } from './github-objects.ts';
import { toCommitComment, toIssue, toIssueComment } from './payload-issue.ts';
import { toReview, toReviewComment } from './payload-review.ts';
import { toForkee, toHeadCopy, toRef, toSharedPayload } from './payload-shared.ts';
import type { PushTrail } from './push-trail.ts';

/** Payloads as GH Archive has them since 8 October 2025: no commits, and stubs of pull requests. */

function toEnd(ref: string, sha: string, id: number, fullName: string) {
  const name = fullName.split('/')[1] ?? '';
  return { ref, sha, repo: { id, url: `${API}/repos/${fullName}`, name } };
}

/** All that is left of a pull request: no author, no lines, no word about a merge. */
function toPullStub(fact: Fact, pull: Pull) {
  const { repository, at } = fact;
  const { owner, id } = toHeadCopy(fact, pull);
  const headName = `${owner.loginAt(at)}/${repository.name}`;
  const baseName = `${repository.owner}/${repository.name}`;
  return {
    url: apiUrl(repository, `/pulls/${pull.number}`),
    id: pull.id,
    number: pull.number,
    head: toEnd(pull.branch, pull.headSha, id, headName),
    base: toEnd(repository.defaultBranch, pull.baseSha, repository.githubId, baseName),
  };
}

function toPush({ repository }: FactOf<'push'>, { pushId, ref, head, before }: PushTrail) {
  return { repository_id: repository.githubId, push_id: pushId, ref, head, before };
}

function toTrimmedRef(fact: FactOf<'branch'>) {
  const { ref, ref_type, ...rest } = toRef(fact);
  return { ref, ref_type, full_ref: `refs/heads/${ref}`, ...rest };
}

/** The payload of a fact in the trimmed era. */
export function toTrimmedPayload(fact: Fact, trail: PushTrail): unknown {
  switch (fact.kind) {
    case 'push':
      return toPush(fact, trail);
    case 'pull': {
      const { action, pull } = fact;
      return { action, number: pull.number, pull_request: toPullStub(fact, pull) };
    }
    case 'review': {
      const pull_request = toPullStub(fact, fact.pull);
      return { action: 'created', review: toReview(fact), pull_request };
    }
    case 'review-comment': {
      const pull_request = toPullStub(fact, fact.pull);
      return { action: 'created', comment: toReviewComment(fact), pull_request };
    }
    case 'comment': {
      const comment = toIssueComment(fact, fact.thread, fact.remark);
      return { action: 'created', issue: toIssue(fact, fact.thread), comment };
    }
    case 'commit-comment':
      return { action: 'created', comment: toCommitComment(fact) };
    case 'branch':
      return toTrimmedRef(fact);
    case 'fork':
      return { action: 'forked', forkee: toForkee(fact) };
    default:
      return toSharedPayload(fact);
  }
}
