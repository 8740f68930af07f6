import { sql } from 'kysely';
import type { MonthNumbers } from '../../../pipeline/domain/coverage.ts';
import type { Db } from '../../client.ts';

/** The month (UTC) of a contribution `c`, `YYYY-MM`. */
const month = sql<string>`to_char(c.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM')`;

/** Contributions stored of each tracked repository by month and source. */
export function readMonthCounts(db: Db, now: Date) {
  return db
    .selectFrom('contribution_events as c')
    .innerJoin('repositories as r', 'r.id', 'c.repository_id')
    .where('r.status', '!=', 'ARCHIVED')
    .where('c.occurred_at', '<', now)
    .select(({ fn }) => [
      'c.repository_id',
      month.as('month'),
      'c.source',
      fn.countAll<number>().as('contributions'),
      fn.countAll<number>().filterWhere('c.user_id', 'is', null).as('unattributed'),
    ])
    .groupBy(['c.repository_id', month, 'c.source'])
    .orderBy('c.repository_id')
    .orderBy(month)
    .orderBy(sql`c.source COLLATE "C"`)
    .execute();
}

export type MonthCount = Awaited<ReturnType<typeof readMonthCounts>>[number];

/** How many numbers of issues and pull requests of each month are known, and how many missing. */
export async function readMonthNumbers(
  db: Db,
): Promise<(MonthNumbers & { readonly repository_id: number })[]> {
  const { rows } = await sql<MonthNumbers & { repository_id: number }>`
    WITH opened AS (
      SELECT repository_id, subject_number AS number, occurred_at,
        lead(subject_number) OVER (PARTITION BY repository_id ORDER BY subject_number) AS next
      FROM contribution_events
      WHERE kind IN ('PR_OPENED', 'ISSUE_OPENED') AND subject_number IS NOT NULL
    )
    SELECT o.repository_id, to_char(o.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
      count(*) AS known,
      sum(GREATEST(COALESCE(o.next - o.number - 1, 0), 0) - (
        SELECT count(*) FROM missing_numbers m
        WHERE m.repository_id = o.repository_id AND m.number > o.number AND m.number < o.next
      ))::bigint AS missing
    FROM opened o
    GROUP BY 1, 2
    ORDER BY 1, 2
  `.execute(db);
  return rows;
}
