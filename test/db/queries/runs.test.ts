import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { claimJob, insertJobs, releaseAllLeases } from '../../../db/queries/job-queue.ts';
import { endInterruptedRuns, finishRun, insertRun } from '../../../db/queries/runs.ts';
import { ago, NOW } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

describeOnDatabases('runs', (database) => {
  beforeEach(() => emptyTables(database.db));

  const start = () => insertRun(database.db, ['github'], NOW);
  const runs = () =>
    database.db
      .selectFrom('pipeline_runs')
      .select(['id', 'status', 'error_message', 'finished_at'])
      .orderBy('id')
      .execute();
  const audit = () =>
    database.db
      .selectFrom('audit_log')
      .where('action', 'like', 'PIPELINE%')
      .select(['at', 'action', 'subject', 'details'])
      .orderBy('id')
      .execute();

  it('record their end, also in the audit log', async () => {
    const { db } = database;
    await start();
    await start();
    const counts = { jobs_queued: 2, jobs_failed: 0 };
    await finishRun(db, 1, { status: 'COMPLETED', errorMessage: null, counts });
    await finishRun(db, 2, { status: 'FAILED', errorMessage: 'no board', counts: {} });
    const ended = await runs();
    expect(ended).toMatchObject([
      { status: 'COMPLETED', error_message: null },
      { status: 'FAILED', error_message: 'no board' },
    ]);
    expect(await audit()).toEqual([
      {
        at: ended[0]?.finished_at,
        action: 'PIPELINE_COMPLETED',
        subject: 'run:1',
        details: counts,
      },
      { at: ended[1]?.finished_at, action: 'PIPELINE_FAILED', subject: 'run:2', details: {} },
    ]);
  });

  const startedHoursAgo = (hours: number) =>
    sql`UPDATE pipeline_runs SET started_at = now() - make_interval(hours => ${hours})
      WHERE status = 'RUNNING'`.execute(database.db);
  const statuses = async () => (await runs()).map(({ status }) => status);
  /** A job that a worker holds; a worker also runs jobs of other runs. */
  const hold = async () => {
    await insertJobs(database.db, null, [
      { source: 'github', jobType: 'full', repositoryIds: [1], from: ago(1), to: NOW },
    ]);
    await claimJob(database.db, 'somebody', ['github']);
  };

  it('that were killed are failed by a process that is alone, and ended ones stay', async () => {
    const { db } = database;
    await finishRun(db, await start(), { status: 'COMPLETED', errorMessage: null, counts: {} });
    await start();
    await start();
    await hold();
    expect(await endInterruptedRuns(db, { isAlone: true })).toEqual([2, 3]);
    expect(await runs()).toMatchObject([
      { status: 'COMPLETED', error_message: null },
      { status: 'FAILED', error_message: 'interrupted', finished_at: expect.any(Date) },
      { status: 'FAILED', error_message: 'interrupted', finished_at: expect.any(Date) },
    ]);
    expect((await audit()).slice(1)).toMatchObject([
      { action: 'PIPELINE_FAILED', subject: 'run:2', details: {} },
      { action: 'PIPELINE_FAILED', subject: 'run:3', details: {} },
    ]);
    expect(await endInterruptedRuns(db, { isAlone: true })).toEqual([]);
  });

  it('of other processes may go on for the longest time of a run', async () => {
    const { db } = database;
    await start();
    await startedHoursAgo(5);
    await start();
    expect(await endInterruptedRuns(db, { isAlone: false })).toEqual([]);
    await startedHoursAgo(7);
    expect(await endInterruptedRuns(db, { isAlone: false })).toEqual([1, 2]);
    expect(await statuses()).toEqual(['FAILED', 'FAILED']);
  });

  it('of other processes may go on while a worker holds a job', async () => {
    const { db } = database;
    await start();
    await startedHoursAgo(7);
    await hold();
    expect(await endInterruptedRuns(db, { isAlone: false })).toEqual([]);
    await releaseAllLeases(db);
    expect(await endInterruptedRuns(db, { isAlone: false })).toEqual([1]);
  });

  it('that were recorded as killed store their own end when they finish', async () => {
    const { db } = database;
    await start();
    await endInterruptedRuns(db, { isAlone: true });
    await finishRun(db, 1, { status: 'COMPLETED', errorMessage: null, counts: {} });
    expect(await runs()).toMatchObject([{ status: 'COMPLETED', error_message: null }]);
  });
});
