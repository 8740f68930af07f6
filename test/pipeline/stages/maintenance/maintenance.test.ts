import { beforeEach, expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { maintenance } from '../../../../pipeline/stages/maintenance/index.ts';
import { addUser, ago, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { dumpTables } from '../../../support/dump-tables.ts';

const ENDED = ['COMPLETED', 'FAILED', 'BUDGET_EXCEEDED'] as const;
const STATUSES = ['QUEUED', 'RUNNING', 'RETRYING', ...ENDED] as const;

async function addJob(db: Db, status: (typeof STATUSES)[number], days: number, runId?: number) {
  const finished = ENDED.some((ended) => ended === status);
  const { id } = await db
    .insertInto('scrape_jobs')
    .values({
      run_id: runId ?? null,
      source: 'github',
      job_type: 'full',
      status,
      repository_ids: [1],
      window_from: ago(days + 1),
      window_to: ago(days),
      created_at: ago(days),
      finished_at: finished ? ago(days) : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function addRun(db: Db, status: 'RUNNING' | 'COMPLETED' | 'FAILED', days: number) {
  const { id } = await db
    .insertInto('pipeline_runs')
    .values({
      status,
      sources: '["github"]',
      clock: ago(days),
      started_at: ago(days),
      finished_at: status === 'RUNNING' ? null : ago(days),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function addDeadLetter(db: Db, jobId: number | null, days: number) {
  const text = { source: 'github', error_class: 'timeout', error_message: 'slow', payload: '{}' };
  await db
    .insertInto('dead_letters')
    .values({ job_id: jobId, ...text, created_at: ago(days) })
    .execute();
}

async function addAudit(db: Db, days: number) {
  await db
    .insertInto('audit_log')
    .values({ at: ago(days), action: 'X', subject: `${days}`, details: '{}' })
    .execute();
}

/** Lines of the log of one run, by their age. */
async function addLog(db: Db, ages: readonly number[]) {
  const run_id = await addRun(db, 'COMPLETED', 1);
  const rest = { level: 'info', stage: null, job_id: null, message: 'x', fields: '{}' } as const;
  const rows = ages.map((days) => ({ run_id, at: ago(days), ...rest }));
  await db.insertInto('run_log').values(rows).execute();
}

async function addSnapshots(db: Db, ages: readonly number[]) {
  const rows = ages.flatMap((days) =>
    (['all', 'week'] as const).flatMap((period) =>
      [0, 1].map((repositoryId) => ({
        taken_on: ago(days).toISOString().slice(0, 10),
        repository_id: repositoryId,
        period,
        user_id: 1,
        rank: 1,
        total_score: 5,
      })),
    ),
  );
  await db.insertInto('leaderboard_snapshots').values(rows).execute();
}

async function addPicture(db: Db, user: number, days: number): Promise<void> {
  const picture = { type: 'png', bytes: Buffer.from('x'), looked_at: ago(days) } as const;
  await db
    .insertInto('avatars')
    .values({ user_id: user, ...picture, etag: null, failure: null })
    .execute();
}

/** The remaining snapshots, as `day period`. */
async function snapshots(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('leaderboard_snapshots')
    .select(['taken_on', 'period'])
    .where('repository_id', '=', 0)
    .orderBy('taken_on')
    .orderBy('period')
    .execute();
  return rows.map(({ taken_on, period }) => `${taken_on} ${period}`);
}

/** Two old and two young of each; NOW is Sunday, 2026-03-15. */
async function fill(db: Db): Promise<void> {
  for (const status of STATUSES) {
    await addJob(db, status, 200);
    await addJob(db, status, 10);
  }
  for (const status of ['RUNNING', 'COMPLETED', 'FAILED'] as const) {
    await addRun(db, status, 91);
    await addRun(db, status, 89);
  }
  for (const days of [91, 89]) await addDeadLetter(db, null, days);
  for (const days of [366, 364]) await addAudit(db, days);
  await addLog(db, [31, 29]);
  await addUser(db, 2, 'ben');
  await addPicture(db, 1, 91);
  await addPicture(db, 2, 89);
  // Mon 2 Feb, Tue 3 Feb; yesterday; Mon 6 and Tue 7 Jan 2025.
  await addSnapshots(db, [41, 40, 1, 433, 432]);
}

describeOnDatabases('maintenance', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addUser(database.db, 1, 'ada');
  });

  const run = (
    changes: { dryRun?: boolean; now?: Date; jobsDays?: number; avatars?: boolean } = {},
  ) =>
    maintenance({
      db: database.db,
      log: quiet,
      signal: new AbortController().signal,
      now: changes.now ?? NOW,
      retention: { audit_log_days: 365, run_log_days: 30, jobs_days: changes.jobsDays ?? 90 },
      avatars: changes.avatars ?? true,
      dryRun: changes.dryRun ?? false,
    });

  const DELETED = {
    ...{ auditLog: 1, runLog: 1, jobs: 3, deadLetters: 1, runs: 2, snapshots: 10 },
    avatars: 1,
  };
  const NOTHING = {
    ...{ auditLog: 0, runLog: 0, jobs: 0, deadLetters: 0, runs: 0, snapshots: 0 },
    avatars: 0,
  };

  it('deletes only records that are old and ended', async () => {
    const { db } = database;
    await fill(db);
    expect(await run()).toEqual(DELETED);
    const jobs = await db.selectFrom('scrape_jobs').select(['status', 'window_to']).execute();
    const old = jobs.filter((job) => job.window_to < ago(90)).map((job) => job.status);
    expect(old).toEqual(['QUEUED', 'RUNNING', 'RETRYING']);
    expect(jobs).toHaveLength(9);
    const runs = await db.selectFrom('pipeline_runs').select(['status', 'clock']).execute();
    expect(runs.filter((row) => row.clock < ago(90))).toMatchObject([{ status: 'RUNNING' }]);
    expect(runs).toHaveLength(5);
    expect(await db.selectFrom('dead_letters').selectAll().execute()).toHaveLength(1);
    const lines = await db.selectFrom('run_log').select('at').execute();
    expect(lines).toEqual([{ at: ago(29) }]);
  });

  it('deletes pictures that nobody looked for in 90 days, and all if the site shows none', async () => {
    const { db } = database;
    await fill(db);
    const left = () => db.selectFrom('avatars').select('user_id').execute();
    await run();
    expect(await left()).toEqual([{ user_id: 2 }]);
    expect(await run({ avatars: false, dryRun: true })).toMatchObject({ avatars: 1 });
    expect(await left()).toHaveLength(1);
    expect(await run({ avatars: false })).toMatchObject({ avatars: 1 });
    expect(await left()).toEqual([]);
  });

  it('thins the snapshots', async () => {
    await addSnapshots(database.db, [41, 40, 1, 433, 432]);
    await run();
    expect(await snapshots(database.db)).toEqual([
      '2025-01-06 all',
      '2026-02-02 all',
      '2026-02-02 week',
      '2026-03-14 all',
      '2026-03-14 week',
    ]);
  });

  it('records its work in the audit log', async () => {
    await fill(database.db);
    await run();
    const audit = await database.db.selectFrom('audit_log').selectAll().orderBy('id').execute();
    expect(audit.map((entry) => entry.subject)).toEqual(['364', null]);
    expect(audit[1]).toMatchObject({
      at: NOW,
      action: 'MAINTENANCE_COMPLETED',
      details: DELETED,
    });
  });

  it('finds nothing to delete the second time, or in an empty database', async () => {
    await fill(database.db);
    await run();
    expect(await run()).toEqual(NOTHING);
    await emptyTables(database.db);
    expect(await run()).toEqual(NOTHING);
  });

  it('uses the given clock', async () => {
    await fill(database.db);
    expect(await run({ now: ago(420) })).toEqual(NOTHING);
  });

  it('keeps rows that belong to a deleted run or job', async () => {
    const { db } = database;
    const runId = await addRun(db, 'FAILED', 100);
    const queued = await addJob(db, 'QUEUED', 100, runId);
    const ended = await addJob(db, 'FAILED', 100, runId);
    await addDeadLetter(db, ended, 5);
    await run();
    const jobs = await db.selectFrom('scrape_jobs').select(['id', 'run_id']).execute();
    expect(jobs).toEqual([{ id: queued, run_id: null }]);
    expect(await db.selectFrom('dead_letters').select('job_id').execute()).toEqual([
      { job_id: null },
    ]);
  });

  it('reports the same with --dry-run and changes nothing', async () => {
    await fill(database.db);
    const before = await dumpTables(database.db);
    expect(await run({ dryRun: true })).toEqual(DELETED);
    expect(await dumpTables(database.db)).toEqual(before);
  });
});
