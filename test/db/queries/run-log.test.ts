import { beforeEach, expect, it, vi } from 'vitest';
import {
  countRunLog,
  insertRunLog,
  readLastDurations,
  readRunLog,
  readStages,
} from '../../../db/queries/run-log.ts';
import { insertRun } from '../../../db/queries/runs.ts';
import { LONGEST } from '../../../pipeline/domain/stored-value.ts';
import { NOW } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const line = (message: string, more = {}) => ({
  at: NOW,
  level: 'info' as const,
  stage: null,
  jobId: null,
  message,
  fields: {},
  ...more,
});

const end = (stage: string, ended: string, seconds: number, more = {}) =>
  line(`${stage} ended`, { stage, fields: { ended, seconds, ...more } });

describeOnDatabases('the log of a run', (database) => {
  beforeEach(() => emptyTables(database.db));

  it('is read as it was stored, the last lines, without those of the last stage', async () => {
    const { db } = database;
    const run = await insertRun(db, ['github'], NOW);
    const fields = { repository: 'a/b', list: [1, null, 'x'] };
    await insertRunLog(db, run, [
      line('first'),
      line('second', { level: 'warn', stage: 'scrape', jobId: 7, fields }),
      line('third', { stage: 'report' }),
    ]);
    await insertRunLog(db, run, []);
    expect(await countRunLog(db, run)).toBe(2);
    expect(await readRunLog(db, run, 1)).toEqual([
      { at: NOW, level: 'warn', stage: 'scrape', job_id: 7, message: 'second', fields },
    ]);
    expect(await readRunLog(db, run + 1, 5)).toEqual([]);
  });

  it('has the stages in their order, and how long they took the last time', async () => {
    const { db } = database;
    const [first, second] = [await insertRun(db, [], NOW), await insertRun(db, [], NOW)];
    await insertRunLog(db, first, [
      end('scrape', 'COMPLETED', 2.5),
      end('calculate', 'COMPLETED', 1),
    ]);
    const failed = { error_class: 'timeout', error: 'slow' };
    await insertRunLog(db, second, [
      end('scrape', 'COMPLETED', 4),
      end('calculate', 'FAILED', 9, failed),
      end('report', 'COMPLETED', 3),
    ]);
    expect(await readStages(db, second)).toEqual([
      { stage: 'scrape', status: 'COMPLETED', seconds: 4, errorClass: null, message: null },
      { stage: 'calculate', status: 'FAILED', seconds: 9, errorClass: 'timeout', message: 'slow' },
    ]);
    expect([...(await readLastDurations(db))]).toEqual([
      ['calculate', 1],
      ['report', 3],
      ['scrape', 4],
    ]);
  });

  it('holds no secret, and nothing that is too long', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://app:s%40sam-of-run@db/x');
    try {
      const { db } = database;
      const run = await insertRun(db, [], NOW);
      await insertRunLog(db, run, [
        line('refused: s@sam-of-run', { fields: { reason: ['s%40sam-of-run'] } }),
        line('x'.repeat(99_999), { fields: { text: 'y'.repeat(99_999) } }),
      ]);
      const [first, long] = await readRunLog(db, run, 2);
      expect(first).toMatchObject({
        message: 'refused: [hidden]',
        fields: { reason: ['[hidden]'] },
      });
      expect(long?.message).toHaveLength(LONGEST.message);
      expect(long?.fields).toEqual({});
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
