import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../client.ts';

/** Rows fetched at once: some megabytes at most. */
const BATCH = 2_000;

let opened = 0;

/**
 * The rows of a query one by one, without ever holding all of them.
 * A cursor lives in a transaction; read it to its end or leave the transaction.
 */
export async function* readByCursor<T>(trx: Db, query: RawBuilder<T>): AsyncGenerator<T> {
  opened += 1;
  const cursor = sql.id(`rows_${opened}`);
  await sql`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`.execute(trx);
  for (;;) {
    const { rows } = await sql<T>`FETCH ${sql.lit(BATCH)} FROM ${cursor}`.execute(trx);
    yield* rows;
    if (rows.length < BATCH) break;
  }
  await sql`CLOSE ${cursor}`.execute(trx);
}
