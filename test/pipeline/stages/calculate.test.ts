import { beforeEach, expect, it } from 'vitest';
import { calculate } from '../../../pipeline/stages/calculate.ts';
import {
  addRepository,
  addUser,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

describeOnDatabases('the calculation', (database) => {
  beforeEach(() => emptyTables(database.db));

  const run = (changes = {}, now = NOW) =>
    calculate({ db: database.db, config: configOf(changes), now, log: quiet });
  const board = (period = 'all') =>
    database.db
      .selectFrom('global_leaderboard')
      .selectAll()
      .where('period', '=', period as 'all')
      .orderBy('rank')
      .orderBy('user_id')
      .execute();

  it('scores the worked example of the design', async () => {
    const { db } = database;
    const repository = await addRepository(db, 'octo', 'one');
    await addUser(db, 1, 'ada');
    await contribute(db, repository, 1, 'COMMIT', 50);
    await contribute(db, repository, 1, 'PR_OPENED', 10);
    await contribute(db, repository, 1, 'PR_MERGED', 8, { added: 1250 });
    await contribute(db, repository, 1, 'PR_REVIEWED', 15);
    await contribute(db, repository, 1, 'ISSUE_OPENED', 5);
    await contribute(db, repository, 1, 'COMMENT', 30);
    await run();
    const [entry] = await board();
    expect(entry).toMatchObject({
      rank: 1,
      total_score: 1380,
      lines_added: 10_000,
      points: {
        COMMIT: 500,
        PR_OPENED: 150,
        PR_MERGED: 200,
        PR_REVIEWED: 300,
        ISSUE_OPENED: 40,
        COMMENT: 90,
        line_bonus: 100,
        RELEASE: 0,
      },
    });
  });
});
