import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { readBreaker } from '../../../../db/queries/breakers.ts';
import { countOpenJobs } from '../../../../db/queries/job-queue.ts';
import { readCostDays } from '../../../../db/queries/report/costs.ts';
import {
  readErrorClasses,
  readErrors,
  readJobs,
  readRuns,
} from '../../../../db/queries/report/operations.ts';
import { readStages } from '../../../../db/queries/run-log.ts';
import { holdsDataOf } from '../../../../db/queries/windows.ts';
import type { Trends } from '../../../../pipeline/published/documents.ts';
import type { Context } from '../../../../pipeline/runtime/context.ts';
import type { Report } from '../../../../pipeline/stages/report/context.ts';
import { writeTrends } from '../../../../pipeline/stages/report/trends.ts';
import { writePastRuns } from '../../../../pipeline/stages/sample-past/runs.ts';
import { configOf, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

describeOnDatabases('the past runs of the sample', (database) => {
  const write = () => {
    const { db } = database;
    const context = { db, config: configOf({}), log: quiet, now: NOW, sources: ['sample'] };
    return writePastRuns(context as unknown as Context);
  };
  beforeAll(async () => {
    await emptyTables(database.db);
    await write();
  });

  it('are of nights, with one that failed and two whose job was tried again', async () => {
    const { db } = database;
    const runs = await readRuns(db, 50);
    const jobs = await readJobs(db, 50);
    expect(runs).toHaveLength(20);
    expect(jobs).toHaveLength(20);
    expect(runs.filter(({ status }) => status === 'FAILED')).toHaveLength(1);
    expect(
      jobs.filter(({ status, attempts }) => status === 'COMPLETED' && attempts === 2),
    ).toHaveLength(2);
    expect(jobs.filter(({ status }) => status === 'FAILED')).toHaveLength(1);
    expect(await countOpenJobs(db, ['sample'])).toBe(0);
    expect(await readErrors(db, 50)).toHaveLength(1);
    const classes = (await readErrorClasses(db)).map(({ error_class }) => error_class);
    expect(classes.toSorted()).toEqual(['quota', 'timeout', 'unauthorized']);
    // What is read later is the sample's, too.
    expect(await holdsDataOf(db, 'real sources')).toBe(false);
  });

  it('lie before the moment of the sample, one a day, and take the time of their stages', async () => {
    const { db } = database;
    const runs = (await readRuns(db, 50)).toReversed();
    const days = runs.map(({ started_at }) => started_at.toISOString().slice(0, 10));
    expect(new Set(days).size).toBe(20);
    expect(days).toEqual(days.toSorted());
    for (const { id, started_at, finished_at } of runs) {
      const stages = await readStages(db, id);
      const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
      expect((Number(finished_at) - Number(started_at)) / 1000).toBeCloseTo(seconds, 1);
      expect(Number(finished_at)).toBeLessThan(Number(NOW));
    }
    const { rows } = await sql<{ late: number }>`
      SELECT count(*) AS late FROM (
        SELECT at FROM audit_log UNION ALL SELECT created_at FROM dead_letters
        UNION ALL SELECT created_at FROM scrape_jobs UNION ALL SELECT started_at FROM scrape_jobs
        UNION ALL SELECT finished_at FROM scrape_jobs
        UNION ALL SELECT at FROM run_log) AS moments
      WHERE at >= ${NOW}::timestamptz`.execute(db);
    expect(rows).toEqual([{ late: 0 }]);
  });

  it('opened the breaker once and closed it, and cost money on the nights that read', async () => {
    const { db } = database;
    const changes = await db
      .selectFrom('audit_log')
      .where('action', 'like', 'BREAKER_%')
      .select('action')
      .orderBy('id')
      .execute();
    expect(changes.map(({ action }) => action)).toEqual(['BREAKER_OPENED', 'BREAKER_CLOSED']);
    expect((await readBreaker(db, 'sample'))?.state).toBe('CLOSED');
    const costs = await readCostDays(db, '2000-01-01', NOW.toISOString().slice(0, 10));
    expect(costs).toHaveLength(9);
    expect(costs.every(({ usd }) => usd > 0)).toBe(true);
  });

  it('are told by their trends: what went wrong, and what made up for it', async () => {
    const { db } = database;
    const head = { generated_at: NOW.toISOString(), data_until: NOW.toISOString() };
    const written: Trends[] = [];
    const folder = {
      write: (_: string, __: unknown, document: unknown) => written.push(document as Trends),
    };
    const day = Date.parse(`${head.data_until.slice(0, 10)}T00:00:00Z`);
    const spans = [{ from: day - 30 * 3_600_000, to: day + 2 * 3_600_000, known: null }];
    const knowledge = { byId: new Map([[1, { spans }]]) };
    await writeTrends({ db, now: NOW, head, folder, knowledge } as unknown as Report);
    const [trends] = written;
    const again = trends?.runs.filter((run) => run.jobs_tried_again > 0);
    expect(again?.map((run) => [run.jobs_tried_again, run.jobs_completed])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(
      trends?.failures.map((one) => [one.error_class, one.attempt, one.solved_at !== null]),
    ).toEqual([
      ['timeout', 1, true],
      ['quota', 1, true],
      ['unauthorized', 1, true],
    ]);
    const [breaker, ...others] = trends?.breakers ?? [];
    expect([breaker?.state, others]).toEqual(['CLOSED', []]);
    expect(
      Date.parse(breaker?.closed_at ?? '') - Date.parse(breaker?.opened_at ?? ''),
    ).toBeGreaterThanOrEqual(300_000);
    expect(trends?.days).toHaveLength(60);
    expect(trends?.days.slice(-4).map(({ missing_hours }) => missing_hours)).toEqual([0, 6, 24, 2]);
    expect(trends?.days.filter(({ github_points }) => github_points > 0)).toHaveLength(20);
    expect(Date.parse(trends?.next_run_at ?? '')).toBeGreaterThan(Number(NOW) - 86_400_000);
  });

  it('are written where no run has begun, and once', async () => {
    const { db } = database;
    await write();
    expect(await readRuns(db, 50)).toHaveLength(20);
  });
});
