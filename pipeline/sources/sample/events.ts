import type { Activity, ActivityOf } from './activity.ts';
import { ownerOf, type Person } from './community.ts';
import { type Era, pageOf, toCommits, toPayload, toTime } from './payloads.ts';
import { createRng, pickSha } from './rng.ts';

/** Activities as lines of GH Archive. */

/** The type that GitHub gives to the event of each kind of activity. */
const EVENT_TYPES: Readonly<Record<Activity['kind'], string>> = {
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
 * First event ids of the eras, above the ids that GitHub has given out. In October 2025 the ids
 * began anew, and lower: software that sorts or resumes by them loses a day.
 */
const FIRST_EVENT_ID: Readonly<Record<Era, number>> = {
  full: 950_000_000_000,
  trimmed: 910_000_000_000,
};

/** Above the push ids that GitHub has given out (about 38 billion in 2026). */
const FIRST_PUSH_ID = 900_000_000_000;

function eventTypeOf(activity: Activity): string {
  const isDeletion = activity.kind === 'branch' && activity.action === 'deleted';
  return isDeletion ? 'DeleteEvent' : EVENT_TYPES[activity.kind];
}

/** Writes payloads of pushes; follows the branch heads, so that a push begins at the last one. */
function createPushWriter(): (push: ActivityOf<'push'>, era: Era) => unknown {
  const heads = new Map<string, string>();
  let push_id = FIRST_PUSH_ID;
  return (push, era) => {
    const repository_id = push.repository.githubId;
    const ref = `refs/heads/${push.branch}`;
    const key = `${repository_id} ${ref}`;
    const before = heads.get(key) ?? pickSha(createRng(repository_id));
    const head = push.commits.at(-1)?.sha ?? before;
    heads.set(key, head);
    push_id += 1;
    const commits = era === 'full' ? toCommits(push) : {};
    return { repository_id, push_id, ref, head, before, ...commits };
  };
}

/** The short account of `actor` and `org`. */
function toActor({ id, loginAt }: Person, at: number) {
  const login = loginAt(at);
  const avatar_url = `https://avatars.githubusercontent.com/u/${id}?`;
  return { id, login, gravatar_id: '', url: `https://api.github.com/users/${login}`, avatar_url };
}

/** Writes activities as lines (without line end). To be called in the order of time. */
export function createLineWriter(trimmedFrom: Date): (activity: Activity) => string {
  const toPush = createPushWriter();
  const lastIds = { ...FIRST_EVENT_ID };
  return (activity) => {
    const { at, actor, repository } = activity;
    const era = at < trimmedFrom.getTime() ? 'full' : 'trimmed';
    lastIds[era] += 1;
    const name = `${repository.owner}/${repository.name}`;
    return JSON.stringify({
      id: String(lastIds[era]),
      type: eventTypeOf(activity),
      actor: toActor(actor, at),
      repo: { id: repository.githubId, name, url: pageOf(repository) },
      payload: activity.kind === 'push' ? toPush(activity, era) : toPayload(activity, era),
      public: true,
      created_at: toTime(at),
      ...(repository.isOwnedByOrganization ? { org: toActor(ownerOf(repository), at) } : {}),
    });
  };
}
