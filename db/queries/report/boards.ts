import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { RankedPerson } from '../../../pipeline/domain/compare-ranks.ts';
import { COUNT_COLUMNS } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import type { GithubUsersTable, GlobalLeaderboardTable } from '../../schema.ts';

import { readByCursor } from '../../transactions.ts';
import { ENTRY_COLUMNS, GLOBAL_BOARD } from '../leaderboards.ts';

/** The columns of a board `b` that make up a `Standing`. */
export const standingColumns = (
  ['rank', 'previous_rank', 'total_score', 'points', ...ENTRY_COLUMNS] as const
).map((name) => `b.${name}` as const);

type Board = Selectable<GlobalLeaderboardTable>;
type User = Selectable<GithubUsersTable>;

/** Rank, score, counts and points of one contributor on one board. */
export type Standing = Omit<Board, 'period' | 'user_id' | 'repositories_contributed'>;

/** An account as it is published. `github_id` is negative while only a login is known. */
export type Person = Pick<User, 'login' | 'github_id' | 'display_name'>;

export type BoardEntry = Pick<Board, 'period'> &
  Person &
  Standing &
  /** Global board only. */
  Partial<Pick<Board, 'repositories_contributed'>>;

/**
 * The order of a board `b` with its people `u`: a tie is decided by the later last contribution,
 * then by login without regard to case. By bytes, so that every database orders alike.
 */
export const boardOrder = sql`b.rank, b.last_contribution_at DESC,
  lower(u.login COLLATE "C"), u.github_id`;

/**
 * Whether the line of a person on a board `b` has a rank: one without points has none and is listed
 * nowhere. Its counts stay in the tables, so that the contributions of a repository stay all there.
 */
export const isRanked = sql<boolean>`b.total_score > 0`;

/**
 * The boards of a repository, or of all together (0): period by period, best first, then everybody
 * without points.
 */
export function readBoardEntries(trx: Db, repositoryId: number): AsyncGenerator<BoardEntry> {
  const isGlobal = repositoryId === GLOBAL_BOARD;
  const board = isGlobal ? sql`global_leaderboard` : sql`repository_leaderboards`;
  const extra = isGlobal ? sql`, b.repositories_contributed` : sql``;
  const which = isGlobal ? sql`true` : sql`b.repository_id = ${repositoryId}`;
  const query: RawBuilder<BoardEntry> = sql`
    SELECT b.period, u.login, u.github_id, u.display_name,
      ${sql.join(standingColumns.map((name) => sql.ref(name)))} ${extra}
    FROM ${board} b JOIN github_users u ON u.github_id = b.user_id
    WHERE ${which}
    ORDER BY b.period COLLATE "C", ${isRanked} DESC, ${boardOrder}`;
  return readByCursor(trx, query);
}

/** The number of people on each board that has any, and what is known of those without points. */
export function readBoardSizes(trx: Db) {
  const global = trx
    .selectFrom('global_leaderboard as b')
    .select([sql<number>`${sql.lit(GLOBAL_BOARD)}`.as('repository_id'), 'b.period', ...sizes])
    .groupBy('b.period');
  return trx
    .selectFrom('repository_leaderboards as b')
    .select(['b.repository_id', 'b.period', ...sizes])
    .groupBy(['b.repository_id', 'b.period'])
    .unionAll(global)
    .execute();
}

/** All contributions of a line of a board. */
export function contributions(board: string): RawBuilder<number> {
  const counts = COUNT_COLUMNS.map((name) => sql.ref(`${board}.${name}`));
  return sql<number>`(${sql.join(counts, sql` + `)})`;
}

const sizes = [
  sql<number>`count(*) FILTER (WHERE ${isRanked})`.as('total'),
  sql<number>`count(*) FILTER (WHERE NOT ${isRanked})`.as('unranked'),
  sql<number>`coalesce(sum(${contributions('b')}) FILTER (WHERE NOT ${isRanked}), 0)::bigint`.as(
    'unranked_contributions',
  ),
] as const;

/** The global board of all time in its order: the rank and score of each person. */
export function readGlobalRanks(trx: Db): Promise<RankedPerson[]> {
  return trx
    .selectFrom('global_leaderboard as b')
    .innerJoin('github_users as u', 'u.github_id', 'b.user_id')
    .select(['u.github_id as id', 'u.login', 'b.rank', 'b.total_score as score'])
    .where('b.period', '=', 'all')
    .where(isRanked)
    .orderBy(boardOrder)
    .execute();
}
