import { type RawBuilder, sql } from 'kysely';
import { CONTRIBUTION_KINDS, countColumn } from '../../pipeline/domain/contribution-kinds.ts';
import type { Period } from '../../pipeline/domain/time.ts';

/** What a calculation of the boards depends on, besides the tables. */
export interface BoardInputs {
  /** Version of the weights, as stored in `scoring_weights`. */
  readonly version: string;
  /** Contributions before it count. */
  readonly now: Date;
  /** Longest first, each within the one before; `from` is the first moment that counts. */
  readonly periods: readonly { readonly period: Period; readonly from: Date | null }[];
  /** UTC date: ranks are compared with snapshots of days before it. */
  readonly today: string;
}

/**
 * The score of each row of `counts_by_period`: points for each contribution, and a bonus for lines
 * up to the cap. Exact decimals.
 */
export function scores(version: string): RawBuilder<unknown> {
  return sql`
    SELECT c.*, ${pointsOf('c')} + bonus.line_bonus AS total_score,
      ${partsOf('c', 'bonus.line_bonus')} AS points
    FROM counts_by_period c
    CROSS JOIN (${weightsRow(version)}) AS w
    CROSS JOIN LATERAL (SELECT trim_scale(round(least(w.line_cap,
      c.lines_added * w.points_per_line_added + c.lines_deleted * w.points_per_line_deleted
    ), 3)) AS line_bonus) AS bonus`;
}

/**
 * The weights of a version as one row: a column for the points of each kind, and those for lines.
 */
export function weightsRow(version: string): RawBuilder<unknown> {
  return sql`SELECT ${weightColumns} FROM scoring_weights WHERE version = ${version}`;
}

/** A row for each version, with its name. */
export const weightRows = () =>
  sql`SELECT version, ${weightColumns} FROM scoring_weights GROUP BY version`;

const weightColumns = sql.join([
  ...CONTRIBUTION_KINDS.map(
    (kind) => sql`max(points) FILTER (WHERE kind = ${sql.lit(kind)}) AS ${sql.ref(kind)}`,
  ),
  ...['line_cap', 'points_per_line_added', 'points_per_line_deleted'].map(
    (name) => sql`max(${sql.ref(name)}) AS ${sql.ref(name)}`,
  ),
]);

/** Points of each kind: the counts of the row `counts` times the weights `w`. */
function earned(counts: string): RawBuilder<unknown>[] {
  return CONTRIBUTION_KINDS.map((kind) => {
    const count = sql.ref(`${counts}.${countColumn(kind)}`);
    return sql`${count} * ${sql.ref(`w.${kind}`)}`;
  });
}

/** The sum of the points of all kinds. */
export function pointsOf(counts: string): RawBuilder<unknown> {
  return sql.join(earned(counts), sql` + `);
}

/**
 * The parts of the score as JSON: points by kind, and the line bonus, from the column `lineBonus`.
 */
export function partsOf(counts: string, lineBonus: string): RawBuilder<unknown> {
  const points = earned(counts);
  const pairs = CONTRIBUTION_KINDS.map((kind, index) => sql`${sql.lit(kind)}, ${points[index]}`);
  const bonus = sql`'line_bonus', ${sql.ref(lineBonus)}`;
  return sql`jsonb_build_object(${sql.join([...pairs, bonus])})`;
}
