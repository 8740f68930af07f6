import type { Deed, Fact } from './activity.ts';
import { ownerOf } from './community.ts';
import { apiUrl, toActor, toTime } from './github-objects.ts';
import { toFullPayload } from './payload-full.ts';
import { toTrimmedPayload } from './payload-trimmed.ts';
import { createPushTrails } from './push-trail.ts';

/** The name of each kind of fact among GitHub's events. */
export const EVENT_TYPES: Readonly<Record<Deed['kind'], string>> = {
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
const FIRST_FULL_ID = 950_000_000_000;
const FIRST_TRIMMED_ID = 910_000_000_000;

export function eventTypeOf(fact: Fact): string {
  const isDeletion = fact.kind === 'branch' && fact.action === 'deleted';
  return isDeletion ? 'DeleteEvent' : EVENT_TYPES[fact.kind];
}

function toOrganization({ repository, at }: Fact) {
  return repository.isOwnedByOrganization ? { org: toActor(ownerOf(repository), at) } : {};
}

function toEvent(fact: Fact, id: number, payload: unknown) {
  const { at, actor, repository } = fact;
  const name = `${repository.owner}/${repository.name}`;
  return {
    id: String(id),
    type: eventTypeOf(fact),
    actor: toActor(actor, at),
    repo: { id: repository.githubId, name, url: apiUrl(repository) },
    payload,
    public: true,
    created_at: toTime(at),
    ...toOrganization(fact),
  };
}

/** Writes facts as lines of GH Archive (without line end). To be called in the order of time. */
export function createLineWriter(trimmedFrom: Date): (fact: Fact) => string {
  const trailOf = createPushTrails();
  let [fullId, trimmedId] = [FIRST_FULL_ID, FIRST_TRIMMED_ID];
  return (fact) => {
    const trail = trailOf(fact);
    if (fact.at < trimmedFrom.getTime()) {
      fullId += 1;
      return JSON.stringify(toEvent(fact, fullId, toFullPayload(fact, trail)));
    }
    trimmedId += 1;
    return JSON.stringify(toEvent(fact, trimmedId, toTrimmedPayload(fact, trail)));
  };
}
