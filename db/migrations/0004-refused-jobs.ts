import { type Kysely, sql } from 'kysely';

/** A job that the budget refuses has not failed: it ends in a way of its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE scrape_jobs
      DROP CONSTRAINT scrape_jobs_status_check,
      ADD CONSTRAINT scrape_jobs_status_check CHECK (status IN
        ('QUEUED', 'RUNNING', 'RETRYING', 'COMPLETED', 'FAILED', 'BUDGET_EXCEEDED'))`.execute(db);
}
