import type { Community, Person, SampleRepository, Team } from './community.ts';
import type { Rng } from './rng.ts';
import { MAX_OPENED_PER_DAY } from './schedule.ts';

/** What happens in the sample, before it is written in the format of an era. */

/** What issues and pull requests share. */
interface Thread {
  readonly id: number;
  readonly number: number;
  readonly author: Person;
  readonly title: string;
  readonly body: string | null;
  /** Milliseconds, as all times of activities. */
  readonly openedAt: number;
}

export interface Issue extends Thread {
  readonly isPull: false;
}

export interface Pull extends Thread {
  readonly isPull: true;
  readonly branch: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly mergeSha: string;
  /** The id of the author's fork, or null if the branch is in the repository itself. */
  readonly forkId: number | null;
  readonly added: number;
  readonly deleted: number;
  readonly files: number;
  readonly commits: readonly Commit[];
  /** How it ended, or null while it is open. */
  end: { readonly at: number; readonly by: Person; readonly isMerged: boolean } | null;
}

export interface Commit {
  readonly sha: string;
  readonly author: Person;
  readonly message: string;
  /** False if another branch of the repository had it before. */
  readonly isDistinct: boolean;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
}

export interface Review extends Comment {
  readonly state: 'approved' | 'changes_requested' | 'commented';
}

export type ActivityDetails = Readonly<
  | { kind: 'pull'; action: 'opened' | 'closed' | 'merged'; pull: Pull }
  | { kind: 'review'; pull: Pull; review: Review }
  | { kind: 'review-comment'; pull: Pull; review: Review; comment: Comment }
  | { kind: 'issue'; action: 'opened' | 'closed' | 'reopened'; issue: Issue }
  | { kind: 'comment'; thread: Issue | Pull; comment: Comment }
  | { kind: 'commit-comment'; sha: string; comment: Comment }
  | { kind: 'push'; branch: string; commits: readonly Commit[] }
  | { kind: 'branch'; action: 'created' | 'deleted'; branch: string }
  | { kind: 'release'; id: number; tag: string; body: string }
  | { kind: 'watch' }
  | { kind: 'fork'; forkId: number }
>;

/** What a person did in a repository at a time. */
export type Activity = ActivityDetails & {
  readonly at: number;
  readonly actor: Person;
  readonly repository: SampleRepository;
};

/** An activity of one kind. */
export type ActivityOf<K extends ActivityDetails['kind']> = Extract<Activity, { kind: K }>;

/** Above every id that GitHub has given to a comment, review or pull request (about 4 billion). */
const FIRST_ID = 9_500_000_000;
const IDS_PER_TIMELINE = 64;
/** Slots for the numbered timelines of a day, and as many for all others. */
export const SLOTS_PER_DAY = 2 * MAX_OPENED_PER_DAY;
const MAX_REPOSITORIES = 128;

/** A sequence of activities that follow from each other, as it grows. */
export interface Timeline {
  readonly rng: Rng;
  readonly repository: SampleRepository;
  readonly team: Team;
  readonly people: readonly Person[];
  readonly activities: Activity[];
  readonly add: (at: number, actor: Person, details: ActivityDetails) => void;
  /**
   * A new id for a comment, a review or a pull request.
   * @throws RangeError if the timeline has 64 already
   */
  readonly nextId: () => number;
}

/**
 * The ids of a timeline depend on its repository, day and slot alone, so that the sample of
 * another day has the same ids for the same activities.
 */
export function createTimeline(
  { people, teamOf }: Community,
  repository: SampleRepository,
  rng: Rng,
  day: number,
  slot: number,
): Timeline {
  const serial = day * MAX_REPOSITORIES + (repository.githubId % MAX_REPOSITORIES);
  const firstId = FIRST_ID + (serial * SLOTS_PER_DAY + slot) * IDS_PER_TIMELINE;
  const activities: Activity[] = [];
  let ids = 0;
  return {
    rng,
    repository,
    team: teamOf(repository),
    people,
    activities,
    add: (at, actor, details) => activities.push({ ...details, at, actor, repository }),
    nextId: () => {
      if (ids === IDS_PER_TIMELINE) throw new RangeError('a timeline has no more than 64 ids');
      ids += 1;
      return firstId + ids - 1;
    },
  };
}
