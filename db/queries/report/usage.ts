import { sql } from 'kysely';
import type { Db } from '../../client.ts';

export interface UsageDayRow {
  readonly repository_id: number;
  /** UTC date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly points: number;
  readonly requests: number;
}

/** What GitHub's API was asked about each tracked repository on its last days; newest first. */
export async function readUsageDays(db: Db, days: number): Promise<UsageDayRow[]> {
  const { rows } = await sql<UsageDayRow>`
    SELECT repository_id, used_on AS date, points, requests
    FROM (
      SELECT u.*, row_number() OVER (PARTITION BY u.repository_id ORDER BY u.used_on DESC) AS place
      FROM github_usage u
      JOIN repositories r ON r.id = u.repository_id AND r.status <> 'ARCHIVED'
    ) AS days
    WHERE place <= ${days}
    ORDER BY repository_id, used_on DESC
  `.execute(db);
  return rows;
}

export interface UsageRow {
  readonly repository: string;
  readonly points: number;
  readonly requests: number;
  /** UTC date, `YYYY-MM-DD`. */
  readonly last_read_on: string;
}

/** What GitHub's API was asked about each tracked repository in all; most points first. */
export async function readUsage(db: Db): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`
    SELECT r.owner || '/' || r.name AS repository, sum(u.points)::bigint AS points,
      sum(u.requests)::bigint AS requests, max(u.used_on) AS last_read_on
    FROM github_usage u
    JOIN repositories r ON r.id = u.repository_id AND r.status <> 'ARCHIVED'
    GROUP BY r.id
    ORDER BY 2 DESC, 3 DESC, lower(r.owner) COLLATE "C", lower(r.name) COLLATE "C"
  `.execute(db);
  return rows;
}
