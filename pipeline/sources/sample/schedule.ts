import { DAY_MS, HOUR_MS } from '../../domain/window.ts';
import type { Person, SampleRepository } from './community.ts';
import { createRng, pick, pickCount, type Rng } from './rng.ts';

/** Time in the sample: absolute, so that tomorrow's sample tells the same past as today's. */

/** Days are counted from here; the format of GH Archive's files begins here, too. */
export const FIRST_DAY = Date.UTC(2015, 0, 1);

/** The most numbered things a repository opens in a day; ids have room for no more. */
export const MAX_OPENED_PER_DAY = 24;

/** Number of the day that holds a time (milliseconds). */
export function dayOf(at: number): number {
  return Math.floor((at - FIRST_DAY) / DAY_MS);
}

/** Sunday to Saturday. */
const WEEK = [0.35, 1, 1.1, 1.1, 1.05, 0.9, 0.4];

/** Three hundredths more each month, within bounds: growth that shows but never runs away. */
function growthOn(day: number): number {
  const months = (day - dayOf(Date.UTC(2026, 0, 1))) / 30.4;
  return Math.min(2.5, Math.max(0.3, 1 + 0.03 * months));
}

/** How busy a day is for a repository: the week, the growth, and a slow swell of its own. */
export function paceOn(repository: SampleRepository, day: number): number {
  const weekday = new Date(FIRST_DAY + day * DAY_MS).getUTCDay();
  const phase = repository.githubId % 24;
  const swell = 1 + 0.45 * Math.sin((2 * Math.PI * day) / (150 + 9 * phase) + phase);
  return repository.pace * (WEEK[weekday] ?? 1) * growthOn(day) * swell;
}

/** How many issues and pull requests a repository opens on a day. */
export function countOpened(rng: Rng, repository: SampleRepository, day: number): number {
  return Math.min(MAX_OPENED_PER_DAY, pickCount(rng, paceOn(repository, day)));
}

/** The rng of one repository on one day, for one purpose. */
export function rngOfDay(seed: number, purpose: number, repository: SampleRepository, day: number) {
  return createRng(seed, purpose, repository.githubId, day);
}

/** The hours of which there is no file: 04:00 UTC on 13 January, May and September. */
export function isMissingHour(at: number): boolean {
  const date = new Date(at);
  return date.getUTCMonth() % 4 === 0 && date.getUTCDate() === 13 && date.getUTCHours() === 4;
}

/** Nothing happens in a missing hour: it waits until the hour is over, and so nothing is lost. */
export function afterOutage(at: number): number {
  return isMissingHour(at) ? (Math.floor(at / HOUR_MS) + 1) * HOUR_MS : at;
}

/** A time within the day, most often about 15:00 UTC, when Europe and America both work. */
export function pickTime(rng: Rng, day: number): number {
  const share = ((rng() + rng()) / 2 + 0.12) % 1;
  return afterOutage(FIRST_DAY + day * DAY_MS + Math.floor(share * DAY_MS));
}

const WAKES_AT = 8;
const SLEEPS_AT = 23;

function localHour(person: Person, at: number): number {
  return (at / HOUR_MS + person.utcOffset + 24) % 24;
}

/** Bots never sleep; people work from eight to eleven at night by their own clock. */
export function isAwake(person: Person, at: number): boolean {
  const hour = localHour(person, at);
  return person.type === 'Bot' || (hour >= WAKES_AT && hour < SLEEPS_AT);
}

/** The time itself, or the next morning if the person sleeps then. */
export function whenAwake(rng: Rng, person: Person, at: number): number {
  if (isAwake(person, at)) return afterOutage(at);
  const untilMorning = (WAKES_AT - localHour(person, at) + 24) % 24;
  return afterOutage(at + Math.floor((untilMorning + 2 * rng()) * HOUR_MS));
}

/** Someone of a list who is awake, most often one of the first. */
export function pickAwake(rng: Rng, people: readonly Person[], at: number, bias = 2): Person {
  const tries = Array.from({ length: 6 }, () => pick(rng, people, bias));
  return tries.find((person) => isAwake(person, at)) ?? pick(rng, people, bias);
}
