import { DAY_MS, HOUR_MS } from '../../domain/window.ts';
import type { Person, SampleRepository, Team } from './community.ts';
import { pickSize, type Rng } from './rng.ts';
import { dayOf, MAX_OPENED_PER_DAY, pickAwake, whenAwake } from './schedule.ts';

/** What happens in the sample, before it is put into the words of one era or the other. */

/** What issues and pull requests share: a number, a text and a conversation. */
export interface Thread {
  readonly id: number;
  readonly number: number;
  readonly author: Person;
  readonly title: string;
  readonly body: string | null;
  /** Milliseconds, as all times of activities. */
  readonly openedAt: number;
  /** When comments were made, so that a payload can count those before it. */
  readonly commentedAt: number[];
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
  readonly reviewCommentedAt: number[];
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

export type ActivityDetails =
  | { readonly kind: 'pull'; readonly action: 'opened' | 'closed' | 'merged'; readonly pull: Pull }
  | { readonly kind: 'review'; readonly pull: Pull; readonly review: Review }
  | {
      readonly kind: 'review-comment';
      readonly pull: Pull;
      readonly review: Review;
      readonly comment: Comment;
    }
  | {
      readonly kind: 'issue';
      readonly action: 'opened' | 'closed' | 'reopened';
      readonly issue: Issue;
    }
  | { readonly kind: 'comment'; readonly thread: Issue | Pull; readonly comment: Comment }
  | { readonly kind: 'commit-comment'; readonly sha: string; readonly comment: Comment }
  | { readonly kind: 'push'; readonly branch: string; readonly commits: readonly Commit[] }
  | { readonly kind: 'branch'; readonly action: 'created' | 'deleted'; readonly branch: string }
  | { readonly kind: 'release'; readonly id: number; readonly tag: string; readonly body: string }
  | { readonly kind: 'watch' }
  | { readonly kind: 'fork'; readonly forkId: number };

/** Someone did something in a repository at a time. */
export type Activity = ActivityDetails & {
  readonly at: number;
  readonly actor: Person;
  readonly repository: SampleRepository;
};

/** A activity of one kind. */
export type ActivityOf<K extends ActivityDetails['kind']> = Extract<Activity, { kind: K }>;

/** What a timeline is told with. */
export interface TimelineContext {
  readonly rng: Rng;
  readonly repository: SampleRepository;
  readonly team: Team;
  readonly people: readonly Person[];
  /** A new numeric id at each call, for a comment, a review, a pull request. */
  readonly nextId: () => number;
}

/** Above every id that GitHub has given to a comment, review or pull request (about 4 billion). */
const FIRST_ID = 9_500_000_000;
const IDS_PER_TIMELINE = 64;
/** Places for the numbered timelines of a day, and as many for all others. */
const TIMELINES_PER_DAY = 2 * MAX_OPENED_PER_DAY;
const REPOSITORIES = 128;

/**
 * Ids made from where a timeline stands and not from what was told before it, so that the sample
 * of another day gives the same ids to the same activities.
 * @draws RangeError if the timeline takes more than 64
 */
export function createIds(
  repository: SampleRepository,
  at: number,
  simulation: number,
): () => number {
  const serial = dayOf(at) * REPOSITORIES + (repository.githubId % REPOSITORIES);
  const first = FIRST_ID + (serial * TIMELINES_PER_DAY + simulation) * IDS_PER_TIMELINE;
  let taken = 0;
  return () => {
    if (taken === IDS_PER_TIMELINE)
      throw new RangeError('a timeline of the sample takes too many ids');
    taken += 1;
    return first + taken - 1;
  };
}

/** A details with its circumstances. */
export function toActivity(
  context: TimelineContext,
  at: number,
  actor: Person,
  details: ActivityDetails,
): Activity {
  return { ...details, at, actor, repository: context.repository };
}

/** Some hours later, but by day: half of the answers come within the median. */
export function pickAnswerTime(rng: Rng, person: Person, at: number, medianHours: number): number {
  const wait = Math.min(40 * DAY_MS, 60_000 + pickSize(rng, medianHours * HOUR_MS, 1.1));
  return whenAwake(rng, person, at + Math.floor(wait));
}

/** Who opens something: often the team, sometimes someone passing by. */
export function pickAuthor({ rng, team, people }: TimelineContext, at: number): Person {
  const chance = rng();
  if (chance < 0.33) return pickAwake(rng, team.maintainers, at);
  if (chance < 0.68) return pickAwake(rng, team.regulars, at);
  return pickAwake(rng, people, at, 1.4);
}

/** Who answers: a maintainer, or in one of three cases a regular. */
export function pickHelper({ rng, team }: TimelineContext, at: number): Person {
  return pickAwake(rng, rng() < 0.67 ? team.maintainers : team.regulars, at, 1.6);
}
