import { type RawBuilder, sql } from 'kysely';
import type { Db } from './client.ts';
import { readByCursor } from './transactions.ts';

/**
 * Rows as JSON arrays, one text each: of many rows with many columns, the values cost less this way
 * than one by one. Numbers must be safe as JavaScript has them.
 */
export const jsonRow = (values: readonly RawBuilder<unknown>[]): RawBuilder<{ row: string }> =>
  sql`json_build_array(${sql.join(values)})::text AS row`;

const parse = <T>(rows: readonly { row: string }[]): T[] =>
  JSON.parse(`[${rows.map(({ row }) => row).join(',')}]`);

/** All rows of a query whose only column is a `jsonRow`. */
export async function readJsonRows<T>(db: Db, query: RawBuilder<unknown>): Promise<T[]> {
  const { rows } = await (query as RawBuilder<{ row: string }>).execute(db);
  return parse<T>(rows);
}

/** Rows parsed at once. */
const BATCH = 2_000;

/** The same by a cursor, without holding all of them in memory. */
export async function* readJsonRowsByCursor<T>(
  trx: Db,
  query: RawBuilder<unknown>,
): AsyncGenerator<T> {
  let batch: { row: string }[] = [];
  for await (const row of readByCursor(trx, query as RawBuilder<{ row: string }>)) {
    if (batch.push(row) < BATCH) continue;
    yield* parse<T>(batch);
    batch = [];
  }
  yield* parse<T>(batch);
}

/**
 * A moment in whole milliseconds since 1970. Seconds are a binary fraction: what is added, a
 * microsecond, keeps the last millisecond.
 */
export const milliseconds = (moment: RawBuilder<unknown>) =>
  sql`floor(date_part('epoch', ${moment}) * 1000 + 0.001)`;
