import { type Kysely, sql } from 'kysely';

/**
 * Months of the calendar that are over and read: what each brought is counted once and stays, however
 * much is learned of it later.
 */
const statements = `
CREATE TABLE months (
  month text PRIMARY KEY CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  closed_at timestamptz NOT NULL,
  data_until timestamptz,
  weights_version text NOT NULL,
  is_past_known boolean NOT NULL,
  coverage json NOT NULL,
  corrections json NOT NULL
);

CREATE TABLE month_people (
  month text NOT NULL REFERENCES months ON DELETE CASCADE,
  repository_id bigint NOT NULL,
  user_id bigint NOT NULL REFERENCES github_users ON UPDATE CASCADE ON DELETE CASCADE,
  score numeric NOT NULL,
  counts json NOT NULL,
  PRIMARY KEY (month, repository_id, user_id)
);

CREATE INDEX month_people_user ON month_people (user_id);

CREATE TABLE month_events (
  month text NOT NULL REFERENCES months ON DELETE CASCADE,
  list text NOT NULL CHECK (list IN ('NEWCOMER', 'FIRST_MERGED', 'RELEASE')),
  repository_id bigint NOT NULL,
  event_id text NOT NULL,
  kind text NOT NULL,
  user_id bigint REFERENCES github_users ON UPDATE CASCADE ON DELETE CASCADE,
  occurred_at timestamptz NOT NULL,
  subject_number integer,
  title text,
  reference text,
  PRIMARY KEY (month, list, repository_id, event_id)
);

CREATE INDEX month_events_user ON month_events (user_id)`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements.split(';')) await sql.raw(statement).execute(db);
}
