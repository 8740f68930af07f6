import { sql } from 'kysely';
import type { Db } from '../client.ts';

/** Stands for the global board in `leaderboard_snapshots`. */
export const GLOBAL_BOARD = 0;

/**
 * Keeps today's ranks of every board and returns how many.
 * A second snapshot of the same UTC date replaces the first. Run it in a transaction.
 */
export async function replaceSnapshot(trx: Db, today: string): Promise<number> {
  await trx.deleteFrom('leaderboard_snapshots').where('taken_on', '=', today).execute();
  const result = await sql`
    INSERT INTO leaderboard_snapshots
      (taken_on, repository_id, period, user_id, rank, total_score)
    SELECT ${today}::date, repository_id, period, user_id, rank, total_score
    FROM repository_leaderboards
    UNION ALL
    SELECT ${today}::date, ${sql.lit(GLOBAL_BOARD)}, period, user_id, rank, total_score
    FROM global_leaderboard
  `.execute(trx);
  return Number(result.numAffectedRows);
}
