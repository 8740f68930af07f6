import { sql } from 'kysely';
import { beforeEach, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../db/client.ts';
import {
  claimJob,
  insertJobs,
  millisecondsToNextJob,
  queueRechecks,
  releaseAllLeases,
  renewLease,
} from '../../../db/queries/job-queue.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const SOURCES = ['gharchive'];
const job = {
  source: 'gharchive',
  jobType: 'full',
  repositoryIds: [1, 2],
  from: new Date('2024-01-01T00:00:00Z'),
  to: new Date('2024-02-01T00:00:00Z'),
} as const;

const expireLease = (db: Db) =>
  sql`UPDATE scrape_jobs SET lease_until = now() - interval '1 second'`.execute(db);

describeOnDatabases('the queue', (database) => {
  beforeEach(() => emptyTables(database.db));

  it('gives each job to one worker, in order, and only of the requested sources', async () => {
    const { db } = database;
    await insertJobs(db, null, [{ ...job, source: 'github' }, job, job]);
    expect((await claimJob(db, 'a', SOURCES))?.id).toBe(2);
    const second = await claimJob(db, 'b', SOURCES);
    expect(second).toMatchObject({
      id: 3,
      status: 'RUNNING',
      attempts: 1,
      lease_owner: 'b',
      repository_ids: [1, 2],
      window_from: job.from,
    });
    expect(await claimJob(db, 'c', SOURCES)).toBeNull();
  });

  it('has nothing to wait for when it is empty', async () => {
    expect(await millisecondsToNextJob(database.db, SOURCES)).toBeNull();
  });

  it('gives a job without heartbeat to another worker, and the first one loses its lease', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    await claimJob(db, 'a', SOURCES);
    expect(await claimJob(db, 'b', SOURCES)).toBeNull();
    expect(await millisecondsToNextJob(db, SOURCES)).toBeGreaterThan(30_000);
    await expireLease(db);
    expect(await claimJob(db, 'b', SOURCES)).toMatchObject({
      id: 1,
      attempts: 2,
      lease_owner: 'b',
    });
    expect(await renewLease(db, 1, 'a')).toBe(false);
    expect(await renewLease(db, 1, 'b')).toBe(true);
  });

  it('gives a recheck when nothing else is open, and of one repository one at a time', async () => {
    const { db } = database;
    const recheck = { ...job, jobType: 'recheck', repositoryIds: [1], lists: ['issues'] } as const;
    await insertJobs(db, null, [recheck, { ...recheck, repositoryIds: [1, 2] }, job]);
    expect((await claimJob(db, 'a', SOURCES))?.id).toBe(3);
    expect(await claimJob(db, 'b', SOURCES)).toBeNull();
    // A worker waits for the job, and not for what waits for it.
    expect(await millisecondsToNextJob(db, SOURCES)).toBeGreaterThan(30_000);
    await sql`UPDATE scrape_jobs SET status = 'COMPLETED' WHERE id = 3`.execute(db);
    expect(await claimJob(db, 'b', SOURCES)).toMatchObject({ id: 1, lists: ['issues'] });
    expect(await claimJob(db, 'a', SOURCES)).toBeNull();
  });

  it('adds the lists of a recheck to those of the open one of its repository', async () => {
    const { db } = database;
    const recheck = { ...job, jobType: 'recheck', repositoryIds: [1], lists: ['issues'] } as const;
    expect(await queueRechecks(db, null, [recheck])).toBe(1);
    const more = { ...recheck, lists: ['releases', 'issues'] };
    expect(await queueRechecks(db, null, [more, { ...more, repositoryIds: [2] }])).toBe(1);
    const jobs = await db.selectFrom('scrape_jobs').select('lists').orderBy('id').execute();
    expect(jobs).toEqual([{ lists: ['issues', 'releases'] }, { lists: ['releases', 'issues'] }]);
  });

  it('can release jobs of processes that died', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    await claimJob(db, 'a', SOURCES);
    await releaseAllLeases(db);
    expect((await claimJob(db, 'b', SOURCES))?.id).toBe(1);
  });

  it.runIf(inject('postgresUrl'))('gives no job to two workers at once', async () => {
    const { db, url } = database;
    if (url === 'memory:') return;
    await insertJobs(
      db,
      null,
      Array.from({ length: 40 }, () => job),
    );
    const other = await openDatabase(url);
    const work = async (connection: Db, name: string) => {
      const ids: number[] = [];
      for (let got = await claimJob(connection, name, SOURCES); got; ) {
        ids.push(got.id);
        got = await claimJob(connection, name, SOURCES);
      }
      return ids;
    };
    const got = await Promise.all(
      [db, other, db, other].map((connection, i) => work(connection, `worker ${i}`)),
    );
    await other.destroy();
    expect(got.flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });
});
