import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../db/client.ts';
import { claimJob, insertJobs, millisecondsToNextJob } from '../../../db/queries/job-queue.ts';
import {
  checkpointOf,
  completeJob,
  failJob,
  failPoisonedJobs,
  type Job,
  LeaseLostError,
  postponeJob,
  requeueJob,
  saveCheckpoint,
  updateJobCounts,
} from '../../../db/queries/jobs.ts';
import { addRepository } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const SOURCES = ['gharchive'];
const job = {
  source: 'gharchive',
  jobType: 'full',
  repositoryIds: [1, 2],
  from: new Date('2024-01-01T00:00:00Z'),
  to: new Date('2024-02-01T00:00:00Z'),
} as const;
const counts = {
  events: 9,
  kept: 5,
  users: 3,
  bots: 1,
  renamed: 2,
  skipped: { a: 4 },
  noticed: {},
};
const failure = { errorClass: 'timeout', message: 'too slow', retryDelaysSeconds: [60] };

const expireLease = (db: Db) =>
  sql`UPDATE scrape_jobs SET lease_until = now() - interval '1 second'`.execute(db);

describeOnDatabases('a job', (database) => {
  beforeEach(() => emptyTables(database.db));

  it.each([
    ['complete', (db: Db, lost: Job) => completeJob(db, lost, counts)],
    ['fail', (db: Db, lost: Job) => failJob(db, lost, failure)],
    ['end', (db: Db, lost: Job) => failJob(db, lost, { ...failure, retryDelaysSeconds: [] })],
    ['postpone', (db: Db, lost: Job) => postponeJob(db, lost, new Date())],
    ['count for', (db: Db, lost: Job) => updateJobCounts(db, lost, counts)],
  ])('lets no worker %s a job that another has taken over', async (_, change) => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    const lost = await claimJob(db, 'a', SOURCES);
    if (!lost) throw new Error('no job');
    await expireLease(db);
    await claimJob(db, 'b', SOURCES);
    await expect(change(db, lost)).rejects.toThrow('job 1 was taken over by another worker');
    const [row] = await db.selectFrom('scrape_jobs').selectAll().execute();
    expect(row).toMatchObject({ status: 'RUNNING', lease_owner: 'b', events_processed: 0 });
    expect(await db.selectFrom('dead_letters').selectAll().execute()).toEqual([]);
  });

  it('has an entry in the audit log for each change of its status', async () => {
    const { db } = database;
    await insertJobs(db, null, [job, job]);
    const claim = async () => {
      await sql`UPDATE scrape_jobs SET not_before = NULL`.execute(db);
      const claimed = await claimJob(db, 'a', SOURCES);
      if (!claimed) throw new Error('no job');
      return claimed;
    };
    await failJob(db, await claim(), failure);
    await postponeJob(db, await claim(), new Date('2026-01-01T00:00:00Z'));
    await requeueJob(db, await claim());
    const taken = await claim();
    await expireLease(db);
    await completeJob(db, await claim(), counts);
    await expect(completeJob(db, taken, counts)).rejects.toThrow(LeaseLostError);
    await failJob(db, await claim(), { ...failure, retryDelaysSeconds: [] });
    const entries = await db.selectFrom('audit_log').selectAll().orderBy('id').execute();
    const subjects = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2];
    expect(entries.map(({ subject }) => subject)).toEqual(subjects.map((id) => `job:${id}`));
    expect(entries.map(({ action, details }) => [action, details])).toEqual([
      ['JOB_QUEUED', { attempt: 0, run: null }],
      ['JOB_QUEUED', { attempt: 0, run: null }],
      ['JOB_RUNNING', { attempt: 1, worker: 'a' }],
      ['JOB_RETRYING', { attempt: 1, error_class: 'timeout', retry_in_seconds: 60 }],
      ['JOB_RUNNING', { attempt: 2, worker: 'a' }],
      ['JOB_RETRYING', { attempt: 1, until: '2026-01-01T00:00:00.000Z' }],
      ['JOB_RUNNING', { attempt: 2, worker: 'a' }],
      ['JOB_QUEUED', { attempt: 1 }],
      ['JOB_RUNNING', { attempt: 2, worker: 'a' }],
      ['JOB_RUNNING', { attempt: 3, worker: 'a' }],
      ['JOB_COMPLETED', { attempt: 3 }],
      ['JOB_RUNNING', { attempt: 1, worker: 'a' }],
      ['JOB_FAILED', { attempt: 1, error_class: 'timeout', retry_in_seconds: null }],
    ]);
  });

  it('fails a job that ends every worker', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    for (let start = 0; start < 10; start++) {
      await failPoisonedJobs(db, SOURCES);
      expect(await claimJob(db, 'a', SOURCES)).toMatchObject({ attempts: start + 1 });
      await expireLease(db);
    }
    await failPoisonedJobs(db, SOURCES);
    expect(await claimJob(db, 'a', SOURCES)).toBeNull();
    const [letter] = await db.selectFrom('dead_letters').selectAll().execute();
    expect(letter?.error_message).toContain('none of 10 workers');
  });

  it('does not start a failed job before its next attempt is due', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    const claimed = await claimJob(db, 'a', SOURCES);
    if (!claimed) throw new Error('no job');
    await failJob(db, claimed, failure);
    expect(await claimJob(db, 'a', SOURCES)).toBeNull();
    expect(await millisecondsToNextJob(db, SOURCES)).toBeGreaterThan(30_000);
    await sql`UPDATE scrape_jobs SET not_before = now()`.execute(db);
    expect(await claimJob(db, 'a', SOURCES)).toMatchObject({ attempts: 2 });
    expect(await db.selectFrom('dead_letters').selectAll().execute()).toEqual([]);
  });

  it('ends a finally failed job with a dead letter', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    const claimed = await claimJob(db, 'a', SOURCES);
    if (!claimed) throw new Error('no job');
    await failJob(db, claimed, { ...failure, retryDelaysSeconds: [] });
    expect(await millisecondsToNextJob(db, SOURCES)).toBeNull();
    const [letter] = await db.selectFrom('dead_letters').selectAll().execute();
    expect(letter).toMatchObject({
      job_id: 1,
      error_class: 'timeout',
      error_message: 'too slow',
      payload: { repository_ids: [1, 2], attempts: 1 },
    });
  });

  const checkpoint = {
    resumeAt: new Date('2024-01-08T00:00:00Z'),
    gaps: [
      {
        from: new Date('2024-01-02T00:00:00Z'),
        to: new Date('2024-01-03T00:00:00Z'),
        reason: 'missing',
      },
    ],
    counts,
  };

  it('stores the checkpoint of a job, and counts attempts from there', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    for (const attempt of [1, 2, 3]) {
      const claimed = await claimJob(db, 'a', SOURCES);
      if (!claimed) throw new Error('no job');
      expect([attempt, claimed.attempts]).toEqual([attempt, attempt === 1 ? 1 : 2]);
      await saveCheckpoint(db, claimed, checkpoint);
      expect(await failJob(db, claimed, { ...failure, retryDelaysSeconds: [0, 60] })).toBe(0);
    }
    const claimed = await claimJob(db, 'a', SOURCES);
    if (!claimed) throw new Error('no job');
    expect(checkpointOf(claimed)).toEqual(checkpoint);
    expect(await failJob(db, claimed, { ...failure, retryDelaysSeconds: [0, 60] })).toBe(60);
  });

  it('records the part that a finally failed job had read', async () => {
    const { db } = database;
    for (const name of ['one', 'two']) await addRepository(db, 'octo', name);
    await insertJobs(db, null, [job]);
    const claimed = await claimJob(db, 'a', SOURCES);
    if (!claimed) throw new Error('no job');
    await saveCheckpoint(db, claimed, checkpoint);
    await failJob(db, claimed, { ...failure, retryDelaysSeconds: [] });
    const read = await db.selectFrom('scrape_windows').selectAll().execute();
    expect(read.map((row) => [row.repository_id, row.window_to, row.completeness])).toEqual([
      [1, checkpoint.resumeAt, 0.8571],
      [2, checkpoint.resumeAt, 0.8571],
    ]);
  });

  it('stores the counts of a completed job', async () => {
    const { db } = database;
    await insertJobs(db, null, [job]);
    const claimed = await claimJob(db, 'a', SOURCES);
    if (!claimed) throw new Error('no job');
    await completeJob(db, claimed, counts);
    expect(await db.selectFrom('scrape_jobs').selectAll().executeTakeFirst()).toMatchObject({
      status: 'COMPLETED',
      events_processed: 9,
      contributions_kept: 5,
      users_processed: 3,
      bots_filtered: 1,
      renamed: 2,
      skipped: { a: 4 },
      lease_owner: null,
    });
  });
});
