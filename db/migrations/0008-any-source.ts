import { type Kysely, sql } from 'kysely';

/**
 * A new source needs no migration: `pipeline/domain/source.ts` is the one list of sources. No other
 * table has had a copy of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE contribution_events DROP CONSTRAINT contribution_events_source_check`.execute(db);
}
