import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';
import { withoutIndexes } from '../../db/dump/without-indexes.ts';
import {
  inventShapedContributions,
  inventShapedPeople,
  type Shape,
  type ShapedContribution,
  type ShapedPerson,
} from './real-shape.ts';

/** Rows of one statement. */
const BATCH = 10_000;

/** Fills empty tables with a community of a real shape, read from GitHub up to now. */
export async function fillShape(db: Db, shape: Shape, now: Date, seed = 1): Promise<void> {
  const people = inventShapedPeople(shape, seed);
  const contributions = inventShapedContributions(shape, people, { seed, now });
  await db.transaction().execute((trx) =>
    withoutIndexes(trx, async () => {
      await insertRepositories(trx, shape, now);
      for (const batch of inBatches(people)) await insertPeople(trx, batch);
      for (const batch of inBatches(contributions)) await insertContributions(trx, batch);
    }),
  );
  await sql`ANALYZE`.execute(db);
}

function* inBatches<T>(rows: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function insertRepositories(db: Db, { repositories }: Shape, now: Date): Promise<void> {
  const until = now.toISOString();
  await sql`
    INSERT INTO repositories (owner, name, status, data_until)
    SELECT (ARRAY['meadow', 'Tools-Co', 'very-long-organisation'])[1 + i % 3],
      (ARRAY['garden', 'next.js', 'shed-of-tools'])[1 + i % 3] || '-' || i, 'ACTIVE', ${until}
    FROM generate_series(1, ${sql.lit(repositories)}) AS i`.execute(db);
  await sql`
    INSERT INTO scrape_windows
      (repository_id, source, window_from, window_to, completeness, gaps)
    SELECT id, 'github', ${until}::timestamptz - interval '6 years', ${until}, 1, '[]'
    FROM repositories`.execute(db);
}

async function insertPeople(db: Db, people: readonly ShapedPerson[]): Promise<void> {
  await sql`
    INSERT INTO github_users (github_id, login, type, display_name)
    SELECT id, login, 'User', name FROM json_to_recordset(${JSON.stringify(people)}::json)
      AS one (id bigint, login text, name text)`.execute(db);
  await sql`
    INSERT INTO github_user_logins (github_id, login, first_seen_at, last_seen_at)
    SELECT id, login, 'epoch', 'epoch' FROM json_to_recordset(${JSON.stringify(people)}::json)
      AS one (id bigint, login text)`.execute(db);
}

async function insertContributions(db: Db, rows: readonly ShapedContribution[]): Promise<void> {
  await sql`
    INSERT INTO contribution_events (repository_id, event_id, kind, user_id, occurred_at,
      subject_number, lines_added, lines_deleted, title, source)
    SELECT repository, "eventId", kind, "userId", at, subject, added, deleted, title, 'github'
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS one (repository bigint, "eventId" text,
      kind text, "userId" bigint, at timestamptz, subject integer, added bigint, deleted bigint,
      title text)`.execute(db);
}
