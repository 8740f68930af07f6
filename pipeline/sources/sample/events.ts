import type { Activity, ActivityDetails, ActivityOf, Commit, Pull } from './activity.ts';
import { ownerOf } from './community.ts';
import {
  ASSOCIATION,
  apiUrl,
  toActor,
  toCommitComment,
  toForkee,
  toIssue,
  toIssueComment,
  toPull,
  toPullSimple,
  toPullStub,
  toRelease,
  toReview,
  toReviewComment,
  toTime,
} from './github-objects.ts';
import { createRng, pickSha } from './rng.ts';

/** Activities as lines of GH Archive, in the words of one era or the other. */

/**
 * The payloads of GH Archive were full until 7 October 2025. Since 8 October pushes have no
 * commits, and pull requests are stubs.
 */
type Era = 'full' | 'trimmed';

/** The name of each kind of activity among GitHub's events. */
const EVENT_TYPES: Readonly<Record<ActivityDetails['kind'], string>> = {
  pull: 'PullRequestEvent',
  review: 'PullRequestReviewEvent',
  'review-comment': 'PullRequestReviewCommentEvent',
  issue: 'IssuesEvent',
  comment: 'IssueCommentEvent',
  'commit-comment': 'CommitCommentEvent',
  push: 'PushEvent',
  release: 'ReleaseEvent',
  watch: 'WatchEvent',
  fork: 'ForkEvent',
  branch: 'CreateEvent',
};

/**
 * First event ids of the eras. In October 2025 the ids began anew, and lower: whoever sorts or
 * resumes by them loses a day. Both lie above the ids that GitHub has given out.
 */
const FIRST_EVENT_ID: Readonly<Record<Era, number>> = {
  full: 950_000_000_000,
  trimmed: 910_000_000_000,
};

/** Above the push ids that GitHub has given out (about 38 billion in 2026). */
const FIRST_PUSH_ID = 900_000_000_000;

export function eventTypeOf(activity: Activity): string {
  const isDeletion = activity.kind === 'branch' && activity.action === 'deleted';
  return isDeletion ? 'DeleteEvent' : EVENT_TYPES[activity.kind];
}

/** Which commit a push begins with and which it ends with, and its id. */
type DescribePush = (push: ActivityOf<'push'>) => { push_id: number; head: string; before: string };

/** Follows the branches, so that each push begins where the last one ended. */
function createBranchHeads(): DescribePush {
  const heads = new Map<string, string>();
  let push_id = FIRST_PUSH_ID;
  return ({ repository, branch, commits }) => {
    const key = `${repository.githubId} ${branch}`;
    const before = heads.get(key) ?? pickSha(createRng(repository.githubId));
    const head = commits.at(-1)?.sha ?? before;
    heads.set(key, head);
    push_id += 1;
    return { push_id, head, before };
  };
}

function toCommit({ repository, at }: Activity, { sha, author, message, isDistinct }: Commit) {
  const name = author.loginAt(at);
  const email = `${author.id}+${name}@users.noreply.example.com`;
  const url = apiUrl(repository, `/commits/${sha}`);
  return { sha, author: { email, name }, message, distinct: isDistinct, url };
}

function toPush(activity: ActivityOf<'push'>, era: Era, describePush: DescribePush) {
  const { repository, branch, commits } = activity;
  const { push_id, head, before } = describePush(activity);
  const repository_id = repository.githubId;
  const push = { repository_id, push_id, ref: `refs/heads/${branch}`, head, before };
  if (era === 'trimmed') return push;
  return {
    ...push,
    size: commits.length,
    distinct_size: commits.filter(({ isDistinct }) => isDistinct).length,
    commits: commits.map((commit) => toCommit(activity, commit)),
  };
}

/** The creation or the deletion of a branch. */
function toRef({ repository, branch, action }: ActivityOf<'branch'>, era: Era) {
  const { defaultBranch: master_branch, description } = repository;
  return {
    ref: branch,
    ref_type: 'branch',
    ...(era === 'trimmed' ? { full_ref: `refs/heads/${branch}` } : {}),
    ...(action === 'created' ? { master_branch, description } : {}),
    pusher_type: 'user',
  };
}

/** In the full era a merge was reported as `closed`, with `merged` in the pull request. */
function toPullPayload(activity: ActivityOf<'pull'>, era: Era) {
  const { action, pull } = activity;
  const { number } = pull;
  if (era === 'trimmed') return { action, number, pull_request: toPullStub(activity, pull) };
  const pull_request = toPull(activity, pull);
  return { action: action === 'merged' ? 'closed' : action, number, pull_request };
}

function toPayload(activity: Activity, era: Era, describePush: DescribePush): unknown {
  const association = era === 'full' ? ASSOCIATION : {};
  const toReviewed = (pull: Pull) => (era === 'full' ? toPullSimple : toPullStub)(activity, pull);
  const action = 'created';
  switch (activity.kind) {
    case 'push':
      return toPush(activity, era, describePush);
    case 'branch':
      return toRef(activity, era);
    case 'pull':
      return toPullPayload(activity, era);
    case 'review': {
      const review = { ...toReview(activity), ...association };
      return { action, review, pull_request: toReviewed(activity.pull) };
    }
    case 'review-comment': {
      const comment = { ...toReviewComment(activity), ...association };
      return { action, comment, pull_request: toReviewed(activity.pull) };
    }
    case 'issue':
      return { action: activity.action, issue: toIssue(activity, activity.issue) };
    case 'comment': {
      const comment = { ...toIssueComment(activity), ...association };
      return { action, issue: toIssue(activity, activity.thread), comment };
    }
    case 'commit-comment': {
      const comment = { ...toCommitComment(activity), ...association };
      return era === 'full' ? { comment } : { action, comment };
    }
    case 'release':
      return { action: 'published', release: toRelease(activity) };
    case 'watch':
      return { action: 'started' };
    case 'fork':
      return { ...(era === 'full' ? {} : { action: 'forked' }), forkee: toForkee(activity) };
  }
}

function toEvent(activity: Activity, id: number, payload: unknown) {
  const { at, actor, repository } = activity;
  const name = `${repository.owner}/${repository.name}`;
  return {
    id: String(id),
    type: eventTypeOf(activity),
    actor: toActor(actor, at),
    repo: { id: repository.githubId, name, url: apiUrl(repository) },
    payload,
    public: true,
    created_at: toTime(at),
    ...(repository.isOwnedByOrganization ? { org: toActor(ownerOf(repository), at) } : {}),
  };
}

/** Writes activities as lines of GH Archive (without line end). To be called in the order of time. */
export function createLineWriter(trimmedFrom: Date): (activity: Activity) => string {
  const describePush = createBranchHeads();
  const lastIds = { ...FIRST_EVENT_ID };
  return (activity) => {
    const era = activity.at < trimmedFrom.getTime() ? 'full' : 'trimmed';
    lastIds[era] += 1;
    return JSON.stringify(toEvent(activity, lastIds[era], toPayload(activity, era, describePush)));
  };
}
