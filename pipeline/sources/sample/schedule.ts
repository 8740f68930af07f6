import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import type { Person, SampleRepository } from './community.ts';
import { pick, type Rng } from './rng.ts';

/**
 * When things happen in the sample. All depends on absolute time, so that tomorrow's sample has
 * the same past as today's.
 */

/** Day 0 of the sample's calendar. The format of GH Archive's files begins here, too. */
export const FIRST_DAY = Date.UTC(2015, 0, 1);

/** The most issues and pull requests that a repository opens in a day; ids have room for no more. */
export const MAX_OPENED_PER_DAY = 24;

/** Number of the day that holds a time (milliseconds). */
export function dayOf(at: number): number {
  return Math.floor((at - FIRST_DAY) / DAY_MS);
}

/** The share of a usual day's activity, from Sunday to Saturday. */
const WEEK = [0.35, 1, 1.1, 1.1, 1.05, 0.9, 0.4];

/** Growth since the start of 2026: 3 % of that pace more each month, within bounds. */
function growthOn(day: number): number {
  const months = (day - dayOf(Date.UTC(2026, 0, 1))) / 30.4;
  return Math.min(2.5, Math.max(0.3, 1 + 0.03 * months));
}

/**
 * The mean number of issues and pull requests that a repository opens on a day: it follows the
 * week, the growth, and a slow wave of the repository's own (150 to 357 days).
 */
export function paceOn(repository: SampleRepository, day: number): number {
  const weekday = new Date(FIRST_DAY + day * DAY_MS).getUTCDay();
  const phase = repository.githubId % 24;
  const wave = 1 + 0.45 * Math.sin((2 * Math.PI * day) / (150 + 9 * phase) + phase);
  return repository.pace * (WEEK[weekday] ?? 1) * growthOn(day) * wave;
}

/** The time of day of the hours that have no file. */
const MISSING_AT = 4 * HOUR_MS;

/** The hours that have no file: 04:00 UTC on 13 January, May and September. */
export function isMissingHour(at: number): boolean {
  const date = new Date(at);
  const isDay = date.getUTCMonth() % 4 === 0 && date.getUTCDate() === 13;
  return isDay && date.getUTCHours() * HOUR_MS === MISSING_AT;
}

/** How long after a missing hour the archive goes on losing what happens. */
const LOST_MS = 23 * HOUR_MS;

/**
 * The hours whose files are lost with what happened in them: the rest of a day from a missing hour on.
 * It is enough for a month to be damaged, and for the boards of three months, and too little for
 * those of a year.
 */
export const isLostHour = (at: number): boolean => endOfLoss(at) !== null && !isMissingHour(at);

/** When the archive loses nothing any more; null: it loses nothing at that time. */
function endOfLoss(at: number): number | null {
  // The missing hour is on this day, or on the one before.
  const starts = [at, at - DAY_MS].map((day) => Math.floor(day / DAY_MS) * DAY_MS + MISSING_AT);
  const start = starts.find((one) => isMissingHour(one) && one <= at);
  const end = (start ?? 0) + HOUR_MS + LOST_MS;
  return start !== undefined && at < end ? end : null;
}

/** Activities of a missing hour happen when it is over, so that none is lost. */
export function afterOutage(at: number): number {
  return isMissingHour(at) ? (Math.floor(at / HOUR_MS) + 1) * HOUR_MS : at;
}

/**
 * What begins while the archive loses what happens begins after it, so that what follows is known of
 * everything, and no number is missing.
 */
const afterLoss = (at: number): number => endOfLoss(at) ?? at;

/** Times within the day in their order, most about 15:00 UTC, when Europe and America both work. */
export function pickTimes(rng: Rng, day: number, count: number): number[] {
  const times = Array.from({ length: count }, () => {
    const share = ((rng() + rng()) / 2 + 0.12) % 1;
    return afterLoss(FIRST_DAY + day * DAY_MS + Math.floor(share * DAY_MS));
  });
  return times.sort((a, b) => a - b);
}

/** People are awake between these hours of their own clock. */
const WAKES_AT = 8;
const SLEEPS_AT = 23;

function localHour(person: Person, at: number): number {
  return (at / HOUR_MS + person.utcOffset + 24) % 24;
}

/** Bots never sleep. */
export function isAwake(person: Person, at: number): boolean {
  const hour = localHour(person, at);
  return person.type === 'Bot' || (hour >= WAKES_AT && hour < SLEEPS_AT);
}

/** The time itself, or up to two hours after the person wakes if the person sleeps then. */
export function whenAwake(rng: Rng, person: Person, at: number): number {
  if (isAwake(person, at)) return afterOutage(at);
  const untilMorning = (WAKES_AT - localHour(person, at) + 24) % 24;
  return afterOutage(at + Math.floor((untilMorning + 2 * rng()) * HOUR_MS));
}

/** A person of a list who is awake, most often one of the first. */
export function pickAwake(rng: Rng, people: readonly Person[], at: number, bias = 2): Person {
  const tries = Array.from({ length: 6 }, () => pick(rng, people, bias));
  return tries.find((person) => isAwake(person, at)) ?? pick(rng, people, bias);
}
