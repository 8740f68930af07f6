import { HOUR_MS } from '../../domain/time.ts';
import type { TimeWindow } from '../../domain/window.ts';
import {
  createCommunity,
  SAMPLE_REPOSITORIES,
  type SampleRepository,
  UNTRACKED_REPOSITORIES,
} from './community.ts';
import { createRng, pick, pickCount, type Rng } from './rng.ts';
import { afterOutage, dayOf, MAX_OPENED_PER_DAY, paceOn, pickTimes } from './schedule.ts';
import {
  type Activity,
  addIssue,
  addPull,
  addPush,
  addRelease,
  addStarOrFork,
  addUntracked,
  createTimeline,
  SLOTS_PER_DAY,
  type Timeline,
} from './timelines.ts';

/** The purposes of random numbers; each has its own, so that no purpose disturbs another. */
const OPENED = 10;
const TIMELINE = 11;
const RELEASES = 14;
const UNTRACKED = 15;

/** Direct pushes, and stars with forks: how many for each issue or pull request that is opened. */
const OTHERS = [
  { purpose: 12, perOpened: 0.62, add: addPush },
  { purpose: 13, perOpened: 0.5, add: addStarOrFork },
];
/** The most of each on a day; ids have room for 23. */
const MAX_OTHERS_PER_DAY = 20;
/** The share of pull requests among issues and pull requests. */
const PULL_SHARE = 0.6;

/** A sample that has begun: random numbers by their keys, and timelines by day and slot. */
function createSimulation(seed: number) {
  const community = createCommunity(seed);
  return {
    rngOf: (...keys: readonly number[]) => createRng(seed, ...keys),
    begin: (repository: SampleRepository, rng: Rng, day: number, slot: number) =>
      createTimeline(community, repository, rng, day, slot),
  };
}

type Simulation = ReturnType<typeof createSimulation>;

/** How many issues and pull requests a repository opens on a day. */
function countOpened(rng: Rng, repository: SampleRepository, day: number): number {
  return Math.min(MAX_OPENED_PER_DAY, pickCount(rng, paceOn(repository, day)));
}

/** How many numbers a repository has given out before a day. */
function countOpenedBefore({ rngOf }: Simulation, repository: SampleRepository, day: number) {
  return range(0, day)
    .map((past) => countOpened(rngOf(OPENED, repository.githubId, past), repository, past))
    .reduce((sum, count) => sum + count, 0);
}

/** The issues and pull requests that are opened on a day, each with all that happens to it. */
function simulateOpened(
  { rngOf, begin }: Simulation,
  repository: SampleRepository,
  day: number,
  lastNumber: number,
): Timeline[] {
  const rng = rngOf(OPENED, repository.githubId, day);
  const times = pickTimes(rng, day, countOpened(rng, repository, day));
  return times.map((at, slot) => {
    const own = rngOf(TIMELINE, repository.githubId, day, slot);
    const timeline = begin(repository, own, day, slot);
    const add = own() < PULL_SHARE ? addPull : addIssue;
    add(timeline, lastNumber + 1 + slot, at);
    return timeline;
  });
}

/** The direct pushes of a day, its stars and forks. */
function simulateOthers({ rngOf, begin }: Simulation, repository: SampleRepository, day: number) {
  return OTHERS.flatMap(({ purpose, perOpened, add }) => {
    const rng = rngOf(purpose, repository.githubId, day);
    const count = pickCount(rng, perOpened * paceOn(repository, day));
    return pickTimes(rng, day, Math.min(MAX_OTHERS_PER_DAY, count)).map((at, index) => {
      const timeline = begin(repository, rng, day, MAX_OPENED_PER_DAY + index);
      add(timeline, at);
      return timeline;
    });
  });
}

/** The release of a day, if it has one: one every 7 to 29 days, by the repository's pace. */
function simulateRelease({ rngOf, begin }: Simulation, repository: SampleRepository, day: number) {
  const interval = Math.max(7, Math.round(30 - 4 * repository.pace));
  if ((day + repository.githubId) % interval !== 0) return [];
  const rng = rngOf(RELEASES, repository.githubId, day);
  return pickTimes(rng, day, 1).map((at) => {
    const timeline = begin(repository, rng, day, SLOTS_PER_DAY - 1);
    addRelease(timeline, at, Math.floor(day / interval));
    return timeline;
  });
}

function simulateRepository(
  simulation: Simulation,
  repository: SampleRepository,
  days: readonly number[],
): Timeline[] {
  let lastNumber = countOpenedBefore(simulation, repository, days[0] ?? 0);
  return days.flatMap((day) => {
    const opened = simulateOpened(simulation, repository, day, lastNumber);
    lastNumber += opened.length;
    const others = simulateOthers(simulation, repository, day);
    return [...opened, ...others, ...simulateRelease(simulation, repository, day)];
  });
}

/** At least one event in every hour, as in GH Archive. */
function simulateUntracked({ rngOf, begin }: Simulation, hour: number): Timeline[] {
  const rng = rngOf(UNTRACKED, hour / HOUR_MS);
  return Array.from({ length: 1 + pickCount(rng, 0.7) }, () => {
    const timeline = begin(pick(rng, UNTRACKED_REPOSITORIES), rng, dayOf(hour), 0);
    addUntracked(timeline, hour);
    return timeline;
  });
}

/**
 * All activities of a window, in the order of time. Timelines begin in the window; what happens
 * after its end is left out. A longer window from the same start has the same activities and more.
 */
export function simulateCommunity(seed: number, window: TimeWindow): Activity[] {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const simulation = createSimulation(seed);
  const days = range(dayOf(from), dayOf(to - 1) + 1);
  const hours = range(from / HOUR_MS, to / HOUR_MS).map((hour) => hour * HOUR_MS);
  const timelines = [
    ...SAMPLE_REPOSITORIES.flatMap((repository) =>
      simulateRepository(simulation, repository, days),
    ),
    ...hours.flatMap((hour) => simulateUntracked(simulation, hour)),
  ];
  return timelines
    .flatMap(({ activities }) => activities)
    .map((activity) => ({ ...activity, at: afterOutage(activity.at) }))
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at);
}

/** The whole numbers from `from` up to, not including, `to`. */
function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
