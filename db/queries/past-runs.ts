import { sql } from 'kysely';
import type { Db } from '../client.ts';

/** Runs of the past, written by what writes a run as it goes on, and then dated. */

/** Whether any run has begun. */
export async function hasRuns(db: Db): Promise<boolean> {
  const rows = await db.selectFrom('pipeline_runs').select('id').limit(1).execute();
  return rows.length > 0;
}

/** The clock of the database, which dates what is written. */
export async function readClock(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(db);
  return rows[0]?.now ?? new Date();
}

/**
 * Moves what a run has written since its last move to the moment when it would have happened.
 * @param since before all of it was written, and after all moments that it is moved to
 */
export async function moveToPast(db: Db, runId: number, since: Date, moment: Date): Promise<void> {
  const [first, at] = [since.toISOString(), moment.toISOString()];
  const moved = (column: string) =>
    sql`${sql.id(column)} = CASE WHEN ${sql.ref(column)} >= ${first}::timestamptz
      THEN ${at}::timestamptz ELSE ${sql.ref(column)} END`;
  const all = (columns: readonly string[]) => sql.join(columns.map(moved));
  await sql`
    WITH run AS (
      UPDATE pipeline_runs SET ${all(['started_at', 'finished_at'])} WHERE id = ${runId}),
    jobs AS (
      UPDATE scrape_jobs SET ${all(['created_at', 'started_at', 'finished_at', 'not_before'])}
      WHERE run_id = ${runId}),
    letters AS (
      UPDATE dead_letters SET created_at = ${at}::timestamptz
      WHERE created_at >= ${first}::timestamptz)
    UPDATE audit_log SET at = ${at}::timestamptz WHERE at >= ${first}::timestamptz`.execute(db);
}
