import { type Kysely, sql } from 'kysely';

/** What reading GitHub's own API has to remember. `db/schema.ts` says what one row of each is. */
const tables = `
CREATE TABLE source_cursors (
  repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
  list text NOT NULL,
  state jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (repository_id, list)
);

CREATE TABLE repository_names (
  slug text PRIMARY KEY CHECK (slug = lower(slug)),
  repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
  learned_at timestamptz NOT NULL
);
CREATE INDEX repository_names_repository ON repository_names (repository_id);

CREATE TABLE missing_numbers (
  repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
  number integer NOT NULL,
  reason text NOT NULL CHECK (reason IN ('DISCUSSION', 'GONE')),
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (repository_id, number)
);

CREATE TABLE github_usage (
  repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
  used_on date NOT NULL,
  points integer NOT NULL,
  requests integer NOT NULL,
  PRIMARY KEY (repository_id, used_on)
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of tables.split(';')) {
    if (statement.trim()) await sql.raw(statement).execute(db);
  }
}
