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

/** The share of pull requests among issues and pull requests. */
const PULL_SHARE = 0.6;

/** A day, and the first number that an issue or a pull request gets on it. */
type NumberedDay = Day & { readonly firstNumber: number };

/** How many issues and pull requests are opened. */
const countOpened = countUpTo(MAX_OPENED_PER_DAY, 1);

/** What begins on a day: how many, the slot of the first, and what happens then. */
const KINDS = [
  { purpose: OPENED, count: countOpened, firstSlot: 0, add: addNumbered },
  { purpose: PUSHES, count: countUpTo(20, 0.62), firstSlot: MAX_OPENED_PER_DAY, add: addPush },
  { purpose: STARS, count: countUpTo(20, 0.5), firstSlot: MAX_OPENED_PER_DAY, add: addStarOrFork },
  { purpose: RELEASES, count: countReleases, firstSlot: SLOTS_PER_DAY - 1, add: addRelease },
];

/** Counts with the mean of the repository's pace, or a share of it. */
function countUpTo(most: number, share: number) {
  return ({ repository, day }: Day, rng: Rng): number =>
    Math.min(most, pickCount(rng, share * paceOn(repository, day)));
}

/** One every 7 to 29 days, by the repository's pace. */
function countReleases({ repository, day }: Day): number {
  const interval = Math.max(7, Math.round(30 - 4 * repository.pace));
  return (day + repository.githubId) % interval === 0 ? 1 : 0;
}

function rngOf({ community, repository, day }: Day, purpose: number, ...more: number[]): Rng {
  return createRng(community.seed, purpose, repository.githubId, day, ...more);
}

/** An issue or a pull request: what happens to it does not depend on the others of its day. */
function addNumbered(timeline: Timeline, at: number, day: NumberedDay, slot: number): void {
  const rng = rngOf(day, TIMELINE, slot);
  const add = rng() < PULL_SHARE ? addPull : addIssue;
  add({ ...timeline, rng }, day.firstNumber + slot, at);
}

/** All that begins on a day, with what follows from it later. */
function simulateDay(day: NumberedDay): Activity[] {
  return KINDS.flatMap(({ purpose, count, firstSlot, add }) => {
    const rng = rngOf(day, purpose);
    return pickTimes(rng, day.day, count(day, rng)).flatMap((at, index) => {
      const timeline = createTimeline(day, rng, firstSlot + index);
      add(timeline, at, day, index);
      return timeline.activities;
    });
  });
}

/** The days of a repository, each with its first number: numbers are given out since day 0. */
function numberDays(community: Community, repository: SampleRepository, last: number) {
  let firstNumber = 1;
  return range(0, last + 1).map((number) => {
    const day = { community, repository, day: number, firstNumber };
    firstNumber += countOpened(day, rngOf(day, OPENED));
    return day;
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
  const [first, last] = [dayOf(from), dayOf(to - 1)];
  const days = SAMPLE_REPOSITORIES.flatMap((one) => numberDays(community, one, last).slice(first));
  const hours = range(from / HOUR_MS, to / HOUR_MS);
  const activities = [
    ...days.flatMap(simulateDay),
    ...hours.flatMap((hour) => simulateUntracked(community, hour)),
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
