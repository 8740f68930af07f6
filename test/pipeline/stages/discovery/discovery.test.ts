import { afterEach, expect, it } from 'vitest';
import { readDeadLetters, type StoredLetter } from '../../../../db/queries/dead-letters.ts';
import { queueJobs } from '../../../../db/queries/job-queue.ts';
import type { RepositoryToPlan } from '../../../../db/queries/repositories.ts';
import { countJobsOfRun } from '../../../../db/queries/run-facts.ts';
import { insertRun } from '../../../../db/queries/runs.ts';
import { BigQueryFailure } from '../../../../pipeline/sources/bigquery/errors.ts';
import { retryLetter } from '../../../../pipeline/stages/dead-letters/retry-letter.ts';
import { type DiscoveryContext, discovery } from '../../../../pipeline/stages/discovery/index.ts';
import { UsageError } from '../../../../pipeline/util/usage-error.ts';
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

  const run = (beforeQueueing: () => Promise<void>, change: Partial<DiscoveryContext> = {}) =>
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
      ...change,
    });

  const jobs = () => database.db.selectFrom('scrape_jobs').select('repository_ids').execute();

  it('queues the same work once, even if several runs plan it at once', async () => {
    const meet = createMeeting(3);
    const queued = await Promise.all([run(meet), run(meet), run(meet)]);
    expect(queued.map((one) => one.jobs.length).toSorted()).toEqual([0, 0, 1]);
    expect(await jobs()).toEqual([{ repository_ids: [1, 2] }]);
  });

  it('queues no window that another run has queued and read while this one planned', async () => {
    const finish = async () => {
      await queueJobs(database.db, null, [job([1])], 0);
      await database.db.updateTable('scrape_jobs').set({ status: 'COMPLETED' }).execute();
    };
    const { jobs: queued } = await run(finish);
    expect(queued.map(({ repositoryIds }) => repositoryIds)).toEqual([[2]]);
    expect(await run(async () => {})).toEqual({
      jobs: [expect.objectContaining({ repositoryIds: [1] })],
      plansFailed: 0,
    });
  });

  it.each<[string, Error, string, string]>([
    ['has no right', new BigQueryFailure('auth', null, 'Access Denied'), 'unauthorized', 'Denied'],
    ['is over its quota', new BigQueryFailure('quota', null, 'Quota exceeded'), 'quota', 'Quota'],
    ['does not answer', Object.assign(new Error('no'), { code: 'ECONNRESET' }), 'connection', 'no'],
    ['answers nonsense', new TypeError('undefined is no number'), 'unknown', 'no number'],
  ])(
    'a source that %s while its jobs are planned fails alone',
    async (_what, error, errorClass, words) => {
      const { db } = database;
      const id = await insertRun(db, ['bigquery', 'gharchive'], NOW);
      const fail = () => Promise.reject(error);
      const others = { sources: ['bigquery', 'gharchive'], runId: id } as const;
      expect(await run(fail, others)).toMatchObject({
        plansFailed: 1,
        jobs: [{ source: 'gharchive', repositoryIds: [1, 2] }],
      });
      const failed = await db
        .selectFrom('scrape_jobs')
        .selectAll()
        .where('status', '=', 'FAILED')
        .execute();
      expect(failed).toMatchObject([
        { source: 'bigquery', run_id: id, repository_ids: [1, 2], error_class: errorClass },
      ]);
      expect(failed[0]?.error_message).toContain(words);
      expect(await countJobsOfRun(db, id)).toMatchObject({ jobs_failed: 1 });
      const letters = await readDeadLetters(db, null);
      expect(letters).toMatchObject([{ job_id: failed[0]?.id, source: 'bigquery' }]);
      // Planned once more after the database was lost: stored once. Tried again: left to the next run.
      await run(fail, others);
      expect(await readDeadLetters(db, null)).toHaveLength(1);
      expect(await retryLetter(db, letters[0] as StoredLetter)).toMatchObject({ isRetried: true });
      expect(await readDeadLetters(db, null)).toEqual([]);
      const open = await db
        .selectFrom('scrape_jobs')
        .select('source')
        .where('status', '=', 'QUEUED')
        .execute();
      expect(open).toEqual([{ source: 'gharchive' }]);
    },
  );

  it('stops when it is cancelled, or the database is lost, while jobs are planned', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    const fail = () => Promise.reject(new Error('no'));
    await expect(run(fail, { signal })).rejects.toThrow('cancelled');
    const usage = () => Promise.reject(new UsageError('--from: too early'));
    await expect(run(usage)).rejects.toThrow('--from');
    expect(await jobs()).toEqual([]);
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
