import { type Kysely, sql } from 'kysely';

/** A job that takes longer than its worker lives goes on where it was, and does not start again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE scrape_jobs ADD COLUMN checkpoint jsonb`.execute(db);
}
