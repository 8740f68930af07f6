import { sql } from 'kysely';
import type { Period } from '../../pipeline/domain/time.ts';
import type { Db } from '../client.ts';
import { eligibleContributions } from './eligible-contributions.ts';
import { GLOBAL_BOARD, writeBoardDay } from './leaderboards.ts';

/** Whether any day has ranks. */
export async function hasSnapshots(db: Db): Promise<boolean> {
  const rows = await db.selectFrom('leaderboard_snapshots').select('period').limit(1).execute();
  return rows.length > 0;
}

/** The ranks of a period on an earlier day, UTC, as they were when it began. */
export interface PastRanks {
  readonly today: string;
  readonly period: Period;
  /** The first moment that counts; null: any. */
  readonly from: Date | null;
  /** The first one that does not. */
  readonly to: Date;
  /** Those of the board of all repositories alone, and of no other. */
  readonly isGlobal: boolean;
}

/**
 * Stores the ranks of earlier days by all that is known now, in one pass over all contributions and
 * without writing boards. The weights must be stored.
 * @param until a moment after all of these days
 */
export async function writePastSnapshots(
  trx: Db,
  version: string,
  until: Date,
  spans: readonly PastRanks[],
): Promise<number> {
  for (const { today, to } of new Map(spans.map((span) => [span.today, span])).values())
    await writeBoardDay(trx, { taken_on: today, clock: to, weights_version: version });
  const result = await sql`
    WITH days AS MATERIALIZED (
        SELECT c.repository_id, c.user_id, date_trunc('day', c.occurred_at, 'UTC') AS day,
          sum(w.points) AS points,
          coalesce(sum(c.lines_added) FILTER (WHERE w.counts_lines), 0) AS lines_added,
          coalesce(sum(c.lines_deleted) FILTER (WHERE w.counts_lines), 0) AS lines_deleted
        FROM ${eligibleContributions(until)} AS c
        JOIN scoring_weights w ON w.version = ${version} AND w.kind = c.kind
        GROUP BY 1, 2, 3),
      spans AS (
        SELECT * FROM unnest(${spans.map(({ today }) => today)}::date[],
          ${spans.map(({ period }) => period)}::text[], ${spans.map((span) => span.isGlobal)}::boolean[],
          ${spans.map(({ from }) => from?.toISOString() ?? '-infinity')}::timestamptz[],
          ${spans.map(({ to }) => to.toISOString())}::timestamptz[])
          AS s (taken_on, period, is_global, since, until)),
      lines AS (
        SELECT max(line_cap) AS line_cap, max(points_per_line_added) AS added,
          max(points_per_line_deleted) AS deleted
        FROM scoring_weights WHERE version = ${version}),
      scores AS MATERIALIZED (
        SELECT s.taken_on, s.period, s.is_global, d.repository_id, d.user_id,
          sum(d.points) + round(least(l.line_cap,
            sum(d.lines_added) * l.added + sum(d.lines_deleted) * l.deleted), 3) AS total_score
        FROM spans s JOIN days d ON d.day >= s.since AND d.day < s.until CROSS JOIN lines l
        GROUP BY s.taken_on, s.period, s.is_global, d.repository_id, d.user_id,
          l.line_cap, l.added, l.deleted),
      boards AS (
        SELECT taken_on, repository_id, period, user_id, total_score FROM scores WHERE NOT is_global
        UNION ALL
        SELECT taken_on, ${sql.lit(GLOBAL_BOARD)}, period, user_id, sum(total_score)
        FROM scores GROUP BY taken_on, period, user_id)
    INSERT INTO leaderboard_snapshots (taken_on, repository_id, period, user_id, rank, total_score)
    SELECT taken_on, repository_id, period, user_id,
      rank() OVER (PARTITION BY taken_on, repository_id, period ORDER BY total_score DESC),
      trim_scale(total_score)
    FROM boards WHERE total_score > 0`.execute(trx);
  return Number(result.numAffectedRows);
}
