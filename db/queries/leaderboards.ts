import { type RawBuilder, sql } from 'kysely';
import { COUNT_COLUMNS } from '../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../client.ts';
import {
  type BoardInputs,
  countsByDepth,
  countsByPeriod,
  partsOf,
  scores,
  weightsRow,
} from './score.ts';

export type { BoardInputs } from './score.ts';

/** The columns of both boards besides rank, score and its parts. */
export const ENTRY_COLUMNS = [
  ...COUNT_COLUMNS,
  'lines_added',
  'lines_deleted',
  'first_contribution_at',
  'last_contribution_at',
] as const;

/** Columns by name, of a table if one is given. */
const columns = (names: readonly string[], table?: string) =>
  sql.join(names.map((name) => sql.ref(table ? `${table}.${name}` : name)));

/**
 * Replaces the boards of all repositories and returns the number of entries. It replaces all of
 * them: as the clock moves, contributions enter and leave the periods of a quiet repository, too.
 * Run it in a transaction, so that a reader never sees half a board.
 */
export async function replaceRepositoryBoards(trx: Db, inputs: BoardInputs): Promise<number> {
  await trx.deleteFrom('repository_leaderboards').execute();
  const result = await sql`
    INSERT INTO repository_leaderboards (repository_id, period, user_id, total_score, points,
      ${columns(ENTRY_COLUMNS)}, rank, previous_rank)
    WITH counts_by_depth AS (${countsByDepth(inputs)}),
      counts_by_period AS (${countsByPeriod(inputs)}), scores AS (${scores(inputs.version)}),
      last_days AS (${lastDays(sql`s.repository_id`, inputs.today)})
    SELECT s.repository_id, s.period, s.user_id, s.total_score, s.points,
      ${columns(ENTRY_COLUMNS, 's')},
      rank() OVER (PARTITION BY s.repository_id, s.period ORDER BY s.total_score DESC),
      previous.rank
    FROM scores s ${joinPrevious(sql`s.repository_id`)}
  `.execute(trx);
  return Number(result.numAffectedRows);
}

/**
 * Replaces the global board by the sums of the repositories' boards. Run it in the same
 * transaction.
 */
export async function replaceGlobalBoard(trx: Db, inputs: BoardInputs): Promise<number> {
  await trx.deleteFrom('global_leaderboard').execute();
  const result = await sql`
    INSERT INTO global_leaderboard (period, user_id, total_score, points,
      ${columns(ENTRY_COLUMNS)}, repositories_contributed, rank, previous_rank)
    WITH scores AS (${sums}), last_days AS (${lastDays(sql`0`, inputs.today)})
    SELECT s.period, s.user_id, s.total_score, ${partsOf('s', 's.line_bonus')}, ${columns(ENTRY_COLUMNS, 's')},
      s.repositories_contributed,
      rank() OVER (PARTITION BY s.period ORDER BY s.total_score DESC), previous.rank
    FROM scores s CROSS JOIN (${weightsRow(inputs.version)}) AS w ${joinPrevious(sql`0`)}
  `.execute(trx);
  return Number(result.numAffectedRows);
}

/** A global score is the sum of the same person's repository scores, part by part. */
const sums = sql`
  SELECT period, user_id, sum(total_score) AS total_score,
    sum((points->>'line_bonus')::numeric) AS line_bonus,
    ${sql.join(ENTRY_COLUMNS.map((name) => sql`${aggregate(name)} AS ${sql.ref(name)}`))},
    count(*) FILTER (WHERE total_score > 0) AS repositories_contributed
  FROM repository_leaderboards
  GROUP BY period, user_id`;

function aggregate(name: (typeof ENTRY_COLUMNS)[number]): RawBuilder<unknown> {
  if (name === 'first_contribution_at') return sql`min(${sql.ref(name)})`;
  if (name === 'last_contribution_at') return sql`max(${sql.ref(name)})`;
  return sql`sum(${sql.ref(name)})`;
}

/**
 * The day of each board's last snapshot before today. `board` is the repository's id, or 0 for
 * the global board.
 */
function lastDays(board: RawBuilder<unknown>, today: string): RawBuilder<unknown> {
  return sql`
    SELECT b.repository_id, b.period, (
      SELECT max(taken_on) FROM leaderboard_snapshots l WHERE l.repository_id = b.repository_id
        AND l.period = b.period AND l.taken_on < ${today}::date
    ) AS taken_on
    FROM (SELECT DISTINCT ${board} AS repository_id, s.period FROM scores s) AS b`;
}

/** Joins each score `s` with the same person's rank on that day, if there is one. */
function joinPrevious(board: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    LEFT JOIN last_days d ON d.repository_id = ${board} AND d.period = s.period
    LEFT JOIN leaderboard_snapshots previous ON previous.taken_on = d.taken_on
      AND previous.repository_id = d.repository_id AND previous.period = d.period
      AND previous.user_id = s.user_id`;
}

/** Stands for the global board in `leaderboard_snapshots`. */
export const GLOBAL_BOARD = 0;

/**
 * Stores today's ranks of every board and returns the number of entries. Who has no points has no
 * rank.
 * A second snapshot of the same UTC date replaces the first. Run it in a transaction.
 */
export async function replaceSnapshot(trx: Db, today: string): Promise<number> {
  await trx.deleteFrom('leaderboard_snapshots').where('taken_on', '=', today).execute();
  const result = await sql`
    INSERT INTO leaderboard_snapshots
      (taken_on, repository_id, period, user_id, rank, total_score)
    SELECT ${today}::date, repository_id, period, user_id, rank, total_score
    FROM repository_leaderboards WHERE total_score > 0
    UNION ALL
    SELECT ${today}::date, ${sql.lit(GLOBAL_BOARD)}, period, user_id, rank, total_score
    FROM global_leaderboard WHERE total_score > 0
  `.execute(trx);
  return Number(result.numAffectedRows);
}
