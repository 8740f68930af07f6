import { type BackfillForecast, readParts } from '../../pipeline/domain/backfill.ts';
import { latestMark } from '../../pipeline/domain/plan-window.ts';
import type { TimeWindow } from '../../pipeline/domain/window.ts';
import type { Db } from '../client.ts';
import { toGap } from './windows.ts';

/** What a source has read of each repository, and when it will have read the rest. */

/**
 * Windows that a source has read, by repository, without what was not there but may have come
 * since. One that ends after the run's clock was stored by a wrong clock, and counts as none. One of which nothing could be credited is there only where `creditsNothing` says that no
 * more is asked for (the cheap mode).
 */
export async function readWindowsOfSource(
  db: Db,
  source: string,
  creditsNothing: boolean,
  now: Date,
): Promise<Map<number, TimeWindow[]>> {
  const rows = await db
    .selectFrom('scrape_windows')
    .select(['repository_id', 'window_from as from', 'window_to as to', 'gaps'])
    .where('source', '=', source)
    .where('completeness', creditsNothing ? '>=' : '>', 0)
    .where('window_to', '<=', latestMark(now))
    .orderBy('window_from')
    .execute();
  const byRepository = Map.groupBy(rows, (row) => row.repository_id);
  return new Map(
    [...byRepository].map(([id, windows]) => [
      id,
      windows.flatMap(({ from, to, gaps }) => readParts({ from, to }, gaps.map(toGap), now)),
    ]),
  );
}

/** Replaces the forecast of a source. */
export async function upsertForecast(
  db: Db,
  source: string,
  { doneDays, remainingDays, estimatedUsd, completeOn }: BackfillForecast,
  plannedAt: Date,
): Promise<void> {
  const row = {
    planned_at: plannedAt,
    done_days: doneDays,
    remaining_days: remainingDays,
    estimated_usd: estimatedUsd,
    complete_on: completeOn,
  };
  await db
    .insertInto('backfill_forecasts')
    .values({ source, ...row })
    .onConflict((conflict) => conflict.column('source').doUpdateSet(row))
    .execute();
}

/** The forecast of a source as last planned; null if no backfill was ever planned. */
export async function readForecast(db: Db, source: string): Promise<BackfillForecast | null> {
  const row = await db
    .selectFrom('backfill_forecasts')
    .select([
      'done_days as doneDays',
      'remaining_days as remainingDays',
      'estimated_usd as estimatedUsd',
      'complete_on as completeOn',
    ])
    .where('source', '=', source)
    .executeTakeFirst();
  return row ?? null;
}

/** What a source has cost in all, in US dollars. */
export async function readSpentUsd(db: Db, source: string): Promise<number> {
  const { usd } = await db
    .selectFrom('daily_cost_summaries')
    .select((expression) =>
      expression.fn.coalesce(expression.fn.sum<number>('usd'), expression.val(0)).as('usd'),
    )
    .where('source', '=', source)
    .executeTakeFirstOrThrow();
  return usd;
}
