import { readParts } from '../../pipeline/domain/backfill.ts';
import type { TimeWindow } from '../../pipeline/domain/window.ts';
import type { Db } from '../client.ts';
import { insertAudit, readLastAudit } from './audit.ts';
import { toGap } from './windows.ts';

/** What a source has read of each repository, and what it still has to. */

/**
 * Windows that a source has read, by repository, without what was not there but may have come
 * since. One of which nothing could be credited is there only where `creditsNothing` says that no
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

export interface BackfillForecast {
  /**
   * Days of history that are read once what is planned has run, and those still to be: each day
   * once, for however many repositories.
   */
  readonly doneDays: number;
  readonly remainingDays: number;
  /** What the rest may cost. */
  readonly estimatedUsd: number;
  /** UTC date, `YYYY-MM-DD`; null if the budget never reaches it. */
  readonly completeOn: string | null;
}

const ACTION = 'BACKFILL_PLANNED';

export async function insertForecast(db: Db, forecast: BackfillForecast, at: Date): Promise<void> {
  await insertAudit(db, { at, action: ACTION, subject: 'source:bigquery', details: forecast });
}

/** The forecast as last planned; null if no backfill was ever planned. */
export async function readForecast(db: Db): Promise<BackfillForecast | null> {
  const entry = await readLastAudit(db, ACTION);
  return entry ? (entry.details as BackfillForecast) : null;
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
