import { type RawBuilder, sql } from 'kysely';
import type { Db } from './client.ts';

/**
 * All rows of a query, each an array of the given values. They come as one JSON text: of many rows
 * with many columns, the values one by one cost four times as much. For some ten megabytes at most;
 * numbers must be safe as JavaScript has them.
 * @param rest what follows the list of values: `FROM` and so on
 */
export async function readJsonRows<T extends readonly unknown[]>(
  db: Db,
  values: readonly RawBuilder<unknown>[],
  rest: RawBuilder<unknown>,
): Promise<T[]> {
  const { rows } = await sql<{ all_rows: string | null }>`
    SELECT json_agg(json_build_array(${sql.join(values)}))::text AS all_rows ${rest}`.execute(db);
  return JSON.parse(rows[0]?.all_rows ?? '[]');
}

/**
 * A moment in whole milliseconds since 1970. Seconds are a binary fraction: what is added, a
 * microsecond, keeps the last millisecond.
 */
export const milliseconds = (moment: RawBuilder<unknown>) =>
  sql`floor(date_part('epoch', ${moment}) * 1000 + 0.001)`;
