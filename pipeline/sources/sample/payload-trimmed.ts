import type { Fact, Pull } from './facts.ts';
import type { FactOf } from './payload-shared.ts';
import * as shared from './payload-shared.ts';
import type { PushTrail } from './push-trail.ts';
import { API, apiUrl } from './shapes.ts';

/** Payloads as GH Archive has them since 8 October 2025: no commits, and stubs of pull requests. */

function toEnd(ref: string, sha: string, id: number, fullName: string) {
  const name = fullName.split('/')[1] ?? '';
  return { ref, sha, repo: { id, url: `${API}/repos/${fullName}`, name } };
}

/** All that is left of a pull request: no author, no lines, no word about a merge. */
function toPullStub(fact: Fact, pull: Pull) {
  const { repository, at } = fact;
  const { owner, id } = shared.toHeadCopy(fact, pull);
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

function toRef(fact: FactOf<'branch'>) {
  const { ref, ref_type, ...rest } = shared.toRef(fact);
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
      return { action: 'created', review: shared.toReview(fact), pull_request };
    }
    case 'review-comment': {
      const pull_request = toPullStub(fact, fact.pull);
      return { action: 'created', comment: shared.toReviewComment(fact), pull_request };
    }
    case 'comment': {
      const comment = shared.toIssueComment(fact, fact.thread, fact.remark);
      return { action: 'created', issue: shared.toIssue(fact, fact.thread), comment };
    }
    case 'commit-comment':
      return { action: 'created', comment: shared.toCommitComment(fact) };
    case 'branch':
      return toRef(fact);
    case 'fork':
      return { action: 'forked', forkee: shared.toForkee(fact) };
    default:
      return shared.toSharedPayload(fact);
  }
}
