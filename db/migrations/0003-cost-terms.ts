import { type Kysely, sql } from 'kysely';

/** A reservation keeps the terms it was made under, so that it is settled under the same. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE cost_records
      ADD COLUMN price_per_tib_usd numeric NOT NULL DEFAULT 0,
      ADD COLUMN free_bytes bigint NOT NULL DEFAULT 0`.execute(db);
  await sql`CREATE INDEX cost_records_open ON cost_records (lease_until) WHERE status = 'RESERVED'`.execute(
    db,
  );
}
