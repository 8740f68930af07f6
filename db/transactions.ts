import { type RawBuilder, sql } from 'kysely';
import { classifyError } from '../pipeline/domain/error-class.ts';
import type { Db } from './client.ts';

/**
 * Runs a part of a transaction that may fail. If it fails, only that part is rolled back, its error
 * is thrown, and the transaction can continue.
 */
export async function attemptPart<T>(trx: Db, run: () => Promise<T>): Promise<T> {
  await sql`SAVEPOINT part`.execute(trx);
  try {
    const result = await run();
    await sql`RELEASE SAVEPOINT part`.execute(trx);
    return result;
  } catch (error) {
    // If the connection is gone as well, the first error is the one to report.
    await sql`ROLLBACK TO SAVEPOINT part`.execute(trx).catch(() => {});
    throw error;
  }
}

/**
 * Runs a part of a transaction that the database may refuse, because a value does not fit or a
 * constraint is broken. Returns its reason, or null if it took the part; other errors are thrown.
 */
export async function refusalOf(trx: Db, run: () => Promise<void>): Promise<string | null> {
  try {
    await attemptPart(trx, run);
    return null;
  } catch (error) {
    if (!(error instanceof Error) || classifyError(error) !== 'constraint') throw error;
    return error.message;
  }
}

/** Ends a transaction that must not be committed. */
class RolledBack extends Error {}

/** Runs something only for its result: in a transaction that is rolled back at its end. */
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

/** Some megabytes at most. */
const ROWS_PER_FETCH = 2_000;

let opened = 0;

/**
 * The rows of a query one by one, without holding all of them in memory.
 * The cursor ends with the transaction; read it to its end or end the transaction.
 */
export async function* readByCursor<T>(trx: Db, query: RawBuilder<T>): AsyncGenerator<T> {
  opened += 1;
  const cursor = sql.id(`rows_${opened}`);
  await sql`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`.execute(trx);
  for (;;) {
    const { rows } = await sql<T>`FETCH ${sql.lit(ROWS_PER_FETCH)} FROM ${cursor}`.execute(trx);
    yield* rows;
    if (rows.length < ROWS_PER_FETCH) break;
  }
  await sql`CLOSE ${cursor}`.execute(trx);
}

/**
 * Locks that one transaction at a time may hold, by what they protect. The numbers name them
 * inside the database, so they never change: an older version may run beside this one.
 */
const LOCKS = {
  /** Who holds which login. */
  logins: 7_130_001,
  /** Which id a new repository gets. */
  repositoryIds: 7_130_002,
  /** Which jobs are queued. */
  jobQueue: 7_130_003,
  /** What the tables of migrations are called. */
  migrationTables: 7_130_004,
  /** The boards: one calculation after the other. */
  boards: 20_260_102,
} as const;

/** Takes a lock until the transaction ends; waits while another transaction holds it. */
export async function takeLock(trx: Db, name: keyof typeof LOCKS): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${LOCKS[name]})`.execute(trx);
}
