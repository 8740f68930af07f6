import { HOUR_MS } from '../../domain/time.ts';
import type { TimeWindow } from '../../domain/window.ts';
import {
  type Community,
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
  type Day,
  SLOTS_PER_DAY,
  type Timeline,
} from './timelines.ts';

/** The purposes of random numbers; each has its own, so that no purpose disturbs another. */
const OPENED = 10;
const TIMELINE = 11;
const PUSHES = 12;
const STARS = 13;
const RELEASES = 14;
const UNTRACKED = 15;

/** The most of each kind on a day; ids have room for 23. */
const MAX_OTHERS_PER_DAY = 20;

/** Beside issues and pull requests: pushes, and stars with forks, as a share of their number. */
const OTHERS = [
  { purpose: PUSHES, perOpened: 0.62, add: addPush },
  { purpose: STARS, perOpened: 0.5, add: addStarOrFork },
];
/** The share of pull requests among issues and pull requests. */
const PULL_SHARE = 0.6;

function rngOf({ community, repository, day }: Day, purpose: number, ...more: number[]): Rng {
  return createRng(community.seed, purpose, repository.githubId, day, ...more);
}

/** Timelines that begin at this many times of a day, each in its own slot. */
function simulateTimelines(
  day: Day,
  rng: Rng,
  count: number,
  firstSlot: number,
  add: (timeline: Timeline, at: number, index: number) => void,
): Activity[] {
  return pickTimes(rng, day.day, count).flatMap((at, index) => {
    const timeline = createTimeline(day, rng, firstSlot + index);
    add(timeline, at, index);
    return timeline.activities;
  });
}

/** The direct pushes of a day, its stars and forks. */
function simulateOthers(day: Day): Activity[] {
  return OTHERS.flatMap(({ purpose, perOpened, add }) => {
    const rng = rngOf(day, purpose);
    const count = pickCount(rng, perOpened * paceOn(day.repository, day.day));
    return simulateTimelines(
      day,
      rng,
      Math.min(MAX_OTHERS_PER_DAY, count),
      MAX_OPENED_PER_DAY,
      add,
    );
  });
}

/** The release of a day, if it has one: one every 7 to 29 days, by the repository's pace. */
function simulateRelease(day: Day): Activity[] {
  const interval = Math.max(7, Math.round(30 - 4 * day.repository.pace));
  if ((day.day + day.repository.githubId) % interval !== 0) return [];
  return simulateTimelines(day, rngOf(day, RELEASES), 1, SLOTS_PER_DAY - 1, addRelease);
}

/** An issue or a pull request: what happens to it does not depend on the others of its day. */
function addNumbered(day: Day, slot: number, timeline: Timeline, number: number, at: number): void {
  const rng = rngOf(day, TIMELINE, slot);
  const add = rng() < PULL_SHARE ? addPull : addIssue;
  add({ ...timeline, rng }, number, at);
}

/**
 * All that begins in a repository from the first day to the last. Issues and pull requests are
 * counted from day 0 of the calendar, so that each has the same number in every sample.
 */
function simulateRepository(
  community: Community,
  repository: SampleRepository,
  firstDay: number,
  lastDay: number,
): Activity[] {
  let nextNumber = 1;
  return range(0, lastDay + 1).flatMap((dayNumber) => {
    const day = { community, repository, day: dayNumber };
    const rng = rngOf(day, OPENED);
    const count = Math.min(MAX_OPENED_PER_DAY, pickCount(rng, paceOn(repository, dayNumber)));
    const firstNumber = nextNumber;
    nextNumber += count;
    if (dayNumber < firstDay) return [];
    const opened = simulateTimelines(day, rng, count, 0, (timeline, at, slot) =>
      addNumbered(day, slot, timeline, firstNumber + slot, at),
    );
    return [...opened, ...simulateOthers(day), ...simulateRelease(day)];
  });
}

/** At least one event in every hour, as in GH Archive. */
function simulateUntracked(community: Community, hour: number): Activity[] {
  const at = hour * HOUR_MS;
  const rng = createRng(community.seed, UNTRACKED, hour);
  return Array.from({ length: 1 + pickCount(rng, 0.7) }).flatMap(() => {
    const repository = pick(rng, UNTRACKED_REPOSITORIES);
    const timeline = createTimeline({ community, repository, day: dayOf(at) }, rng, 0);
    addUntracked(timeline, at + Math.floor(rng() * HOUR_MS));
    return timeline.activities;
  });
}

/**
 * All activities of a window, in the order of time. Timelines begin in the window; what happens
 * after its end is left out. A longer window from the same start has the same activities and more.
 */
export function simulateCommunity(seed: number, window: TimeWindow): Activity[] {
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const community = createCommunity(seed);
  const activities = [
    ...SAMPLE_REPOSITORIES.flatMap((repository) =>
      simulateRepository(community, repository, dayOf(from), dayOf(to - 1)),
    ),
    ...range(from / HOUR_MS, to / HOUR_MS).flatMap((hour) => simulateUntracked(community, hour)),
  ];
  return activities
    .map((activity) => ({ ...activity, at: afterOutage(activity.at) }))
    .filter(({ at }) => at >= from && at < to)
    .sort((a, b) => a.at - b.at);
}

/** The whole numbers from `from` up to, not including, `to`. */
function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
