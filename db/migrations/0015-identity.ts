import { type Kysely, sql } from 'kysely';

/**
 * A repository is GitHub's numeric id, also where only the archive has shown it. Ids that are stored
 * already came from GitHub. What was read by name before is not known to be wrong, and stays.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE repository_ids (
      repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
      github_id bigint NOT NULL,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      PRIMARY KEY (repository_id, github_id)
    )`.execute(db);
  await sql`
    ALTER TABLE repositories
      ADD COLUMN is_github_id_stated boolean NOT NULL DEFAULT true,
      ADD COLUMN is_read_by_name boolean NOT NULL DEFAULT false,
      ADD COLUMN commits_before_window integer,
      ADD COLUMN commits_after_window integer`.execute(db);
  await sql`
    ALTER TABLE scrape_jobs
      ADD COLUMN unread_repository_ids bigint[] NOT NULL DEFAULT '{}'`.execute(db);
  await sql`
    CREATE TABLE former_default_branches (
      repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
      branch text NOT NULL,
      until timestamptz NOT NULL,
      PRIMARY KEY (repository_id, branch)
    )`.execute(db);
  await sql`
    CREATE TABLE branch_pushes (
      repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
      branch text NOT NULL,
      first_pushed_at timestamptz NOT NULL,
      PRIMARY KEY (repository_id, branch)
    )`.execute(db);
  await sql`ALTER TABLE contribution_events ADD COLUMN branch text`.execute(db);
}
