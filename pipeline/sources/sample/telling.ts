import { DAY_MS, HOUR_MS } from '../../domain/window.ts';
import type { Deed, Fact } from './activity.ts';
import type { Crew, Person } from './community.ts';
import type { SampleRepository } from './repositories.ts';
import { type Dice, pickSize } from './rng.ts';
import { dayOf, MOST_OPENED_IN_A_DAY, pickAwake, whenAwake } from './schedule.ts';

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
