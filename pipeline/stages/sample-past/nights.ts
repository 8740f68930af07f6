import type { ErrorClass } from '../../domain/error-class.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts';
import { startOfDay, startOfHour, type TimeWindow } from '../../domain/window.ts';
import { SAMPLE_REPOSITORIES } from '../../sources/sample/community.ts';
import { createRng, pickCount } from '../../sources/sample/rng.ts';
import { dayOf, paceOn } from '../../sources/sample/schedule.ts';

/** What happened in the nights before the sample was made: all of it depends on the day alone. */

/** How the job of a night went wrong. */
export interface Trouble {
  /** RETRIED: the second attempt was good. WAITED: the breaker opened, and closed. FAILED: for good. */
  readonly kind: 'RETRIED' | 'WAITED' | 'FAILED';
  readonly errorClass: ErrorClass;
  readonly message: string;
}

/** A run of a night. */
export interface Night {
  readonly startedAt: Date;
  readonly window: TimeWindow;
  /** Null: nothing went wrong. */
  readonly trouble: Trouble | null;
  /** How long each stage took without its troubles, in seconds. */
  readonly seconds: Readonly<Record<NightStage, number>>;
  readonly events: number;
  readonly kept: number;
  readonly users: number;
  /** What BigQuery would have billed; 0: it was not asked. */
  readonly bytes: number;
  /** Points of GitHub's rate limit, by place of the repository. */
  readonly usage: readonly { readonly place: number; readonly points: number }[];
}

export const NIGHT_STAGES = [
  'discovery',
  'scrape',
  'missing-numbers',
  'calculate',
  'enrich',
] as const;
export type NightStage = (typeof NIGHT_STAGES)[number];

/** With the run of now three weeks; more would take longer than a newcomer likes to wait. */
const NIGHTS = 20;
const BEGIN_MS = 130 * MINUTE_MS;
/** Contributions of the sample for each issue and pull request that is opened in it. */
const PER_OPENED = 7.2;

/** By how many nights ago. */
const TROUBLES: Readonly<Record<number, Trouble>> = {
  4: {
    kind: 'RETRIED',
    errorClass: 'timeout',
    message: 'sample: no answer within 30 s',
  },
  9: {
    kind: 'WAITED',
    errorClass: 'quota',
    message: 'sample: too many requests, the limit of this hour is used up',
  },
  15: {
    kind: 'FAILED',
    errorClass: 'unauthorized',
    message: 'sample: the token has expired; store a new one',
  },
};

/** The nights before the day of a moment, oldest first. */
export const listNights = (now: Date): Night[] =>
  Array.from({ length: NIGHTS }, (_, index) => buildNight(now, NIGHTS - index));

function buildNight(now: Date, ago: number): Night {
  const midnight = startOfDay(now).getTime() - ago * DAY_MS;
  const day = dayOf(midnight);
  const rng = createRng(day);
  const startedAt = new Date(midnight + BEGIN_MS + Math.floor(rng() * 4 * MINUTE_MS));
  // A night reads a day again, and all that is missing if the one before has failed.
  const days = TROUBLES[ago + 1]?.kind === 'FAILED' ? 3 : 2;
  const from = new Date(midnight - (days - 1) * DAY_MS);
  const kept = pickCount(rng, PER_OPENED * openedIn(day, days));
  const seconds = (least: number, more: number) => Math.round(1000 * (least + more * rng())) / 1000;
  return {
    startedAt,
    window: { from, to: startOfHour(startedAt) },
    trouble: TROUBLES[ago] ?? null,
    seconds: {
      discovery: seconds(5, 4),
      scrape: seconds(95, 50) + 15 * (days - 2),
      'missing-numbers': seconds(8, 6),
      calculate: seconds(22, 9),
      enrich: seconds(12, 14),
    },
    events: Math.round(kept * (1.3 + 0.15 * rng())),
    kept,
    users: Math.round(kept / 5),
    bytes: ago % 2 === 0 ? 0 : Math.round((35 + 85 * rng()) * days * 2 ** 30),
    usage: Array.from({ length: 2 }, (_, place) => ({
      place: (day * 2 + place) % SAMPLE_REPOSITORIES.length,
      points: 60 + pickCount(rng, 90),
    })),
  };
}

/** Issues and pull requests that the days up to one open, on average. */
function openedIn(day: number, days: number): number {
  const pace = (ago: number) =>
    SAMPLE_REPOSITORIES.reduce((sum, repository) => sum + paceOn(repository, day - ago), 0);
  return Array.from({ length: days }, (_, ago) => pace(ago)).reduce((sum, one) => sum + one, 0);
}
