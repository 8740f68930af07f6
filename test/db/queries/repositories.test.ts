import { beforeEach, expect, it } from 'vitest';
import {
  markScraped,
  markUnavailable,
  readRepositoriesById,
  readRepositoriesToPlan,
  reconcileRepositories,
} from '../../../db/queries/repositories.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import { rolledBack } from '../../../db/transactions.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const want = (slug: string, defaultBranch: string | null = null) => ({
  owner: slug.split('/')[0] ?? '',
  name: slug.split('/')[1] ?? '',
  neverRescrapeBefore: null,
  defaultBranch,
});
const day = (number: number) => new Date(Date.UTC(2024, 0, number));

describeOnDatabases('repositories', (database) => {
  beforeEach(() => emptyTables(database.db));

  const statuses = async () =>
    (await database.db.selectFrom('repositories').selectAll().orderBy('id').execute()).map(
      ({ id, owner, name, status }) => `${id} ${owner}/${name} ${status}`,
    );

  it('are added and archived by the configuration, and keep their row', async () => {
    const { db } = database;
    const first = await reconcileRepositories(db, [want('a/one'), want('b/two')]);
    expect(first).toEqual({ added: 2, archived: 0, restored: 0 });
    await markScraped(db, [1], day(1), day(1));
    const second = await reconcileRepositories(db, [want('b/two'), want('c/three')]);
    expect(second).toEqual({ added: 1, archived: 1, restored: 0 });
    expect(await statuses()).toEqual(['1 a/one ARCHIVED', '2 b/two PENDING', '3 c/three PENDING']);
    const third = await reconcileRepositories(db, [want('A/One'), want('b/two'), want('c/three')]);
    expect(third).toEqual({ added: 0, archived: 0, restored: 1 });
    expect(await statuses()).toEqual(['1 a/one ACTIVE', '2 b/two PENDING', '3 c/three PENDING']);
  });

  it('get the same ids when an earlier insert was rolled back', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one')]);
    const both = [want('a/one'), want('b/two')];
    await rolledBack(db, (trx) => reconcileRepositories(trx, both));
    await reconcileRepositories(db, both);
    expect(await statuses()).toEqual(['1 a/one PENDING', '2 b/two PENDING']);
  });

  it('never get the id of another repository, even of a deleted one', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one'), want('b/two')]);
    await db.deleteFrom('repositories').execute();
    await reconcileRepositories(db, []);
    await reconcileRepositories(db, [want('c/three'), want('d/four')]);
    expect(await statuses()).toEqual(['3 c/three PENDING', '4 d/four PENDING']);
  });

  it('of an empty configuration are all archived', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one')]);
    expect(await reconcileRepositories(db, [])).toMatchObject({ archived: 1 });
    expect(await readRepositoriesToPlan(db, 'gharchive', day(1), day(30))).toEqual([]);
  });

  it('are planned in order: never scraped, then most stale, then most stars', async () => {
    const { db } = database;
    await reconcileRepositories(
      db,
      ['a/fresh', 'b/stale', 'c/never', 'd/never'].map((s) => want(s)),
    );
    await markScraped(db, [1], day(9), day(9));
    await markScraped(db, [2], day(2), day(2));
    await db.updateTable('repositories').set({ stars: 5 }).where('id', '=', 4).execute();
    const planned = await readRepositoriesToPlan(db, 'gharchive', day(1), day(30));
    expect(planned.map((repository) => repository.owner)).toEqual(['d', 'c', 'b', 'a']);
    expect(planned[3]).toMatchObject({ lastScrapedAt: day(9), dataUntil: day(9), isQueued: false });
  });

  it('are read up to the first gap, and only windows with data count', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one')]);
    const read = (from: number, to: number, missingFrom = to) =>
      recordScrapedWindow(db, {
        source: 'gharchive',
        repositoryIds: [1],
        window: { from: day(from), to: day(to) },
        gaps: [{ from: day(missingFrom), to: day(to), reason: 'missing' }],
      });
    const lastEnd = async () =>
      (await readRepositoriesToPlan(db, 'gharchive', day(5), day(30)))[0]?.lastWindowEnd;
    expect(await lastEnd()).toBeNull();
    await read(1, 3); // before the window of the full job
    expect(await lastEnd()).toBeNull();
    await read(5, 8);
    await read(7, 10, 9);
    expect(await lastEnd()).toEqual(day(10));
    await read(10, 12, 10); // an outage
    await read(20, 22); // requested by hand
    expect(await lastEnd()).toEqual(day(10));
    await read(9, 21);
    expect(await lastEnd()).toEqual(day(22));
  });

  it('that come back start without their former failure', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one'), want('b/two')]);
    await markUnavailable(db, 1, 'gone');
    await markUnavailable(db, 2, 'taken down');
    await reconcileRepositories(db, [want('b/two')]);
    await reconcileRepositories(db, [want('a/one'), want('b/two')]);
    const rows = await db
      .selectFrom('repositories')
      .select(['status', 'failure_reason'])
      .orderBy('id')
      .execute();
    expect(rows).toEqual([
      { status: 'PENDING', failure_reason: null },
      { status: 'FAILED', failure_reason: 'taken down' },
    ]);
  });

  it('that failed do not delay others', async () => {
    const { db } = database;
    await reconcileRepositories(
      db,
      ['a/gone', 'b/stale'].map((slug) => want(slug)),
    );
    await db.updateTable('repositories').set({ status: 'FAILED' }).where('id', '=', 1).execute();
    await markScraped(db, [2], day(2), day(2));
    const planned = await readRepositoriesToPlan(db, 'gharchive', day(1), day(30));
    expect(planned.map((repository) => repository.owner)).toEqual(['b', 'a']);
  });

  it('use the branch of the configuration before the known one', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one', 'trunk'), want('b/two')]);
    await db.updateTable('repositories').set({ default_branch: 'develop' }).execute();
    const tracked = await readRepositoriesById(db, [1, 2]);
    expect(tracked.map((repository) => repository.defaultBranch)).toEqual(['trunk', 'develop']);
  });

  it('keep the later time of two reads', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one')]);
    await markScraped(db, [1], day(9), day(9));
    await markScraped(db, [1], day(5), day(3));
    const [planned] = await readRepositoriesToPlan(db, 'gharchive', day(1), day(30));
    expect(planned).toMatchObject({ lastScrapedAt: day(9), dataUntil: day(9) });
  });

  it('are no marks of the future, whatever a wrong clock left', async () => {
    const { db } = database;
    const future = new Date(Date.now() + 1_000 * 86_400_000);
    await reconcileRepositories(db, [want('a/one')]);
    await markScraped(db, [1], future, future);
    const [clamped] = await readRepositoriesToPlan(db, 'gharchive', day(1), day(30));
    expect(clamped?.lastScrapedAt?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(clamped?.dataUntil?.getTime()).toBeLessThanOrEqual(Date.now());
    const stored = { last_scraped_at: future, data_until: future };
    await db.updateTable('repositories').set(stored).where('id', '=', 1).execute();
    const window = { repository_id: 1, window_from: day(1), window_to: future };
    await db
      .insertInto('scrape_windows')
      .values({ ...window, source: 'gharchive', completeness: 1, gaps: '[]' })
      .execute();
    await markScraped(db, [1], day(5), day(4));
    const [planned] = await readRepositoriesToPlan(db, 'gharchive', day(1), day(30));
    expect(planned).toMatchObject({
      lastScrapedAt: day(5),
      dataUntil: day(4),
      lastWindowEnd: null,
      hasFutureWindow: true,
    });
    await db.updateTable('repositories').set(stored).where('id', '=', 1).execute();
    await markScraped(db, [1], null, day(4));
    const [partial] = await readRepositoriesToPlan(db, 'gharchive', day(1), day(30));
    expect(partial).toMatchObject({ lastScrapedAt: null, dataUntil: day(4) });
  });

  it('that GitHub refused are readable again only after a read from GitHub', async () => {
    const { db } = database;
    const now = new Date();
    await reconcileRepositories(db, [want('octo/one')]);
    await markUnavailable(db, 1, 'gone');
    await markScraped(db, [1], now, now, 'gharchive');
    const state = () =>
      db.selectFrom('repositories').select(['status', 'failure_reason']).executeTakeFirst();
    expect(await state()).toEqual({ status: 'FAILED', failure_reason: 'gone' });
    await markScraped(db, [1], now, now, 'github');
    expect(await state()).toEqual({ status: 'ACTIVE', failure_reason: null });
  });
});
