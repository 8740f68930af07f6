import { sql } from 'kysely';
import type { Period } from '../../../pipeline/domain/time.ts';
import type { Db } from '../../client.ts';
import { readByCursor } from '../../transactions.ts';

/** A rank on one day's board. */
export interface PastRank {
  /** 0 is the global board. */
  readonly repositoryId: number;
  readonly period: Period;
  readonly userId: number;
  readonly login: string;
  readonly takenOn: string;
  readonly rank: number;
}

/** The best of each board on some days, board by board, person by person. */
export function readPastRanks(
  trx: Db,
  choice: {
    /** Days of the board of all time, and of the others. UTC dates. */
    readonly allTimeDays: readonly string[];
    readonly otherDays: readonly string[];
    /** Contributors of each board and day. */
    readonly top: number;
  },
): AsyncGenerator<PastRank> {
  const { allTimeDays, otherDays, top } = choice;
  return readByCursor<PastRank>(
    trx,
    sql`
    SELECT repository_id AS "repositoryId", period, user_id AS "userId", login,
      taken_on AS "takenOn", rank
    FROM (
      SELECT s.*, u.login, row_number() OVER (
        PARTITION BY repository_id, period, taken_on ORDER BY rank, user_id) AS place
      FROM leaderboard_snapshots s JOIN github_users u ON github_id = user_id
      WHERE taken_on = ANY(${allTimeDays}::date[])
        AND (period = 'all' OR taken_on = ANY(${otherDays}::date[]))
        AND rank <= ${top} AND user_id > 0
        AND NOT is_bot AND NOT is_opted_out AND alias_of IS NULL
    ) AS ranked
    WHERE place <= ${top}
    ORDER BY repository_id, period COLLATE "C", user_id, taken_on`,
  );
}
