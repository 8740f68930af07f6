import { readSpentUsd, upsertForecast } from '../../../db/queries/backfill.ts';
import { release, reserve, settle } from '../../../db/queries/reservations.ts';
import { daysIn } from '../../domain/backfill.ts';
import { DAY_MS, isoDate } from '../../domain/time.ts';
import { yearsBefore } from '../../domain/window.ts';
import type { Context } from '../../runtime/context.ts';
import { sampleWindow } from '../../sources/sample/index.ts';
import type { Night } from './nights.ts';
import type { PastRun } from './past-clock.ts';

/** What the nights would have cost if BigQuery had been asked for them. */

const SOURCE = 'bigquery';
const LEASE_MS = 3_600_000;
/** A query is billed a little less than what was estimated. */
const ESTIMATED = 1.06;

export async function reserveQuery(
  run: PastRun,
  night: Night,
  repositoryIds: readonly number[],
): Promise<number | null> {
  if (night.bytes === 0) return null;
  const bytes = Math.round(night.bytes * ESTIMATED);
  const now = run.now();
  const request = {
    ...{ jobId: null, externalJobId: `sample-${run.id}`, repositoryIds },
    ...{ bytesEstimated: bytes, maximumBytesBilled: bytes },
    leaseUntil: new Date(now.getTime() + LEASE_MS),
  };
  const result = await reserve(run.db, SOURCE, request, now);
  return 'reservationId' in result ? result.reservationId : null;
}

/** A query that ran is paid for; one that failed costs nothing. */
export async function endQuery(
  { db, now }: PastRun,
  reservationId: number,
  { bytes }: Night,
  hasFailed: boolean,
): Promise<void> {
  if (hasFailed) return release(db, reservationId, 'the job failed', now());
  const usage = { bytesProcessed: bytes, bytesBilled: bytes, slotMillis: 60_000 };
  return settle(db, reservationId, usage, now());
}

/** When the two years before would be read, at the pace and the price of the nights. */
export async function writeForecast(
  { db, config }: Pick<Context, 'db' | 'config'>,
  nights: number,
  now: Date,
): Promise<void> {
  const { from } = sampleWindow(now);
  const doneDays = daysIn({ from, to: now });
  const start = yearsBefore(now, config.pipeline.window_years);
  const remainingDays = daysIn({ from: start, to: from });
  const perDay = (await readSpentUsd(db, SOURCE)) / doneDays;
  const nightsLeft = Math.ceil((remainingDays * nights) / doneDays);
  const forecast = {
    ...{ doneDays, remainingDays, estimatedUsd: Math.round(perDay * remainingDays * 100) / 100 },
    completeOn: isoDate(new Date(now.getTime() + nightsLeft * DAY_MS)),
  };
  await upsertForecast(db, SOURCE, forecast, now);
}
