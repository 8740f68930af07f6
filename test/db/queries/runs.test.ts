import { beforeEach, expect, it } from 'vitest';
import { finishRun, insertRun } from '../../../db/queries/runs.ts';
import { NOW } from '../../support/community.ts';
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
      .select(['at', 'action', 'subject', 'details'])
      .orderBy('id')
      .execute();

  it('note how they ended, in the audit log, too', async () => {
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
});
