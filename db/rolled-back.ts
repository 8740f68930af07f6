import type { Db } from './client.ts';

/** Ends a transaction that is meant to leave nothing behind. */
class RolledBack extends Error {}

/** Does something for its result alone: in a transaction that is undone at its end. */
export async function rolledBack<T>(db: Db, run: (trx: Db) => Promise<T>): Promise<T> {
  const outcome: { value?: T } = {};
  await db
    .transaction()
    .execute(async (trx) => {
      outcome.value = await run(trx);
      throw new RolledBack();
    })
    .catch((error) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return outcome.value as T;
}
