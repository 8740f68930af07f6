import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { beforeEach, expect, it } from 'vitest';
import * as titles from '../../../db/migrations/0017-titles.ts';
import { addUser } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const migration: Migration = titles;

/** Scores of the people 1, 2 and 3 on one day's board, and who of them keeps their rank. */
const CASES: readonly [string, readonly number[], readonly number[]][] = [
  ['lose the rank of somebody without points', [30, 5, 0], [1, 2]],
  ['lose it where most had none', [30, 0, 0], [1]],
  ['keep all where every one has points', [30, 5, 0.001], [1, 2, 3]],
  [
    'keep all where no score is known: they were taken from the published site',
    [0, 0, 0],
    [1, 2, 3],
  ],
];

describeOnDatabases('ranks of the past', (database) => {
  beforeEach(() => emptyTables(database.db));

  it.each(CASES)('%s', async (_, scores, kept) => {
    const { db } = database;
    for (const [index] of scores.entries()) await addUser(db, index + 1, `user${index}`);
    const ranks = scores.map((total_score, index) => ({
      taken_on: '2026-03-01',
      repository_id: 0,
      period: 'all' as const,
      user_id: index + 1,
      rank: index + 1,
      total_score,
    }));
    // Another day, on which everybody had points: it decides nothing for this one.
    const other = ranks.map((row) => ({ ...row, taken_on: '2026-03-02', total_score: 1 }));
    await db
      .insertInto('leaderboard_snapshots')
      .values([...ranks, ...other])
      .execute();
    await sql`ALTER TABLE contribution_events DROP COLUMN title, DROP COLUMN reference`.execute(db);
    await migration.up(db);
    const rows = await db
      .selectFrom('leaderboard_snapshots')
      .select('user_id')
      .where('taken_on', '=', '2026-03-01')
      .orderBy('user_id')
      .execute();
    expect(rows.map(({ user_id }) => user_id)).toEqual(kept);
  });
});
