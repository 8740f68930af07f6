import { beforeAll, expect, it } from 'vitest';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { readLikelyBots } from '../../../../pipeline/stages/likely-bots/index.ts';
import {
  addRepository,
  addUser,
  ago,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const HOUR = 1 / 24;

describeOnDatabases('likely bots of a filled database', (database) => {
  beforeAll(async () => {
    const { db } = database;
    await emptyTables(db);
    const repository = await addRepository(db, 'octo', 'one');
    const people = { 1: 'ada', 2: 'sync-machine', 3: 'old-bot', 4: 'listed-bot', 5: 'fine-bot' };
    for (const [id, login] of Object.entries(people)) await addUser(db, Number(id), login);
    for (let hour = 0; hour < 96; hour++) {
      const at = ago(2 + hour * HOUR);
      for (const id of [2, 4, 5]) await contribute(db, repository, id, 'COMMENT', 1, { at });
      // The same, two years ago: it says nothing of the account today.
      await contribute(db, repository, 3, 'COMMENT', 1, { at: ago(700 + hour * HOUR) });
    }
    for (let day = 0; day < 60; day++)
      await contribute(db, repository, 1, day % 2 ? 'COMMIT' : 'COMMENT', 1, { at: ago(day + 2) });
  });

  it.each([
    ['those that nobody listed', [], ['sync-machine', 'fine-bot']],
    ['not those that are allowed', ['fine-bot'], ['sync-machine']],
    ['not those that are allowed by id', [2, 5], []],
  ])('are %s', async (_, allow, logins) => {
    const { db } = database;
    const config = configOf({ people: { bots: { logins: ['listed-bot'], allow } } });
    await calculate({ db, config, now: NOW, log: quiet });
    const before = await db.selectFrom('global_leaderboard').selectAll().execute();
    const found = await readLikelyBots(db, config, NOW);
    expect(found.map(({ login }) => login).toSorted()).toEqual(logins.toSorted());
    for (const { contributions, signs } of found) {
      expect(contributions).toBe(96);
      expect(signs).toEqual(['name', 'at every hour of the day', 'one kind only']);
    }
    expect(await db.selectFrom('global_leaderboard').selectAll().execute()).toEqual(before);
  });
});
