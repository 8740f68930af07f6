import { DAY_MS, HOUR_MS } from '../../domain/window.ts';
import type { Crew, Person, SampleRepository } from './community.ts';
import { type Dice, pickSize } from './rng.ts';
import { dayOf, MOST_OPENED_IN_A_DAY, pickAwake, whenAwake } from './schedule.ts';

/** What happens in the sample, before it is put into the words of one era or the other. */

/** What issues and pull requests share: a number, a text and a conversation. */
export interface Thread {
  readonly id: number;
  readonly number: number;
  readonly author: Person;
  readonly title: string;
  readonly body: string | null;
  /** Milliseconds, as all times of facts. */
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

export interface Remark {
  readonly id: number;
  readonly body: string;
}

export interface Review extends Remark {
  readonly state: 'approved' | 'changes_requested' | 'commented';
}

export type Deed =
  | { readonly kind: 'pull'; readonly action: 'opened' | 'closed' | 'merged'; readonly pull: Pull }
  | { readonly kind: 'review'; readonly pull: Pull; readonly review: Review }
  | {
      readonly kind: 'review-comment';
      readonly pull: Pull;
      readonly review: Review;
      readonly remark: Remark;
    }
  | {
      readonly kind: 'issue';
      readonly action: 'opened' | 'closed' | 'reopened';
      readonly issue: Issue;
    }
  | { readonly kind: 'comment'; readonly thread: Issue | Pull; readonly remark: Remark }
  | { readonly kind: 'commit-comment'; readonly sha: string; readonly remark: Remark }
  | { readonly kind: 'push'; readonly branch: string; readonly commits: readonly Commit[] }
  | { readonly kind: 'branch'; readonly action: 'created' | 'deleted'; readonly branch: string }
  | { readonly kind: 'release'; readonly id: number; readonly tag: string; readonly body: string }
  | { readonly kind: 'watch' }
  | { readonly kind: 'fork'; readonly forkId: number };

/** Someone did something in a repository at a time. */
export type Fact = Deed & {
  readonly at: number;
  readonly actor: Person;
  readonly repository: SampleRepository;
};

/** A fact of one kind. */
export type FactOf<K extends Deed['kind']> = Extract<Fact, { kind: K }>;

/** What a story is told with. */
export interface Telling {
  readonly dice: Dice;
  readonly repository: SampleRepository;
  readonly crew: Crew;
  readonly people: readonly Person[];
  /** A new numeric id at each call, for a comment, a review, a pull request. */
  readonly nextId: () => number;
}

/** Above every id that GitHub has given to a comment, review or pull request (about 4 billion). */
const FIRST_ID = 9_500_000_000;
const IDS_IN_A_STORY = 64;
/** Places for the numbered stories of a day, and as many for all others. */
const STORIES_IN_A_DAY = 2 * MOST_OPENED_IN_A_DAY;
const REPOSITORIES = 128;

/**
 * Ids made from where a story stands and not from what was told before it, so that the sample
 * of another day gives the same ids to the same facts.
 * @throws RangeError if the story takes more than 64
 */
export function createIds(repository: SampleRepository, at: number, place: number): () => number {
  const serial = dayOf(at) * REPOSITORIES + (repository.githubId % REPOSITORIES);
  const first = FIRST_ID + (serial * STORIES_IN_A_DAY + place) * IDS_IN_A_STORY;
  let taken = 0;
  return () => {
    if (taken === IDS_IN_A_STORY) throw new RangeError('a story of the sample takes too many ids');
    taken += 1;
    return first + taken - 1;
  };
}

/** A deed with its circumstances. */
export function toFact(telling: Telling, at: number, actor: Person, deed: Deed): Fact {
  return { ...deed, at, actor, repository: telling.repository };
}

/** Some hours later, but by day: half of the answers come within the median. */
export function later(dice: Dice, person: Person, at: number, medianHours: number): number {
  const wait = Math.min(40 * DAY_MS, 60_000 + pickSize(dice, medianHours * HOUR_MS, 1.1));
  return whenAwake(dice, person, at + Math.floor(wait));
}

/** Who opens something: often the crew, sometimes someone passing by. */
export function pickAuthor({ dice, crew, people }: Telling, at: number): Person {
  const fate = dice();
  if (fate < 0.33) return pickAwake(dice, crew.maintainers, at);
  if (fate < 0.68) return pickAwake(dice, crew.regulars, at);
  return pickAwake(dice, people, at, 1.4);
}

/** Who answers: a maintainer, or in one of three cases a regular. */
export function pickHelper({ dice, crew }: Telling, at: number): Person {
  return pickAwake(dice, dice() < 0.67 ? crew.maintainers : crew.regulars, at, 1.6);
}
