import { type Kysely, sql } from 'kysely';

/** Remembers the last id that a repository got, so that none is given twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE repository_counter (
      id integer PRIMARY KEY CHECK (id = 1),
      last_id bigint NOT NULL
    )`.execute(db);
  // Ids of rows that are gone are still known where there is no foreign key.
  await sql`
    INSERT INTO repository_counter (id, last_id)
    SELECT 1, COALESCE(max(used.id), 0) FROM (
      SELECT id FROM repositories
      UNION ALL SELECT repository_id FROM leaderboard_snapshots
      UNION ALL SELECT unnest(repository_ids) FROM scrape_jobs
      UNION ALL SELECT unnest(repository_ids) FROM cost_records
    ) AS used (id)`.execute(db);
  // What was left behind when a row was taken over; 0 is the global board.
  await sql`
    DELETE FROM leaderboard_snapshots
    WHERE repository_id <> 0 AND repository_id NOT IN (SELECT id FROM repositories)`.execute(db);
}
