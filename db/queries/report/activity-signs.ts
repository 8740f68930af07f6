import { sql } from 'kysely';
import { CONTRIBUTION_KINDS } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Activity } from '../../../pipeline/domain/likely-bots.ts';
import { DAY_MS } from '../../../pipeline/domain/time.ts';
import type { Db } from '../../client.ts';
import { eligibleContributions } from '../eligible-contributions.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/**
 * What the first `top` of the global board of all time did in the last 365 days: how often, on how
 * many days, at which hours and of which kinds. In the order of the board.
 */
export async function readActivitySigns(db: Db, now: Date, top: number): Promise<Activity[]> {
  const from = new Date(now.getTime() - 365 * DAY_MS).toISOString();
  const byHour = HOURS.map((hour) => sql`count(*) FILTER (WHERE hour = ${sql.lit(hour)})`);
  const byKind = CONTRIBUTION_KINDS.map(
    (kind) => sql`count(*) FILTER (WHERE kind = ${sql.lit(kind)})`,
  );
  const { rows } = await sql<Activity>`
    WITH ranked AS (
      SELECT user_id, rank FROM global_leaderboard
      WHERE period = 'all' AND total_score > 0 ORDER BY rank, user_id LIMIT ${top}
    ), done AS (
      SELECT c.user_id, c.kind, c.occurred_at AT TIME ZONE 'UTC' AS at,
        extract(hour FROM c.occurred_at AT TIME ZONE 'UTC')::integer AS hour
      FROM ${eligibleContributions(now, sql`c.occurred_at >= ${from}::timestamptz`)} AS c
    )
    SELECT u.github_id AS id, u.login, count(*) AS contributions,
      count(DISTINCT done.at::date) AS days,
      ARRAY[${sql.join(byHour)}]::integer[] AS hours, ARRAY[${sql.join(byKind)}]::integer[] AS kinds
    FROM ranked JOIN done ON done.user_id = ranked.user_id
    JOIN github_users u ON u.github_id = ranked.user_id
    GROUP BY u.github_id, ranked.rank
    ORDER BY ranked.rank, u.github_id
  `.execute(db);
  return rows;
}
