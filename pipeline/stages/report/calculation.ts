import type { Db } from '../../../db/client.ts';
import { readLastCalculation } from '../../../db/queries/contribution-changes.ts';
import { readPreviousDays } from '../../../db/queries/leaderboards.ts';
import { isoDate } from '../../domain/time.ts';
import type { Scope } from './boards.ts';
import type { Report } from './context.ts';

/** When the boards were made, and with which days they were compared; before the first, now. */
export async function readCalculation(
  db: Db,
  scopes: readonly Scope[],
  now: Date,
): Promise<Pick<Report, 'clock' | 'previousDays'>> {
  const clock = (await readLastCalculation(db))?.clock ?? now;
  const ids = scopes.map(({ repositoryId }) => repositoryId);
  const days = await readPreviousDays(db, ids, isoDate(clock));
  return {
    clock,
    previousDays: new Map(
      days.map(({ repositoryId, period, takenOn }) => [`${repositoryId} ${period}`, takenOn]),
    ),
  };
}
