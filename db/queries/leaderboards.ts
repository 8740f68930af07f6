import { createHash } from 'node:crypto';
import { type Insertable, type RawBuilder, sql } from 'kysely';
import { COUNT_COLUMNS } from '../../pipeline/domain/contribution-kinds.ts';
import { COMPARED_DAYS, PERIODS, type Period } from '../../pipeline/domain/time.ts';
import type { Db } from '../client.ts';
import type { BoardDaysTable } from '../schema.ts';
import { allCounts, changedCounts } from './counts.ts';
import { type BoardInputs, partsOf, scores, weightsRow } from './score.ts';

export type { BoardInputs } from './score.ts';

/** The columns of both boards besides rank, score and its parts. */
export const ENTRY_COLUMNS = [
  ...COUNT_COLUMNS,
  'lines_added',
  'lines_deleted',
  'first_contribution_at',
  'last_contribution_at',
] as const;

/**
 * All rows are compared with the stored ones before the first one is written: an empty table is
 * searched from end to end for each row, and would grow meanwhile.
 */
const allBeforeTheFirst = sql`ORDER BY s.total_score`;

/** Columns by name, of a table if one is given. */
const columns = (names: readonly string[], table?: string) =>
  sql.join(names.map((name) => sql.ref(table ? `${table}.${name}` : name)));

/**
 * Brings the boards of all repositories up to date: those of everybody, or, from the last
 * calculation by the same rules, only what changed since. Run it in a transaction, so that a reader
 * never sees half a board. Writes only entries that differ from the stored ones.
 */
export async function updateRepositoryBoards(
  trx: Db,
  inputs: BoardInputs,
  last: Date | null,
): Promise<number> {
  const { counts, isConcerned } = last ? changedCounts(inputs, last) : allCounts(inputs);
  await sql`
    WITH ${counts}, scores AS (${scores(inputs.version)}),
      removed AS (
        DELETE FROM repository_leaderboards b WHERE ${isConcerned} AND NOT EXISTS (
          SELECT FROM scores s WHERE s.repository_id = b.repository_id
            AND s.period = b.period AND s.user_id = b.user_id)
      )
    INSERT INTO repository_leaderboards AS b (repository_id, period, user_id, ${columns(SCORED)}, rank)
    SELECT repository_id, period, user_id, ${columns(SCORED)}, 0 FROM scores s
    WHERE NOT EXISTS (
      SELECT FROM repository_leaderboards b WHERE b.repository_id = s.repository_id
        AND b.period = s.period AND b.user_id = s.user_id AND ${isSame(SCORED)})
    ${allBeforeTheFirst}
    ON CONFLICT (repository_id, period, user_id) DO UPDATE SET ${assign(SCORED)}`.execute(trx);
  return await rankEntries(trx, sql`repository_leaderboards`, sql`s.repository_id`, inputs.today);
}

/** Brings the global board up to date with the repositories' boards, in the same transaction. */
export async function updateGlobalBoard(trx: Db, inputs: BoardInputs): Promise<number> {
  const names = [...SCORED, 'repositories_contributed'];
  await sql`
    WITH sums AS (${globalSums(sql`repository_leaderboards`, SUMMED)}), scores AS (
        SELECT s.period, s.user_id, s.total_score, ${partsOf('s', 's.line_bonus')} AS points,
          ${columns(ENTRY_COLUMNS, 's')}, s.repositories_contributed
        FROM sums s CROSS JOIN (${weightsRow(inputs.version)}) AS w
      ),
      removed AS (
        DELETE FROM global_leaderboard b WHERE NOT EXISTS (
          SELECT FROM scores s WHERE s.period = b.period AND s.user_id = b.user_id)
      )
    INSERT INTO global_leaderboard AS b (period, user_id, ${columns(names)}, rank)
    SELECT period, user_id, ${columns(names)}, 0 FROM scores s
    WHERE NOT EXISTS (
      SELECT FROM global_leaderboard b
      WHERE b.period = s.period AND b.user_id = s.user_id AND ${isSame(names)})
    ${allBeforeTheFirst}
    ON CONFLICT (period, user_id) DO UPDATE SET ${assign(names)}`.execute(trx);
  return await rankEntries(trx, sql`global_leaderboard`, sql`0`, inputs.today);
}

/**
 * What the boards depend on besides the tables and the clock: the weights, the lengths of the
 * periods, and the statements that count, which another version of the project may change.
 */
export function rulesOf(db: Db, inputs: BoardInputs): string {
  const { version, now, periods } = inputs;
  const statement = sql`${allCounts(inputs).counts} ${scores(version)}`.compile(db).sql;
  const lengths = periods.map(({ period, from }) => [period, from && now.getTime() - +from]);
  return createHash('sha256')
    .update(JSON.stringify([version, lengths, statement]))
    .digest('hex');
}

/** What an entry has besides its key and its ranks. */
const SCORED = ['total_score', 'points', ...ENTRY_COLUMNS] as const;

const assign = (names: readonly string[]) =>
  sql.join(names.map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`));

/** Whether the stored entry `b` has the values of `s`. */
const isSame = (names: readonly string[]) =>
  sql`(${columns(names, 'b')}) IS NOT DISTINCT FROM (${columns(names, 's')})`;

/** Writes the ranks that differ from the stored ones; returns the number of entries. */
async function rankEntries(
  trx: Db,
  table: RawBuilder<unknown>,
  board: RawBuilder<unknown>,
  today: string,
): Promise<number> {
  const { rows } = await sql<{ entries: number }>`
    WITH scores AS (SELECT * FROM ${table}), previous_days AS (${previousDays(board, today)}),
      ranked AS (
        SELECT ${board} AS board, s.period, s.user_id,
          ${rankOf(board)} AS rank,
          previous.rank AS previous_rank
        FROM scores s ${joinPrevious(board)}
      ),
      written AS (
        UPDATE ${table} AS s SET rank = ranked.rank, previous_rank = ranked.previous_rank
        FROM ranked
        WHERE ranked.board = ${board} AND ranked.period = s.period AND ranked.user_id = s.user_id
          AND (s.rank, s.previous_rank)
            IS DISTINCT FROM (ranked.rank, ranked.previous_rank)
      )
    SELECT count(*) AS entries FROM scores`.execute(trx);
  return rows[0]?.entries ?? 0;
}

/** The rank of a row `s` on its board: who has as many points has the same. */
export const rankOf = (board: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`rank() OVER (PARTITION BY ${board}, s.period ORDER BY s.total_score DESC)`;

/** What a global entry has besides its score. */
const SUMMED = [
  sql`sum((points->>'line_bonus')::numeric) AS line_bonus`,
  ...ENTRY_COLUMNS.map((name) => sql`${aggregate(name)} AS ${sql.ref(name)}`),
  sql`count(*) FILTER (WHERE total_score > 0) AS repositories_contributed`,
];

/**
 * A global score is the sum of the same person's repository scores, part by part.
 * @param more what else is summed
 */
export function globalSums(
  table: RawBuilder<unknown>,
  more: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  const values = [sql`period`, sql`user_id`, sql`sum(total_score) AS total_score`, ...more];
  return sql`SELECT ${sql.join(values)} FROM ${table} GROUP BY period, user_id`;
}

function aggregate(name: (typeof ENTRY_COLUMNS)[number]): RawBuilder<unknown> {
  if (name === 'first_contribution_at') return sql`min(${sql.ref(name)})`;
  if (name === 'last_contribution_at') return sql`max(${sql.ref(name)})`;
  return sql`sum(${sql.ref(name)})`;
}

/**
 * The day of the snapshot that each board is compared with. `board` is the repository's id, or 0 for
 * the global board.
 */
function previousDays(board: RawBuilder<unknown>, today: string): RawBuilder<unknown> {
  return sql`
    SELECT b.repository_id, b.period, ${previousDay(today)} AS taken_on
    FROM (SELECT DISTINCT ${board} AS repository_id, s.period FROM scores s) AS b`;
}

/**
 * The newest day on which a board `b` has a snapshot that is as old as those that its period is
 * compared with, or older.
 */
const previousDay = (today: string) => sql<string | null>`(
  SELECT max(taken_on) FROM leaderboard_snapshots l WHERE l.repository_id = b.repository_id
    AND l.period = b.period AND l.taken_on <= ${today}::date - ${comparedDays})`;

const comparedDays = sql`CASE b.period ${sql.join(
  PERIODS.map((period) => sql`WHEN ${sql.lit(period)} THEN ${sql.lit(COMPARED_DAYS[period])}`),
  sql` `,
)} END`;

/** The board of a scope and a period, and the day whose ranks it was compared with. */
export interface PreviousDay {
  readonly repositoryId: number;
  readonly period: Period;
  readonly takenOn: string;
}

/** The days that boards were compared with on a day; a board without an earlier snapshot has none. */
export async function readPreviousDays(
  trx: Db,
  repositoryIds: readonly number[],
  today: string,
): Promise<PreviousDay[]> {
  const { rows } = await sql<PreviousDay>`
    SELECT * FROM (
      SELECT b.repository_id AS "repositoryId", b.period, ${previousDay(today)} AS "takenOn"
      FROM (SELECT * FROM unnest(${repositoryIds}::bigint[]) AS one (repository_id)
        CROSS JOIN unnest(${PERIODS}::text[]) AS two (period)) AS b) AS days
    WHERE "takenOn" IS NOT NULL`.execute(trx);
  return rows;
}

/** Joins each score `s` with the same person's rank on that day, if there is one. */
function joinPrevious(board: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    LEFT JOIN previous_days d ON d.repository_id = ${board} AND d.period = s.period
    LEFT JOIN leaderboard_snapshots previous ON previous.taken_on = d.taken_on
      AND previous.repository_id = d.repository_id AND previous.period = d.period
      AND previous.user_id = s.user_id`;
}

/** Stores how the boards of a day were made. */
export async function writeBoardDay(trx: Db, day: Insertable<BoardDaysTable>): Promise<void> {
  await trx
    .insertInto('board_days')
    .values(day)
    .onConflict((conflict) => conflict.column('taken_on').doUpdateSet(day))
    .execute();
}

/** Stands for the global board in `leaderboard_snapshots`. */
export const GLOBAL_BOARD = 0;

/**
 * Stores today's ranks of every board, and how they were made, and returns the number of entries.
 * Who has no points has no rank.
 * A second snapshot of the same UTC date replaces the first. Run it in a transaction.
 */
export async function replaceSnapshot(
  trx: Db,
  { today, now, version }: BoardInputs,
): Promise<number> {
  await writeBoardDay(trx, { taken_on: today, clock: now, weights_version: version });
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
