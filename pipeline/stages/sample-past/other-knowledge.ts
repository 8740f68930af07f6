import type { Db } from '../../../db/client.ts';
import { deleteBusiestThreads, markStoredLate } from '../../../db/queries/past-snapshots.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import { startOfDay } from '../../domain/window.ts';

/**
 * What the nights before knew otherwise than now. Without it, scores of the sample would move by own
 * work alone, and its readers would never see the other reasons that a score can have moved for.
 * All days are before that of the sample's end, in UTC.
 */

const moment = (now: Date, days: number, hours = 0): Date =>
  new Date(startOfDay(now).getTime() - days * DAY_MS + hours * HOUR_MS);

/** Days that have counted by the present weights. */
const WEIGHED_DAYS = 5;

/** The weights that the boards of a day were made with. */
export const weightsOn = (weights: Weights, day: Date, now: Date): Weights =>
  day < moment(now, WEIGHED_DAYS) ? weightsBefore(weights) : weights;

/** A release was worth less. */
export const weightsBefore = (weights: Weights): Weights => ({
  ...weights,
  base_points: { ...weights.base_points, RELEASE: Math.floor(0.8 * weights.base_points.RELEASE) },
});

/**
 * Hours that came late: of a day, and the day on which they were read. One is between them and the
 * boards of a week before, which weeks, months and quarters are compared with; one between them and
 * the boards of four weeks before, which years and all time are.
 */
const LATE = [
  { happened: 10, read: 4 },
  { happened: 33, read: 20 },
];
const [LATE_FROM, LATE_TO, READ_AT] = [10, 18, 2];

export async function bringHoursLate(trx: Db, now: Date): Promise<void> {
  for (const { happened, read } of LATE) {
    const window = { from: moment(now, happened, LATE_FROM), to: moment(now, happened, LATE_TO) };
    await markStoredLate(trx, window, moment(now, read, READ_AT));
  }
}

/** Comments that were deleted since, as after spam; the night after would not read them again. */
const GONE = { from: 60, to: 8, threads: 30 };

export const deleteComments = (trx: Db, now: Date): Promise<number> =>
  deleteBusiestThreads(
    trx,
    { from: moment(now, GONE.from), to: moment(now, GONE.to) },
    GONE.threads,
  );
