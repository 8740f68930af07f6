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

/** Scores what was counted by some weights: the boards that are read next. */
export async function scoreCounts(trx: Db, version: string): Promise<void> {
  const columns = ['repository_id', 'period', 'user_id', ...COUNT_COLUMNS, 'total_score'];
  await sql`DROP TABLE IF EXISTS preview_scores`.execute(trx);
  await sql`CREATE TEMPORARY TABLE preview_scores ON COMMIT DROP AS
    WITH counts_by_period AS (SELECT * FROM preview_counts), scores AS (${scores(version)})
    SELECT ${sql.join(columns.map((name) => sql.ref(name)))} FROM scores`.execute(trx);
}

/** The lines of the boards of repositories. */
export const readRepositoryPreviewLines = (trx: Db): Promise<PreviewLine[]> =>
  readLines(trx, sql`s.repository_id`, sql`preview_scores`);

/** Those of the board of all repositories together. */
export const readGlobalPreviewLines = (trx: Db): Promise<PreviewLine[]> =>
  readLines(trx, sql.lit(GLOBAL_BOARD), sql`(${globalSums(sql`preview_scores`, [])})`);

function readLines(
  trx: Db,
  board: RawBuilder<unknown>,
  table: RawBuilder<unknown>,
): Promise<PreviewLine[]> {
  const names = ['board', 'period', 'user_id', 'rank', 'total_score'];
  return readJsonRows<PreviewLine>(
    trx,
    names.map((name) => sql.ref(name)),
    sql`FROM (
      SELECT ${board} AS board, s.period, s.user_id, s.total_score, ${rankOf(board)} AS rank
      FROM ${table} AS s) AS lines WHERE total_score > 0`,
  );
}

/** The sums of all boards. */
export async function readPreviewTotals(trx: Db): Promise<PreviewTotal[]> {
  const sums = COUNT_COLUMNS.map((name) => sql`sum(${sql.ref(name)})::float8 AS ${sql.ref(name)}`);
  const { rows } = await sql<PreviewTotal>`
    SELECT coalesce(repository_id, ${sql.lit(GLOBAL_BOARD)})::float8 AS "repositoryId", period,
      ${sql.join(sums)}, sum(total_score)::float8 AS score
    FROM preview_scores GROUP BY GROUPING SETS ((repository_id, period), (period))`.execute(trx);
  return rows;
}
