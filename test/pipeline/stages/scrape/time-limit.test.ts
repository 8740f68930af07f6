import { beforeEach, describe, expect, it } from 'vitest';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { readOpenJobs } from '../../../../db/queries/jobs.ts';
import type { SourceBatch, SourceRequest } from '../../../../pipeline/domain/source.ts';
import { DAY_MS } from '../../../../pipeline/domain/time.ts';
import { startTimeLimit } from '../../../../pipeline/runtime/time-limit.ts';
import { type ScrapeContext, scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { addRepository, ago, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const DAYS = 5;

const dayBatch = (from: Date): SourceBatch => ({
  contributions: [],
  observations: [],
  gaps: [],
  read: 1,
  kept: 0,
  skipped: { type_not_scored: 1 },
  warnings: {},
  resumeAt: new Date(from.getTime() + DAY_MS),
});

describeOnDatabases('the time limit of a run', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
    const job = { source: 'github', jobType: 'full', repositoryIds: [1] } as const;
    await insertJobs(database.db, null, [
      { ...job, from: ago(DAYS), to: ago(0) },
      { ...job, from: ago(DAYS), to: ago(1) },
    ]);
  });

  /** A source that gives a day at a time; `afterDay` is called when a day was asked for. */
  const readDays = (afterDay: (day: Date, signal: AbortSignal) => unknown = () => {}) =>
    async function* ({ window, resumeAt, signal }: SourceRequest) {
      let at = resumeAt ?? window.from;
      for (; at < window.to; at = new Date(at.getTime() + DAY_MS)) {
        await afterDay(at, signal);
        yield dayBatch(at);
      }
    };

  const run = (read: ReturnType<typeof readDays>, more: Partial<ScrapeContext> = {}) =>
    scrape({
      db: database.db,
      log: quiet,
      signal: new AbortController().signal,
      now: NOW,
      owner: 'test',
      readers: { github: read },
      batchSize: 100,
      retryDelaysSeconds: [60],
      bots: { ids: [], logins: [], allow: [] },
      onProgress: () => {},
      ...more,
    });

  const jobs = () => database.db.selectFrom('scrape_jobs').selectAll().orderBy('id').execute();

  it('stops a job after its batch, and begins no other; a later run goes on there', async () => {
    let days = 0;
    const timeLimit = { isOver: () => days >= 2, signal: new AbortController().signal };
    const read = readDays(() => {
      days += 1;
    });
    expect(await run(read, { timeLimit })).toEqual({ completed: 0, failed: 0, refused: 0 });
    expect(days).toBe(2);
    expect(await jobs()).toMatchObject([
      { status: 'QUEUED', attempts: 0, lease_owner: null, error_class: null, not_before: null },
      { status: 'QUEUED', attempts: 0 },
    ]);
    expect(await readOpenJobs(database.db, ['github'])).toMatchObject([
      { id: 1, repositories: ['octo/one'], from: ago(DAYS - 2), to: ago(0) },
      { id: 2, repositories: ['octo/one'], from: ago(DAYS), to: ago(1) },
    ]);
    expect(await readOpenJobs(database.db, ['bigquery'])).toEqual([]);

    expect(await run(read)).toEqual({ completed: 2, failed: 0, refused: 0 });
    expect(days).toBe(DAYS + DAYS - 1);
    expect(await jobs()).toMatchObject([{ attempts: 1, events_processed: DAYS }, {}]);
  });

  it('also ends a wait between two batches, and counts no failure', async () => {
    const wait = new AbortController();
    const timeLimit = { isOver: () => wait.signal.aborted, signal: wait.signal };
    const read = readDays((day, signal) => {
      if (day < ago(DAYS - 1)) return;
      wait.abort(new Error('long enough'));
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
      });
    });
    expect(await run(read, { timeLimit })).toEqual({ completed: 0, failed: 0, refused: 0 });
    const [job] = await jobs();
    expect(job).toMatchObject({ status: 'QUEUED', attempts: 0, error_class: null });
    expect(job?.checkpoint).toMatchObject({ resume_at: ago(DAYS - 1).toISOString() });
  });

  it('gives a job that waits for its next attempt no more time', async () => {
    let reads = 0;
    const timeLimit = { isOver: () => reads > 1, signal: new AbortController().signal };
    const read = readDays(() => {
      reads += 1;
      throw new Error('away');
    });
    expect(await run(read, { timeLimit })).toMatchObject({ completed: 0, failed: 0 });
    expect(await jobs()).toMatchObject([{ status: 'RETRYING' }, { status: 'RETRYING' }]);
  });
});

describe('a time limit', () => {
  it('is over after its minutes, and ends waits a while later', async () => {
    const limit = startTimeLimit(0.001, 100);
    expect([limit.isOver(), limit.signal.aborted]).toEqual([false, false]);
    await new Promise((resolve) => limit.signal.addEventListener('abort', resolve));
    expect(limit.isOver()).toBe(true);
  });
});
