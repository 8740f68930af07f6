import { sql } from 'kysely';
import type { Db } from '../../client.ts';

export interface MonthCountRow {
  readonly repository_id: number;
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly source: string;
  readonly contributions: number;
  readonly unattributed: number;
}

/** Contributions stored of each tracked repository by month and source. */
export async function readMonthCounts(db: Db, now: Date): Promise<MonthCountRow[]> {
  const { rows } = await sql<MonthCountRow>`
    SELECT c.repository_id, to_char(c.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
      c.source, count(*) AS contributions, count(*) FILTER (WHERE c.user_id IS NULL) AS unattributed
    FROM contribution_events c
    JOIN repositories r ON r.id = c.repository_id AND r.status <> 'ARCHIVED'
    WHERE c.occurred_at < ${now.toISOString()}::timestamptz
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, c.source COLLATE "C"
  `.execute(db);
  return rows;
}
