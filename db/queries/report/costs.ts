import { sql } from 'kysely';
import type { Db } from '../../client.ts';
import { fullName, nameOrder } from './repositories.ts';

/** What was spent on each UTC date from `from` to `to`, both included; oldest first. */
export function readCostDays(db: Db, from: string, to: string) {
  return db
    .selectFrom('daily_cost_summaries')
    .select([
      'charged_on as date',
      sql<number>`sum(usd)`.as('usd'),
      sql<number>`sum(bytes_billed)::bigint`.as('bytes_billed'),
      sql<number>`sum(queries)::bigint`.as('queries'),
    ])
    .where('charged_on', '>=', from)
    .where('charged_on', '<=', to)
    .groupBy('charged_on')
    .orderBy('charged_on')
    .execute();
}

/** What is reserved and not settled, on a day and in its month. */
export async function readReserved(
  db: Db,
  today: string,
): Promise<{ daily: number; monthly: number }> {
  const { rows } = await sql<{ daily: number; monthly: number }>`
    SELECT coalesce(sum(usd_reserved) FILTER (WHERE charged_on = ${today}::date), 0) AS daily,
      coalesce(sum(usd_reserved), 0) AS monthly
    FROM cost_records
    WHERE status = 'RESERVED'
      AND charged_on BETWEEN date_trunc('month', ${today}::date)::date AND ${today}::date
  `.execute(db);
  return rows[0] as { daily: number; monthly: number };
}

/** What was spent on each tracked repository; the cost of a query for several is split evenly. */
export async function readRepositoryCosts(db: Db): Promise<{ repository: string; usd: number }[]> {
  const { rows } = await sql<{ repository: string; usd: number }>`
    SELECT ${fullName} AS repository,
      sum(c.usd_settled / cardinality(c.repository_ids)) AS usd
    FROM cost_records c
    CROSS JOIN LATERAL unnest(c.repository_ids) AS part (repository_id)
    JOIN repositories r ON r.id = part.repository_id AND r.status <> 'ARCHIVED'
    WHERE c.status = 'SETTLED'
    GROUP BY r.id
    ORDER BY ${nameOrder}
  `.execute(db);
  return rows;
}
