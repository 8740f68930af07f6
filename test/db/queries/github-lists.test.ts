import { beforeEach, expect, it } from 'vitest';
import {
  addUsage,
  readListPositions,
  upsertListPositions,
} from '../../../db/queries/github-lists.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';
import { track } from '../../support/github/scrape.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

describeOnDatabases('the lists of GitHub', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await track(database.db, 'old/name');
  });

  it('stores the positions of lists, and the usage by day', async () => {
    const { db } = database;
    const cursor = { repositoryId: 1, list: 'issues' };
    await upsertListPositions(db, [{ ...cursor, state: { a: 1 } }]);
    await upsertListPositions(db, [{ ...cursor, state: { a: [null, 'b'] } }]);
    expect([...(await readListPositions(db, 1))]).toEqual([['issues', { a: [null, 'b'] }]]);
    await addUsage(db, [{ repositoryId: 1, points: 2, requests: 3 }], NOW);
    await addUsage(db, [{ repositoryId: 1, points: 5, requests: 1 }], NOW, true);
    // That of the recheck is a part of it, and counted apart, too.
    const recheck = { recheck_points: 5, recheck_requests: 1 };
    const day = { repository_id: 1, used_on: '2026-01-02', points: 7, requests: 4, ...recheck };
    expect(await db.selectFrom('github_usage').selectAll().execute()).toEqual([day]);
  });
});
