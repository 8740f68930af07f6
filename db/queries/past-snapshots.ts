import { sql } from 'kysely';
import type { Period } from '../../pipeline/domain/time.ts';
import type { TimeWindow } from '../../pipeline/domain/window.ts';
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
  /** The weights that they were made with; they must be stored. */
  readonly version: string;
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
 * Stores the ranks of earlier days by all that is known now, but for what was stored later, in one
 * pass over all contributions and without writing boards.
 * @param until a moment after all of these days
 */
export async function writePastSnapshots(
  trx: Db,
  until: Date,
  spans: readonly PastRanks[],
): Promise<number> {
  for (const { today, to, version } of new Map(spans.map((span) => [span.today, span])).values())
    await writeBoardDay(trx, { taken_on: today, clock: to, weights_version: version });
  const versions = [...new Set(spans.map(({ version }) => version))];
  const result = await sql`
    WITH days AS MATERIALIZED (
        SELECT c.repository_id, c.user_id, date_trunc('day', c.occurred_at, 'UTC') AS day,
          c.missed_at, w.version, sum(w.points) AS points,
          coalesce(sum(c.lines_added) FILTER (WHERE w.counts_lines), 0) AS lines_added,
          coalesce(sum(c.lines_deleted) FILTER (WHERE w.counts_lines), 0) AS lines_deleted
        FROM ${eligibleContributions(until)} AS c
        JOIN scoring_weights w ON w.version = ANY(${versions}::text[]) AND w.kind = c.kind
        GROUP BY 1, 2, 3, 4, 5),
      spans AS (
        SELECT * FROM unnest(${spans.map(({ today }) => today)}::date[],
          ${spans.map(({ version }) => version)}::text[], ${spans.map(({ period }) => period)}::text[],
          ${spans.map((span) => span.isGlobal)}::boolean[],
          ${spans.map(({ from }) => from?.toISOString() ?? '-infinity')}::timestamptz[],
          ${spans.map(({ to }) => to.toISOString())}::timestamptz[])
          AS s (taken_on, version, period, is_global, since, until)),
      lines AS (
        SELECT version, max(line_cap) AS line_cap, max(points_per_line_added) AS added,
          max(points_per_line_deleted) AS deleted
        FROM scoring_weights GROUP BY version),
      scores AS MATERIALIZED (
        SELECT s.taken_on, s.period, s.is_global, d.repository_id, d.user_id,
          sum(d.points) + round(least(l.line_cap,
            sum(d.lines_added) * l.added + sum(d.lines_deleted) * l.deleted), 3) AS total_score
        FROM spans s JOIN days d ON d.version = s.version AND d.day >= s.since AND d.day < s.until
          AND (d.missed_at IS NULL OR d.missed_at < s.until)
        JOIN lines l ON l.version = s.version
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

/** Notes of all that happened in a window (half-open) that it was stored at a later moment. */
export async function markStoredLate(trx: Db, { from, to }: TimeWindow, at: Date): Promise<void> {
  await sql`
    UPDATE contribution_events SET missed_at = ${at.toISOString()}::timestamptz
    WHERE occurred_at >= ${from.toISOString()}::timestamptz
      AND occurred_at < ${to.toISOString()}::timestamptz`.execute(trx);
}

/**
 * Deletes what was commented in a window (half-open) on the issues and pull requests that have the
 * most comments of it. Returns how many comments that were.
 * @param most issues and pull requests of all repositories together
 */
export async function deleteBusiestThreads(
  trx: Db,
  { from, to }: TimeWindow,
  most: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    WITH comments AS (
        SELECT repository_id, event_id, subject_number FROM contribution_events
        WHERE kind = 'COMMENT' AND subject_number IS NOT NULL
          AND occurred_at >= ${from.toISOString()}::timestamptz
          AND occurred_at < ${to.toISOString()}::timestamptz),
      threads AS (
        SELECT repository_id, subject_number FROM comments
        GROUP BY repository_id, subject_number
        ORDER BY count(*) DESC, repository_id, subject_number LIMIT ${most})
    DELETE FROM contribution_events AS gone USING comments AS c, threads AS t
    WHERE gone.repository_id = c.repository_id AND gone.event_id = c.event_id
      AND t.repository_id = c.repository_id AND t.subject_number = c.subject_number`.execute(trx);
  return Number(numAffectedRows ?? 0);
}
