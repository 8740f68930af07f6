import { afterEach, expect, it } from 'vitest';
import { queueJobs } from '../../../../db/queries/job-queue.ts';
import type { RepositoryToPlan } from '../../../../db/queries/repositories.ts';
import { discovery } from '../../../../pipeline/stages/discovery/index.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const NOW = new Date('2026-03-14T12:00:00Z');
const DAY = { from: new Date('2024-03-01T00:00:00Z'), to: new Date('2024-03-02T00:00:00Z') };
const names = ['widget', 'gadget'];

describeOnDatabases('discovery', (database) => {
  afterEach(() => emptyTables(database.db));

  /** A barrier for two runs, so that both have planned before one of them queues. */
  function createMeeting(guests: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let missing = guests;
    return () => {
      missing -= 1;
      if (missing === 0) resolve();
      return promise;
    };
  }

  const run = (beforeQueueing: () => Promise<void>) =>
    discovery({
      db: database.db,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      runId: null,
      wanted: names.map((name) => ({
        owner: 'acme',
        name,
        neverRescrapeBefore: null,
        defaultBranch: null,
      })),
      sources: ['bigquery'],
      rules: {
        windowYears: 2,
        overlapDays: 1,
        jobType: null,
        from: null,
        to: null,
        now: NOW,
      },
      staleAfterHours: 24,
      maxRepositories: 100,
      only: null,
      planners: {
        bigquery: async (due: readonly RepositoryToPlan[]) => {
          await beforeQueueing();
          const repositoryIds = due.map(({ id }) => id);
          return [{ source: 'bigquery', jobType: 'full', repositoryIds, ...DAY }];
        },
      },
    });

  const jobs = () => database.db.selectFrom('scrape_jobs').select('repository_ids').execute();

  it('queues the same work once, even if several runs plan it at once', async () => {
    const meet = createMeeting(3);
    const queued = await Promise.all([run(meet), run(meet), run(meet)]);
    expect(queued.map((one) => one.length).toSorted()).toEqual([0, 0, 1]);
    expect(await jobs()).toEqual([{ repository_ids: [1, 2] }]);
  });

  it('queues no window that another run has queued and read while this one planned', async () => {
    const finish = async () => {
      await queueJobs(database.db, null, [job([1])], 0);
      await database.db.updateTable('scrape_jobs').set({ status: 'COMPLETED' }).execute();
    };
    const queued = await run(finish);
    expect(queued.map(({ repositoryIds }) => repositoryIds)).toEqual([[2]]);
    expect(await run(async () => {})).toEqual([expect.objectContaining({ repositoryIds: [1] })]);
  });

  it('queues all jobs or none', async () => {
    const broken = { ...job([2]), to: DAY.from };
    await expect(queueJobs(database.db, null, [job([1]), broken], 0)).rejects.toThrow();
    expect(await jobs()).toEqual([]);
  });
});

const job = (repositoryIds: readonly number[]) => ({
  source: 'bigquery',
  jobType: 'full' as const,
  repositoryIds,
  ...DAY,
});
