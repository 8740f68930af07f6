import { type Kysely, sql } from 'kysely';

/** Lets one run at a time use a database, whatever starts it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE run_locks (
      name text PRIMARY KEY,
      holder text NOT NULL,
      who text NOT NULL,
      process jsonb,
      since timestamptz NOT NULL DEFAULT now(),
      lease_until timestamptz NOT NULL
    )`.execute(db);
}
