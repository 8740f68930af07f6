import { type Kysely, sql } from 'kysely';

/**
 * What a contribution is called, and the part of its address that its key does not have: the tag of
 * a release, the commit of a comment. And ranks of the past that went with no points go: such people
 * have no rank. Where a day's whole board is without scores, these were not known, and its ranks stay.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE contribution_events ADD COLUMN title text, ADD COLUMN reference text`.execute(
    db,
  );
  await sql`
    DELETE FROM leaderboard_snapshots AS past WHERE past.total_score = 0 AND EXISTS (
      SELECT FROM leaderboard_snapshots AS scored
      WHERE scored.taken_on = past.taken_on AND scored.repository_id = past.repository_id
        AND scored.period = past.period AND scored.total_score > 0)`.execute(db);
}
