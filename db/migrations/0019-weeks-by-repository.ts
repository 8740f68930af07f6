import { type Kysely, sql } from 'kysely';

/**
 * Contributions of each person by week in each repository, and in all together (0), beside those by
 * kind: for the trends of boards. The next calculation is a whole one, which fills the table.
 */
const statements = `
CREATE TABLE board_weeks (
  repository_id bigint NOT NULL,
  user_id bigint NOT NULL REFERENCES github_users ON UPDATE CASCADE ON DELETE CASCADE,
  weeks json NOT NULL,
  PRIMARY KEY (repository_id, user_id)
);

CREATE INDEX board_weeks_user ON board_weeks (user_id);

DELETE FROM calculations`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements.split(';')) await sql.raw(statement).execute(db);
}
