import { HOUR_MS } from '../../domain/time.ts';
import type { TimeWindow } from '../../domain/window.ts';
import { type Activity, createTimeline, SLOTS_PER_DAY, type Timeline } from './activity.ts';
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
  addIssue,
  addPull,
  addPush,
  addRelease,
  addStarOrFork,
  addUntracked,
} from './timelines.ts';

/** The purposes of random numbers; each has its own, so that no purpose disturbs another. */
const OPENED = 10;
const TIMELINE = 11;
const PUSHES = 12;
const STARS = 13;
const RELEASES = 14;
const UNTRACKED = 15;

/** Direct pushes, and stars with forks, for each issue or pull request that is opened. */
const PUSHES_PER_OPENED = 0.62;
const STARS_PER_OPENED = 0.5;
/** The most of them on a day; ids have room for 23. */
const MAX_OTHERS_PER_DAY = 20;
/** The share of pull requests among issues and pull requests. */
const PULL_SHARE = 0.6;

interface Simulation {
  readonly seed: number;
  readonly community: Community;
  readonly repository: SampleRepository;
}

function pickTimes(rng: Rng, day: number, count: number): number[] {
  return Array.from({ length: count }, () => pickTime(rng, day)).sort((a, b) => a - b);
}

/** How many numbers a repository has given out before a day. */
function countOpenedBefore({ seed, repository }: Simulation, day: number): number {
  return range(0, day)
    .map((past) => countOpened(rngOfDay(seed, OPENED, repository, past), repository, past))
    .reduce((sum, count) => sum + count, 0);
}

/** The issues and pull requests that are opened on a day, each with all that happens to it. */
function simulateOpened(simulation: Simulation, day: number, lastNumber: number): Timeline[] {
  const { seed, community, repository } = simulation;
  const rng = rngOfDay(seed, OPENED, repository, day);
  const times = pickTimes(rng, day, countOpened(rng, repository, day));
  return times.map((at, slot) => {
    const own = createRng(seed, TIMELINE, repository.githubId, day, slot);
    const timeline = createTimeline(community, repository, own, day, slot);
    const add = own() < PULL_SHARE ? addPull : addIssue;
    add(timeline, lastNumber + 1 + slot, at);
    return timeline;
  });
}

/** The direct pushes of a day, or its stars and forks. */
function simulateOthers(
  { seed, community, repository }: Simulation,
  day: number,
  purpose: number,
  perOpened: number,
  add: (timeline: Timeline, at: number) => void,
): Timeline[] {
  const rng = rngOfDay(seed, purpose, repository, day);
  const mean = perOpened * paceOn(repository, day);
  const times = pickTimes(rng, day, Math.min(MAX_OTHERS_PER_DAY, pickCount(rng, mean)));
  return times.map((at, index) => {
    const slot = MAX_OPENED_PER_DAY + index;
    const timeline = createTimeline(community, repository, rng, day, slot);
    add(timeline, at);
    return timeline;
  });
}

/** The release of a day, if it has one: one every 7 to 29 days, by the repository's pace. */
function simulateRelease({ seed, community, repository }: Simulation, day: number): Timeline[] {
  const interval = Math.max(7, Math.round(30 - 4 * repository.pace));
  if ((day + repository.githubId) % interval !== 0) return [];
  const rng = rngOfDay(seed, RELEASES, repository, day);
  const at = pickTime(rng, day);
  const timeline = createTimeline(community, repository, rng, day, SLOTS_PER_DAY - 1);
  addRelease(timeline, at, Math.floor(day / interval));
  return [timeline];
}

function simulateRepository(simulation: Simulation, days: readonly number[]): Timeline[] {
  let lastNumber = countOpenedBefore(simulation, days[0] ?? 0);
  return days.flatMap((day) => {
    const opened = simulateOpened(simulation, day, lastNumber);
    lastNumber += opened.length;
    const pushes = simulateOthers(simulation, day, PUSHES, PUSHES_PER_OPENED, addPush);
    const stars = simulateOthers(simulation, day, STARS, STARS_PER_OPENED, addStarOrFork);
    return [...opened, ...pushes, ...stars, ...simulateRelease(simulation, day)];
  });
}

/** At least one event in every hour, as in GH Archive. */
function simulateUntracked(seed: number, community: Community, hour: number): Timeline[] {
  const rng = createRng(seed, UNTRACKED, hour / HOUR_MS);
  return Array.from({ length: 1 + pickCount(rng, 0.7) }, () => {
    const repository = pick(rng, UNTRACKED_REPOSITORIES);
    const timeline = createTimeline(community, repository, rng, dayOf(hour), 0);
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
  const community = createCommunity(seed);
  const days = range(dayOf(from), dayOf(to - 1) + 1);
  const hours = range(from / HOUR_MS, to / HOUR_MS).map((hour) => hour * HOUR_MS);
  const timelines = [
    ...SAMPLE_REPOSITORIES.flatMap((repository) =>
      simulateRepository({ seed, community, repository }, days),
    ),
    ...hours.flatMap((hour) => simulateUntracked(seed, community, hour)),
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
