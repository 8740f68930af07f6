import { type Kysely, sql } from 'kysely';

/** What GitHub no longer has goes: looks at the whole of a list, and jobs that look at it again. */
const statements = `
ALTER TABLE source_cursors
  ADD COLUMN looked_at timestamptz,
  ADD COLUMN is_doubtful boolean NOT NULL DEFAULT false;

CREATE TABLE unseen_contributions (
  repository_id bigint NOT NULL REFERENCES repositories ON DELETE CASCADE,
  event_id text NOT NULL,
  list text NOT NULL,
  PRIMARY KEY (repository_id, event_id)
);

ALTER TABLE scrape_jobs
  ADD COLUMN lists text[],
  DROP CONSTRAINT scrape_jobs_job_type_check,
  ADD CONSTRAINT scrape_jobs_job_type_check CHECK (job_type IN ('full', 'incremental', 'recheck'));

ALTER TABLE github_usage
  ADD COLUMN recheck_points integer NOT NULL DEFAULT 0,
  ADD COLUMN recheck_requests integer NOT NULL DEFAULT 0;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements.split(';')) {
    if (statement.trim()) await sql.raw(statement).execute(db);
  }
}
