import { sql } from 'kysely';
import type { Db } from './client.ts';

/**
 * Does a part of a transaction that may fail: then that part alone is undone, its error is
 * thrown, and the transaction can go on.
 */
export async function attemptPart<T>(trx: Db, run: () => Promise<T>): Promise<T> {
  await sql`SAVEPOINT part`.execute(trx);
  try {
    const result = await run();
    await sql`RELEASE SAVEPOINT part`.execute(trx);
    return result;
  } catch (error) {
    // Where the connection is gone, too, what went wrong first is worth telling.
    await sql`ROLLBACK TO SAVEPOINT part`.execute(trx).catch(() => {});
    throw error;
  }
}
