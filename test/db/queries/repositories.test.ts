import { beforeEach, expect, it } from 'vitest';
import {
  markScraped,
  readRepositoriesToPlan,
  readTrackedRepositories,
  reconcileRepositories,
} from '../../../db/queries/repositories.ts';
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

  it('come and go with the configuration and keep their row', async () => {
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

  it('of an empty configuration are all archived', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one')]);
    expect(await reconcileRepositories(db, [])).toMatchObject({ archived: 1 });
    expect(await readRepositoriesToPlan(db, 'gharchive')).toEqual([]);
  });

  it('are planned never scraped first, then the most stale, then the most stars', async () => {
    const { db } = database;
    await reconcileRepositories(
      db,
      ['a/fresh', 'b/stale', 'c/never', 'd/never'].map((s) => want(s)),
    );
    await markScraped(db, [1], day(9), day(9));
    await markScraped(db, [2], day(2), day(2));
    await db.updateTable('repositories').set({ stars: 5 }).where('id', '=', 4).execute();
    const planned = await readRepositoriesToPlan(db, 'gharchive');
    expect(planned.map((repository) => repository.owner)).toEqual(['d', 'c', 'b', 'a']);
    expect(planned[3]).toMatchObject({ lastScrapedAt: day(9), dataUntil: day(9), isQueued: false });
  });

  it('take the branch of the configuration before the known one', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one', 'trunk'), want('b/two')]);
    await db.updateTable('repositories').set({ default_branch: 'develop' }).execute();
    const tracked = await readTrackedRepositories(db, [1, 2]);
    expect(tracked.map((repository) => repository.defaultBranch)).toEqual(['trunk', 'develop']);
  });

  it('never go back in time', async () => {
    const { db } = database;
    await reconcileRepositories(db, [want('a/one')]);
    await markScraped(db, [1], day(9), day(9));
    await markScraped(db, [1], day(5), day(3));
    const [planned] = await readRepositoriesToPlan(db, 'gharchive');
    expect(planned).toMatchObject({ lastScrapedAt: day(9), dataUntil: day(9) });
  });
});
