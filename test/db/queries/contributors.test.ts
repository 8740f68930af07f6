import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../db/client.ts';
import { recordAccounts } from '../../../db/queries/contributors.ts';
import type { AccountObservation } from '../../../pipeline/domain/contribution.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

/** An account seen under a login on a day of January 2024. */
const seen = (id: number, login: string, day: number): AccountObservation => {
  const moment = new Date(Date.UTC(2024, 0, day));
  return { id, login, type: null, firstSeenAt: moment, lastSeenAt: moment };
};

const record = (db: Db, ...observations: AccountObservation[]) =>
  db.transaction().execute((trx) => recordAccounts(trx, observations));

async function logins(db: Db): Promise<Record<string, string>> {
  const users = await db
    .selectFrom('github_users')
    .select(['github_id', 'login'])
    .orderBy('github_id')
    .execute();
  return Object.fromEntries(users.map(({ github_id, login }) => [github_id, login]));
}

describeOnDatabases('identity', (database) => {
  beforeEach(() => emptyTables(database.db));

  it.each([
    ['a new account', [seen(1, 'ann', 1)], { 1: 'ann' }],
    ['a renamed account', [seen(1, 'ann', 1), seen(1, 'anna', 2)], { 1: 'anna' }],
    ['an old observation after a new one', [seen(1, 'anna', 2), seen(1, 'ann', 1)], { 1: 'anna' }],
    ['another case', [seen(1, 'ann', 1), seen(1, 'Ann', 2)], { 1: 'Ann' }],
    [
      'a login that another takes',
      [seen(1, 'ann', 1), seen(2, 'ann', 2)],
      { 1: 'ann_old_1', 2: 'ann' },
    ],
    [
      'a login that another took before',
      [seen(2, 'ann', 2), seen(1, 'ann', 1)],
      { 1: 'ann_old_1', 2: 'ann' },
    ],
    [
      'a taken login, in another case',
      [seen(1, 'ann', 1), seen(2, 'ANN', 2)],
      { 1: 'ann_old_1', 2: 'ANN' },
    ],
    [
      'one renamed whose login another takes',
      [seen(1, 'ann', 1), seen(2, 'ann', 2), seen(1, 'eve', 3)],
      { 1: 'eve', 2: 'ann' },
    ],
    [
      'two who change places',
      [seen(1, 'ann', 1), seen(2, 'bob', 1), seen(1, 'bob', 2), seen(2, 'ann', 2)],
      { 1: 'bob', 2: 'ann' },
    ],
    [
      'one who does not get back a login that another had since',
      [seen(1, 'ann', 1), seen(2, 'ann', 2), seen(2, 'eve', 3)],
      { 1: 'ann_old_1', 2: 'eve' },
    ],
  ])('of %s', async (_, observations, expected) => {
    const { db } = database;
    for (const observation of observations) await record(db, observation);
    expect(await logins(db)).toEqual(expected);
    await emptyTables(db);
    await record(db, ...observations);
    expect(await logins(db)).toEqual(expected);
  });

  it('counts accounts with a changed login, but not new accounts', async () => {
    const { db } = database;
    expect(await record(db, seen(1, 'ann', 1), seen(2, 'bob', 1))).toBe(0);
    expect(await record(db, seen(1, 'anna', 2), seen(2, 'bob', 2))).toBe(1);
    expect(await record(db, seen(1, 'anna', 2))).toBe(0);
  });

  it('stores the type of an account, and keeps it', async () => {
    const { db } = database;
    await record(db, seen(1, 'ann', 1));
    await record(db, { ...seen(1, 'ann', 2), type: 'Bot' });
    await record(db, seen(1, 'ann', 3));
    const { type } = await db.selectFrom('github_users').select('type').executeTakeFirstOrThrow();
    expect(type).toBe('Bot');
  });

  it('adds the id to a login that was known without one', async () => {
    const { db } = database;
    await db.insertInto('github_users').values({ github_id: -5, login: 'Ann' }).execute();
    await record(db, seen(1, 'ann', 1));
    expect(await logins(db)).toEqual({ 1: 'ann' });
  });

  it('keeps the history of logins', async () => {
    const { db } = database;
    await record(db, seen(1, 'ann', 3), seen(1, 'ann', 1), seen(1, 'anna', 5));
    await record(db, seen(1, 'ann', 2));
    const history = await db
      .selectFrom('github_user_logins')
      .selectAll()
      .orderBy('login')
      .execute();
    const day = (number: number) => new Date(Date.UTC(2024, 0, number));
    expect(history).toEqual([
      { github_id: 1, login: 'ann', first_seen_at: day(1), last_seen_at: day(3) },
      { github_id: 1, login: 'anna', first_seen_at: day(5), last_seen_at: day(5) },
    ]);
  });

  it('does not depend on the order in which accounts were seen', async () => {
    const { db } = database;
    const observation = fc
      .tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('ann', 'bob', 'Ann'),
        fc.integer({ min: 1, max: 5 }),
      )
      .map(([id, login, day]) => seen(id, login, day));
    const orders = fc
      .array(observation, { minLength: 1, maxLength: 7 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
    await fc.assert(
      fc.asyncProperty(orders, async ([one, other]) => {
        await emptyTables(db);
        await record(db, ...one);
        const expected = await logins(db);
        await emptyTables(db);
        for (const single of other) await record(db, single);
        expect(await logins(db)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});
