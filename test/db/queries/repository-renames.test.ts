import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../db/client.ts';
import { upsertContributions } from '../../../db/queries/contributions.ts';
import { lockRepositories, reconcileRepositories } from '../../../db/queries/repositories.ts';
import { resolveRenames, updateMetadata } from '../../../db/queries/repository-renames.ts';
import type { RepositoryMetadata } from '../../../pipeline/domain/repository.ts';
import { makeContributionFor } from '../../../pipeline/sources/github/outcome.ts';
import { addUser, ago, NOW } from '../../support/community.ts';
import { describeOnDatabases, emptyTables, useDatabase } from '../../support/databases.ts';
import { track } from '../../support/github/scrape.ts';

const want = (slug: string) => {
  const [owner = '', name = ''] = slug.split('/');
  return { owner, name, neverRescrapeBefore: null, defaultBranch: null };
};

/** GitHub's facts about the repository that has this name now. */
const metadata = (repositoryId: number, slug: string): RepositoryMetadata => ({
  ...want(slug),
  repositoryId,
  githubId: 77,
  defaultBranch: 'main',
  description: null,
  stars: 1,
  forks: 2,
  language: null,
  topics: [],
  license: null,
  isArchived: false,
});

async function addSnapshot(db: Db, repositoryId: number, days: number, rank: number) {
  await db
    .insertInto('leaderboard_snapshots')
    .values({
      taken_on: ago(days).toISOString().slice(0, 10),
      repository_id: repositoryId,
      period: 'all',
      user_id: 1,
      rank,
      total_score: 5,
    })
    .execute();
}

async function addJob(db: Db, repositoryIds: number[]) {
  await db
    .insertInto('scrape_jobs')
    .values({
      source: 'github',
      job_type: 'full',
      status: 'QUEUED',
      repository_ids: repositoryIds,
      window_from: ago(1),
      window_to: NOW,
    })
    .execute();
}

async function addCost(db: Db, repositoryIds: number[]) {
  await db
    .insertInto('cost_records')
    .values({
      source: 'bigquery',
      charged_on: '2026-03-15',
      status: 'SETTLED',
      bytes_estimated: 1,
      maximum_bytes_billed: 1,
      usd_reserved: 1,
      repository_ids: repositoryIds,
      lease_until: NOW,
    })
    .execute();
}

describeOnDatabases('a repository that takes over the row of its new name', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addUser(database.db, 1, 'ada');
    await reconcileRepositories(database.db, ['a/old', 'b/new'].map(want));
  });

  const merge = () => updateMetadata(database.db, metadata(1, 'b/new'), NOW);
  const slugs = async () =>
    (await database.db.selectFrom('repositories').selectAll().orderBy('id').execute()).map(
      ({ id, owner, name }) => `${id} ${owner}/${name}`,
    );

  it('gets its snapshots, and drops one of two for the same day', async () => {
    const { db } = database;
    await addSnapshot(db, 1, 2, 10);
    await addSnapshot(db, 2, 2, 20);
    await addSnapshot(db, 2, 1, 21);
    await addSnapshot(db, 0, 2, 30);
    await merge();
    const rows = await db
      .selectFrom('leaderboard_snapshots')
      .select(['repository_id', 'rank'])
      .orderBy('rank')
      .execute();
    expect(rows).toEqual([
      { repository_id: 1, rank: 10 },
      { repository_id: 1, rank: 21 },
      { repository_id: 0, rank: 30 },
    ]);
  });

  it('replaces it in jobs and costs, once in each', async () => {
    const { db } = database;
    for (const ids of [[2], [3, 2, 4], [2, 1, 3], [1, 2], [3]]) {
      await addJob(db, ids);
      await addCost(db, ids);
    }
    await merge();
    const expected = [[1], [3, 1, 4], [1, 3], [1], [3]];
    for (const table of ['scrape_jobs', 'cost_records'] as const) {
      const rows = await db.selectFrom(table).select('repository_ids').orderBy('id').execute();
      expect(rows.map((row) => row.repository_ids)).toEqual(expected);
    }
  });

  it('leaves an id that no other repository gets', async () => {
    const { db } = database;
    await merge();
    expect(await slugs()).toEqual(['1 b/new']);
    await reconcileRepositories(db, ['b/new', 'c/third'].map(want));
    expect(await slugs()).toEqual(['1 b/new', '3 c/third']);
  });
});

describeOnDatabases('a renamed repository', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await track(database.db, 'old/name');
  });

  const opened = (number: number, day: string) =>
    makeContributionFor(1)({
      eventId: `issue:${number}:opened`,
      kind: 'ISSUE_OPENED',
      account: null,
      occurredAt: new Date(`${day}T12:00:00Z`),
      subjectNumber: number,
    });
  const slugs = async () =>
    (await database.db.selectFrom('repositories').selectAll().orderBy('id').execute()).map(
      ({ id, owner, name }) => `${id} ${owner}/${name}`,
    );
  const stated = (repositoryId: number, githubId: number, slug: string) => ({
    ...metadata(repositoryId, slug),
    githubId,
  });

  it('keeps the row of a renamed repository, and its names', async () => {
    const { db } = database;
    await updateMetadata(db, stated(1, 77, 'New/Name'), NOW);
    await updateMetadata(db, stated(1, 77, 'newer/name'), NOW);
    expect(await slugs()).toEqual(['1 newer/name']);
    const wanted = [
      { owner: 'OLD', name: 'name' },
      { owner: 'new', name: 'NAME' },
      { owner: 'other', name: 'one' },
    ];
    expect(await resolveRenames(db, wanted)).toEqual([
      { owner: 'newer', name: 'name' },
      { owner: 'other', name: 'one' },
    ]);
    // Renamed back: the name is not a former name any more.
    await updateMetadata(db, stated(1, 77, 'old/name'), NOW);
    expect(await resolveRenames(db, [{ owner: 'old', name: 'name' }])).toEqual([
      { owner: 'old', name: 'name' },
    ]);
  });

  it('takes over the row of the same repository, but no name of another one', async () => {
    const { db } = database;
    await upsertContributions(db, 'github', [opened(5, '2025-03-01')]);
    await updateMetadata(db, stated(1, 77, 'old/name'), NOW);
    await track(db, 'new/name');
    await updateMetadata(db, stated(2, 77, 'new/name'), NOW);
    expect(await slugs()).toEqual(['2 new/name']);
    const rows = await db.selectFrom('contribution_events').select('repository_id').execute();
    expect(rows).toEqual([{ repository_id: 2 }]);
    expect(await resolveRenames(db, [{ owner: 'old', name: 'name' }])).toEqual([
      { owner: 'new', name: 'name' },
    ]);
    await track(db, 'third/one');
    await updateMetadata(db, stated(3, 99, 'new/name'), NOW);
    expect(await slugs()).toEqual(['2 new/name-old-2', '3 new/name']);
  });

  it("keeps GitHub's own version of a contribution when it takes a row over", async () => {
    const { db } = database;
    await track(db, 'new/name');
    const at = (repositoryId: number, number: number, day: string) => ({
      ...opened(number, day),
      repositoryId,
    });
    await upsertContributions(db, 'github', [at(1, 5, '2025-03-02'), at(2, 6, '2025-03-02')]);
    await upsertContributions(db, 'gharchive', [at(2, 5, '2025-03-01'), at(1, 6, '2025-03-01')]);
    await updateMetadata(db, stated(1, 77, 'old/name'), NOW);
    await updateMetadata(db, stated(2, 77, 'new/name'), NOW);
    const rows = await db
      .selectFrom('contribution_events')
      .select(['repository_id', 'event_id', 'source'])
      .orderBy('event_id')
      .execute();
    expect(rows).toEqual([
      { repository_id: 2, event_id: 'issue:5:opened', source: 'github' },
      { repository_id: 2, event_id: 'issue:6:opened', source: 'github' },
    ]);
  });
});

describe.runIf(inject('postgresUrl'))('a repository whose board is being written', () => {
  const database = useDatabase('server');

  it('is merged with another one only when the calculation has ended', async () => {
    const { db, url } = database;
    await reconcileRepositories(db, ['a/old', 'b/new'].map(want));
    const other = await openDatabase(url);
    let isMerged = false;
    const merging = await db.transaction().execute(async (trx) => {
      await lockRepositories(trx);
      const merge = other
        .transaction()
        .execute((worker) => updateMetadata(worker, metadata(1, 'b/new'), NOW))
        .then(() => {
          isMerged = true;
        });
      await sleep(300);
      expect(isMerged).toBe(false);
      return { merge };
    });
    await merging.merge;
    await other.destroy();
    expect(isMerged).toBe(true);
  });
});
