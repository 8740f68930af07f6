import { HOUR_MS, type TimeWindow } from '../../domain/window.ts';
import { type Activity, createIds, type TimelineContext } from './activity.ts';
import {
  type Community,
  createCommunity,
  SAMPLE_REPOSITORIES,
  type SampleRepository,
  UNTRACKED_REPOSITORIES,
} from './community.ts';
import { createRng, pick, pickCount, type Rng } from './rng.ts';
import {
  afterOutage,
  countOpened,
  dayOf,
  MAX_OPENED_PER_DAY,
  paceOn,
  pickTime,
  rngOfDay,
} from './schedule.ts';
import {
  buildInterestTimeline,
  buildIssueTimeline,
  buildPullTimeline,
  buildPushTimeline,
  buildReleaseTimeline,
  buildUntrackedTimeline,
} from './timelines.ts';

/** Whose rng are thrown for what; each purpose has its own, so that none disturbs another. */
const OPENED = 10;
const TIMELINE = 11;
const PUSHES = 12;
const INTEREST = 13;
const RELEASES = 14;
const UNTRACKED = 15;

/** Direct pushes, and stars with forks, for each issue or pull request opened. */
const PUSHES_PER_OPENED = 0.62;
const INTEREST_PER_OPENED = 0.5;
/** Of a hundred numbered timelines: those about pull requests. */
const PULL_SHARE = 0.6;

interface Simulation {
  readonly seed: number;
  readonly community: Community;
  readonly repository: SampleRepository;
}

/** A context for the timeline in one place of one day: the rng and ids are its own. */
function createContext(
  simulation: Simulation,
  rng: Rng,
  at: number,
  slot: number,
): TimelineContext {
  const { community, repository } = simulation;
  const nextId = createIds(repository, at, slot);
  const team = community.teamOf(repository);
  return { rng, repository, team, people: community.people, nextId };
}

function pickTimes(rng: Rng, day: number, count: number): number[] {
  return Array.from({ length: count }, () => pickTime(rng, day)).sort((a, b) => a - b);
}

/** How many numbers a repository has given out before a day. */
function countOpenedBefore({ seed, repository }: Simulation, day: number): number {
  let count = 0;
  for (let past = 0; past < day; past += 1) {
    count += countOpened(rngOfDay(seed, OPENED, repository, past), repository, past);
  }
  return count;
}

/** The issues and pull requests that are opened on a day, to their end. */
function simulateOpened(simulation: Simulation, day: number, lastNumber: number): Activity[][] {
  const { seed, repository } = simulation;
  const rng = rngOfDay(seed, OPENED, repository, day);
  const times = pickTimes(rng, day, countOpened(rng, repository, day));
  return times.map((at, slot) => {
    const own = createRng(seed, TIMELINE, repository.githubId, day, slot);
    const context = createContext(simulation, own, at, slot);
    const tell = own() < PULL_SHARE ? buildPullTimeline : buildIssueTimeline;
    return tell(context, lastNumber + 1 + slot, at);
  });
}

/** Pushes, stars and forks of a day. */
function simulatePushesAndInterest(simulation: Simulation, day: number): Activity[] {
  const { seed, repository } = simulation;
  const tell = (purpose: number, perOpened: number, timeline: typeof buildPushTimeline) => {
    const rng = rngOfDay(seed, purpose, repository, day);
    const count = Math.min(20, pickCount(rng, perOpened * paceOn(repository, day)));
    return pickTimes(rng, day, count).flatMap((at, index) =>
      timeline(createContext(simulation, rng, at, MAX_OPENED_PER_DAY + index), at),
    );
  };
  return [
    ...tell(PUSHES, PUSHES_PER_OPENED, buildPushTimeline),
    ...tell(INTEREST, INTEREST_PER_OPENED, buildInterestTimeline),
  ];
}

/** A release every one to four weeks; each repository keeps its own beat. */
function simulateReleases(simulation: Simulation, day: number): Activity[] {
  const { seed, repository } = simulation;
  const every = Math.max(7, Math.round(30 - 4 * repository.pace));
  if ((day + repository.githubId) % every !== 0) return [];
  const rng = rngOfDay(seed, RELEASES, repository, day);
  const at = pickTime(rng, day);
  const slot = 2 * MAX_OPENED_PER_DAY - 1;
  return buildReleaseTimeline(
    createContext(simulation, rng, at, slot),
    at,
    Math.floor(day / every),
  );
}

function simulateRepository(simulation: Simulation, days: readonly number[]): Activity[] {
  let lastNumber = countOpenedBefore(simulation, days[0] ?? 0);
  return days.flatMap((day) => {
    const opened = simulateOpened(simulation, day, lastNumber);
    lastNumber += opened.length;
    return [
      ...opened.flat(),
      ...simulatePushesAndInterest(simulation, day),
      ...simulateReleases(simulation, day),
    ];
  });
}

/** At least one event in every hour, as in GH Archive. */
function simulateUntrackedHour(seed: number, community: Community, hour: number): Activity[] {
  const rng = createRng(seed, UNTRACKED, hour / HOUR_MS);
  return Array.from({ length: 1 + pickCount(rng, 0.7) }, () => {
    const simulation = { seed, community, repository: pick(rng, UNTRACKED_REPOSITORIES) };
    return buildUntrackedTimeline(createContext(simulation, rng, hour, 0), hour);
  }).flat();
}

/**
 * All that happens in a window, in the order of time. The timelines begin in the window; what
 * lies beyond its end is left out. A longer window from the same start tells the same and more.
 */
export function simulateCommunity(seed: number, window: TimeWindow): Activity[] {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const community = createCommunity(seed);
  const days = range(dayOf(from), dayOf(to - 1) + 1);
  const hours = range(from / HOUR_MS, to / HOUR_MS).map((hour) => hour * HOUR_MS);
  const activities = [
    ...SAMPLE_REPOSITORIES.map((repository) => ({ seed, community, repository })).flatMap(
      (simulation) => simulateRepository(simulation, days),
    ),
    ...hours.flatMap((hour) => simulateUntrackedHour(seed, community, hour)),
  ];
  return activities
    .map((activity) => ({ ...activity, at: afterOutage(activity.at) }))
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
