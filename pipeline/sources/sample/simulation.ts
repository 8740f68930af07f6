import { HOUR_MS, type TimeWindow } from '../../domain/window.ts';
import { createIds, type Fact, type Telling } from './activity.ts';
import {
  type Community,
  createCommunity,
  OTHER_REPOSITORIES,
  SAMPLE_REPOSITORIES,
  type SampleRepository,
} from './community.ts';
import { createDice, type Dice, pick, pickCount } from './rng.ts';
import {
  afterOutage,
  countOpened,
  dayOf,
  diceOfDay,
  MOST_OPENED_IN_A_DAY,
  paceOn,
  pickTime,
} from './schedule.ts';
import {
  tellElsewhere,
  tellIssue,
  tellNotice,
  tellPull,
  tellPush,
  tellRelease,
} from './timelines.ts';

/** Whose dice are thrown for what; each purpose has its own, so that none disturbs another. */
const OPENED = 10;
const STORY = 11;
const PUSHES = 12;
const NOTICES = 13;
const RELEASES = 14;
const ELSEWHERE = 15;

/** Direct pushes, and stars with forks, for each issue or pull request opened. */
const PUSHES_PER_OPENED = 0.62;
const NOTICES_PER_OPENED = 0.5;
/** Of a hundred numbered stories: those about pull requests. */
const PULL_SHARE = 0.6;

interface Place {
  readonly seed: number;
  readonly community: Community;
  readonly repository: SampleRepository;
}

/** A teller for the story at one place of one day: the dice and ids are its own. */
function createTelling(place: Place, dice: Dice, at: number, slot: number): Telling {
  const { community, repository } = place;
  const nextId = createIds(repository, at, slot);
  const crew = community.crewOf(repository);
  return { dice, repository, crew, people: community.people, nextId };
}

function pickTimes(dice: Dice, day: number, count: number): number[] {
  return Array.from({ length: count }, () => pickTime(dice, day)).sort((a, b) => a - b);
}

/** How many numbers a repository has given out before a day. */
function countOpenedBefore({ seed, repository }: Place, day: number): number {
  let count = 0;
  for (let past = 0; past < day; past += 1) {
    count += countOpened(diceOfDay(seed, OPENED, repository, past), repository, past);
  }
  return count;
}

/** The issues and pull requests that are opened on a day, to their end. */
function tellOpened(place: Place, day: number, lastNumber: number): Fact[][] {
  const { seed, repository } = place;
  const dice = diceOfDay(seed, OPENED, repository, day);
  const times = pickTimes(dice, day, countOpened(dice, repository, day));
  return times.map((at, slot) => {
    const own = createDice(seed, STORY, repository.githubId, day, slot);
    const telling = createTelling(place, own, at, slot);
    const tell = own() < PULL_SHARE ? tellPull : tellIssue;
    return tell(telling, lastNumber + 1 + slot, at);
  });
}

/** Pushes, stars and forks of a day. */
function tellAround(place: Place, day: number): Fact[] {
  const { seed, repository } = place;
  const tell = (purpose: number, perOpened: number, story: typeof tellPush) => {
    const dice = diceOfDay(seed, purpose, repository, day);
    const count = Math.min(20, pickCount(dice, perOpened * paceOn(repository, day)));
    return pickTimes(dice, day, count).flatMap((at, index) =>
      story(createTelling(place, dice, at, MOST_OPENED_IN_A_DAY + index), at),
    );
  };
  return [
    ...tell(PUSHES, PUSHES_PER_OPENED, tellPush),
    ...tell(NOTICES, NOTICES_PER_OPENED, tellNotice),
  ];
}

/** A release every one to four weeks; each repository keeps its own beat. */
function tellReleaseDay(place: Place, day: number): Fact[] {
  const { seed, repository } = place;
  const every = Math.max(7, Math.round(30 - 4 * repository.pace));
  if ((day + repository.githubId) % every !== 0) return [];
  const dice = diceOfDay(seed, RELEASES, repository, day);
  const at = pickTime(dice, day);
  const slot = 2 * MOST_OPENED_IN_A_DAY - 1;
  return tellRelease(createTelling(place, dice, at, slot), at, Math.floor(day / every));
}

function tellRepository(place: Place, days: readonly number[]): Fact[] {
  let lastNumber = countOpenedBefore(place, days[0] ?? 0);
  return days.flatMap((day) => {
    const opened = tellOpened(place, day, lastNumber);
    lastNumber += opened.length;
    return [...opened.flat(), ...tellAround(place, day), ...tellReleaseDay(place, day)];
  });
}

/** At least one event in every hour, as in GH Archive. */
function tellElsewhereHour(seed: number, community: Community, hour: number): Fact[] {
  const dice = createDice(seed, ELSEWHERE, hour / HOUR_MS);
  return Array.from({ length: 1 + pickCount(dice, 0.7) }, () => {
    const place = { seed, community, repository: pick(dice, OTHER_REPOSITORIES) };
    return tellElsewhere(createTelling(place, dice, hour, 0), hour);
  }).flat();
}

/**
 * All that happens in a window, in the order of time. The stories begin in the window; what
 * lies beyond its end is left out. A longer window from the same start tells the same and more.
 */
export function tellWorld(seed: number, window: TimeWindow): Fact[] {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const community = createCommunity(seed);
  const days = range(dayOf(from), dayOf(to - 1) + 1);
  const hours = range(from / HOUR_MS, to / HOUR_MS).map((hour) => hour * HOUR_MS);
  const facts = [
    ...SAMPLE_REPOSITORIES.map((repository) => ({ seed, community, repository })).flatMap((place) =>
      tellRepository(place, days),
    ),
    ...hours.flatMap((hour) => tellElsewhereHour(seed, community, hour)),
  ];
  return facts
    .map((fact) => ({ ...fact, at: afterOutage(fact.at) }))
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
