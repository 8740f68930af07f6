import { sql } from 'kysely';
import type { MonthNumbers } from '../../../pipeline/domain/coverage.ts';
import type { Db } from '../../client.ts';

/** Contributions stored of each tracked repository by month (UTC, `YYYY-MM`) and source. */
export function readMonthCounts(db: Db, now: Date) {
  // Summed up before it is joined and written as text: this reads every contribution.
  const sums = db
    .selectFrom('contribution_events')
    .where('occurred_at', '<', now)
    .select(({ fn }) => [
      'repository_id',
      sql<Date>`date_trunc('month', occurred_at AT TIME ZONE 'UTC')`.as('first_day'),
      'source',
      fn.countAll<number>().as('contributions'),
      fn.countAll<number>().filterWhere('user_id', 'is', null).as('unattributed'),
    ])
    .groupBy(['repository_id', 'first_day', 'source']);
  return db
    .selectFrom(sums.as('c'))
    .innerJoin('repositories as r', 'r.id', 'c.repository_id')
    .where('r.status', '!=', 'ARCHIVED')
    .select(['c.repository_id', sql<string>`to_char(c.first_day, 'YYYY-MM')`.as('month')])
    .select(['c.source', 'c.contributions', 'c.unattributed'])
    .orderBy('c.repository_id')
    .orderBy('c.first_day')
    .orderBy(sql`c.source COLLATE "C"`)
    .execute();
}

export type MonthCount = Awaited<ReturnType<typeof readMonthCounts>>[number];

/** How many commits of each tracked repository are dated outside of what is read; null: not known. */
export function readDatedOutside(db: Db) {
  return db
    .selectFrom('repositories')
    .select(['id', 'commits_before_window', 'commits_after_window'])
    .where('status', '!=', 'ARCHIVED')
    .execute();
}

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
      sum(CASE WHEN o.next > o.number + 1 THEN o.next - o.number - 1 - (
        SELECT count(*) FROM missing_numbers m
        WHERE m.repository_id = o.repository_id AND m.number > o.number AND m.number < o.next
      ) ELSE 0 END)::bigint AS missing
    FROM opened o
    GROUP BY 1, 2
    ORDER BY 1, 2
  `.execute(db);
  return rows;
}
