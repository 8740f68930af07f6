import { type RawBuilder, sql } from 'kysely';
import { COUNT_COLUMNS, type CountColumn } from '../../pipeline/domain/contribution-kinds.ts';
import type { Period } from '../../pipeline/domain/time.ts';
import type { Db } from '../client.ts';
import { readJsonRows } from '../json-rows.ts';
import { allCounts } from './counts.ts';
import { GLOBAL_BOARD, globalSums, rankOf } from './leaderboards.ts';
import { type BoardInputs, scores } from './score.ts';

/**
 * Boards that are calculated to be compared, by the statements of the real ones, and stored nowhere:
 * the counts stand in a table that ends with the transaction.
 */

/** A person with points on a board: the repository's id, or 0 for all repositories together. */
export type PreviewLine = readonly [
  repositoryId: number,
  period: Period,
  userId: number,
  rank: number,
  score: number,
];

/** What everybody on a board did, and the points for it. */
export interface PreviewTotal extends Record<CountColumn, number> {
  readonly repositoryId: number;
  readonly period: Period;
  readonly score: number;
}

/** Counts the contributions of the database, with the flags and repositories that it now has. */
export async function saveCounts(trx: Db, inputs: BoardInputs): Promise<void> {
  await replaceCounts(trx, allCounts(inputs).counts);
}

/** @param counts tables of a query, with `counts_by_period` among them */
export async function replaceCounts(trx: Db, counts: RawBuilder<unknown>): Promise<void> {
  const columns = ['repository_id', 'period', 'user_id', ...COUNTED].map((name) => sql.ref(name));
  await sql`DROP TABLE IF EXISTS preview_counts`.execute(trx);
  await sql`CREATE TEMPORARY TABLE preview_counts ON COMMIT DROP AS
    WITH ${counts} SELECT ${sql.join(columns)} FROM counts_by_period`.execute(trx);
}

/** What scores are calculated from. */
export const COUNTED = [...COUNT_COLUMNS, 'lines_added', 'lines_deleted'] as const;

/** The lines of all boards by some weights, from the counts that were saved. */
export async function readPreviewLines(trx: Db, version: string): Promise<PreviewLine[]> {
  return [
    ...(await readGlobalPreviewLines(trx, version)),
    ...(await readLines(trx, sql`s.repository_id`, scoresOf(version))),
  ];
}

/** Those of the board of all repositories alone. */
export function readGlobalPreviewLines(trx: Db, version: string): Promise<PreviewLine[]> {
  return readLines(
    trx,
    sql.lit(GLOBAL_BOARD),
    sql`${scoresOf(version)}, global_scores AS (${globalSums(sql`scores`, [])})`,
    sql`global_scores`,
  );
}

const scoresOf = (version: string) =>
  sql`counts_by_period AS (SELECT * FROM preview_counts), scores AS (${scores(version)})`;

function readLines(
  trx: Db,
  board: RawBuilder<unknown>,
  tables: RawBuilder<unknown>,
  from = sql`scores`,
): Promise<PreviewLine[]> {
  const names = ['board', 'period', 'user_id', 'rank', 'total_score'];
  return readJsonRows<PreviewLine>(
    trx,
    names.map((name) => sql.ref(name)),
    sql`FROM (
      WITH ${tables}
      SELECT ${board} AS board, s.period, s.user_id, s.total_score, ${rankOf(board)} AS rank
      FROM ${from} s) AS lines WHERE total_score > 0`,
  );
}

/** The sums of all boards by some weights, from the counts that were saved. */
export async function readPreviewTotals(trx: Db, version: string): Promise<PreviewTotal[]> {
  const sums = COUNT_COLUMNS.map((name) => sql`sum(${sql.ref(name)})::float8 AS ${sql.ref(name)}`);
  const { rows } = await sql<PreviewTotal>`
    WITH ${scoresOf(version)}
    SELECT coalesce(repository_id, ${sql.lit(GLOBAL_BOARD)})::float8 AS "repositoryId", period,
      ${sql.join(sums)}, sum(total_score)::float8 AS score
    FROM scores GROUP BY GROUPING SETS ((repository_id, period), (period))`.execute(trx);
  return rows;
}
