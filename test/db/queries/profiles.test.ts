import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { readPeopleWithoutProfile } from '../../../db/queries/profiles.ts';
import { useDatabase } from '../../support/databases.ts';

const database = useDatabase();

it('spreads the profiles of one night over the nights on which they are due', async () => {
  const { db } = database;
  await sql`INSERT INTO repositories (owner, name, status) VALUES ('a', 'b', 'ACTIVE')`.execute(db);
  await sql`INSERT INTO github_users (github_id, login, type, profile_fetched_at)
    SELECT n, 'user' || n, 'User', CASE WHEN n <= 600 THEN '2025-01-01'::timestamptz END
    FROM generate_series(1, 620) AS n`.execute(db);
  await sql`INSERT INTO contribution_events
      (repository_id, event_id, kind, user_id, occurred_at, source)
    SELECT 1, 'commit:' || n, 'COMMIT', n, '2025-01-01', 'github'
    FROM generate_series(1, 620) AS n`.execute(db);
  const read = async (limit: number, staleBefore: string, share: number, fewest: number) => {
    const due = { share, fewest };
    const people = await readPeopleWithoutProfile(db, new Date(staleBefore), limit, due);
    return people.map(({ id }) => id);
  };
  const fresh = Array.from({ length: 20 }, (_, i) => 601 + i);
  const first = (count: number) => Array.from({ length: count }, (_, i) => 1 + i);
  expect(await read(2_000, '2025-01-01', 1 / 30, 10)).toEqual(fresh);
  expect(await read(2_000, '2025-02-01', 1 / 30, 10)).toEqual([...fresh, ...first(20)]);
  expect(await read(2_000, '2025-02-01', 1 / 30, 100)).toEqual([...fresh, ...first(100)]);
  expect(await read(25, '2025-02-01', 1 / 30, 100)).toEqual([...fresh, ...first(5)]);
});
