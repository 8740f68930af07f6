import { type Kysely, sql } from 'kysely';

/** Pictures of people, so that a site shows its own files and asks nobody else. */
const table = `
CREATE TABLE avatars (
  user_id bigint PRIMARY KEY REFERENCES github_users ON UPDATE CASCADE ON DELETE CASCADE,
  type text CHECK (type IN ('png', 'jpg', 'webp', 'gif')),
  bytes bytea,
  etag text,
  looked_at timestamptz NOT NULL,
  failure text,
  CHECK ((type IS NULL) = (bytes IS NULL))
)`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(table).execute(db);
}
