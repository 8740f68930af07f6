import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { expect, it } from 'vitest';
import type { Db } from '../../../db/client.ts';
import * as counter from '../../../db/migrations/0005-repository-counter.ts';
import { addRepository, addUser, ago, NOW } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const migration: Migration = counter;

async function migrateAgain(db: Db): Promise<number | undefined> {
  await sql`DROP TABLE repository_counter`.execute(db);
  await migration.up(db);
  const row = await db.selectFrom('repository_counter').select('last_id').executeTakeFirst();
  return row?.last_id;
}

async function addSnapshots(db: Db, repositoryIds: readonly number[]) {
  const rest = {
    taken_on: '2026-03-14',
    period: 'all',
    user_id: 1,
    rank: 1,
    total_score: 5,
  } as const;
  await db
    .insertInto('leaderboard_snapshots')
    .values(repositoryIds.map((id) => ({ ...rest, repository_id: id })))
    .execute();
}

describeOnDatabases('the counter of repositories', (database) => {
  it('begins at 0 in an empty database', async () => {
    await emptyTables(database.db);
    expect(await migrateAgain(database.db)).toBe(0);
  });

  it('begins at the highest id of any table', async () => {
    const { db } = database;
    await emptyTables(db);
    await addRepository(db, 'octo', 'one');
    expect(await migrateAgain(db)).toBe(1);
    await addUser(db, 1, 'ada');
    await addSnapshots(db, [2]);
    expect(await migrateAgain(db)).toBe(2);
    const job = { source: 'bigquery', job_type: 'full', status: 'COMPLETED' } as const;
    const window = { window_from: ago(1), window_to: NOW };
    await db
      .insertInto('scrape_jobs')
      .values({ ...job, ...window, repository_ids: [1, 4] })
      .execute();
    expect(await migrateAgain(db)).toBe(4);
    const bytes = { bytes_estimated: 1, maximum_bytes_billed: 1, usd_reserved: 1 };
    await db
      .insertInto('cost_records')
      .values({
        ...bytes,
        source: 'bigquery',
        charged_on: '2026-03-14',
        status: 'SETTLED',
        repository_ids: [7, 1],
        lease_until: NOW,
      })
      .execute();
    expect(await migrateAgain(db)).toBe(7);
  });

  it('comes with the deletion of snapshots whose repository is gone', async () => {
    const { db } = database;
    await emptyTables(db);
    await addUser(db, 1, 'ada');
    const id = await addRepository(db, 'octo', 'one');
    await addSnapshots(db, [0, id, id + 1]);
    await migrateAgain(db);
    const rows = await db
      .selectFrom('leaderboard_snapshots')
      .select('repository_id')
      .orderBy('repository_id')
      .execute();
    expect(rows).toEqual([{ repository_id: 0 }, { repository_id: id }]);
  });
});
