import { type RawBuilder, sql } from 'kysely';
import type { CountColumn } from '../../pipeline/domain/contribution-kinds.ts';
import type { Period } from '../../pipeline/domain/period.ts';
import type { Db } from '../client.ts';
import { readByCursor } from '../transactions.ts';
import { ENTRY_COLUMNS, GLOBAL_BOARD } from './leaderboards.ts';

/** One contributor's line of a board. */
export interface BoardEntryRow extends TallyColumns {
  readonly period: Period;
  readonly login: string;
  readonly github_id: number;
  readonly display_name: string | null;
  /** Global board only. */
  readonly repositories_contributed?: number;
}

export interface TallyColumns extends Readonly<Record<CountColumn, number>> {
  readonly rank: number;
  readonly previous_rank: number | null;
  readonly total_score: number;
  readonly lines_added: number;
  readonly lines_deleted: number;
  readonly first_contribution_at: Date;
  readonly last_contribution_at: Date;
  readonly points: Record<string, number>;
}

/** The columns of `TallyColumns`, of a board called `b`. */
export const tallyColumns = sql.join(
  ['rank', 'previous_rank', 'total_score', 'points', ...ENTRY_COLUMNS].map((name) =>
    sql.ref(`b.${name}`),
  ),
);

/**
 * How a board `b` with its people `u` is ordered: ties by the later last contribution, then by
 * login without regard to case. By bytes, so that every database orders alike.
 */
export const boardOrder = sql`b.rank, b.last_contribution_at DESC,
  lower(u.login) COLLATE "C", u.github_id`;

/** All periods' boards of a repository, or of all together (0): period by period, best first. */
export function readBoardEntries(trx: Db, repositoryId: number): AsyncGenerator<BoardEntryRow> {
  const isGlobal = repositoryId === GLOBAL_BOARD;
  const board = isGlobal ? sql`global_leaderboard` : sql`repository_leaderboards`;
  const extra = isGlobal ? sql`, b.repositories_contributed` : sql``;
  const which = isGlobal ? sql`` : sql`WHERE b.repository_id = ${repositoryId}`;
  const query: RawBuilder<BoardEntryRow> = sql`
    SELECT b.period, u.login, u.github_id, u.display_name, ${tallyColumns} ${extra}
    FROM ${board} b JOIN github_users u ON u.github_id = b.user_id ${which}
    ORDER BY b.period COLLATE "C", ${boardOrder}`;
  return readByCursor(trx, query);
}

/** The number of contributors of each board that has any. */
export async function readBoardSizes(
  trx: Db,
): Promise<{ repository_id: number; period: Period; total: number }[]> {
  const { rows } = await sql<{ repository_id: number; period: Period; total: number }>`
    SELECT repository_id, period, count(*) AS total
    FROM repository_leaderboards GROUP BY repository_id, period
    UNION ALL
    SELECT ${sql.lit(GLOBAL_BOARD)}, period, count(*) FROM global_leaderboard GROUP BY period
  `.execute(trx);
  return rows;
}
