import { type Kysely, sql } from 'kysely';

/**
 * Lets a document say why a score is another than on an earlier board: how that board was made, and
 * what it lacked although it had happened. Of what was stored before, none is known to be late.
 */
const statements = [
  `CREATE TABLE board_days (
    taken_on date PRIMARY KEY,
    clock timestamptz NOT NULL,
    weights_version text NOT NULL
  )`,
  'ALTER TABLE contribution_events ADD COLUMN missed_at timestamptz',
  `CREATE INDEX contribution_events_missed ON contribution_events (missed_at)
    WHERE missed_at IS NOT NULL`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
