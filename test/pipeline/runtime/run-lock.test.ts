import { spawnSync } from 'node:child_process';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRunLock, takeRunLock } from '../../../db/queries/run-lock.ts';
import type { Context } from '../../../pipeline/runtime/context.ts';
import { createLog } from '../../../pipeline/runtime/log.ts';
import { keepingRunLock, withRunLock } from '../../../pipeline/runtime/run-lock.ts';
import { identifySelf } from '../../../pipeline/util/process-identity.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const DAY_MS = 86_400_000;

describeOnDatabases('the lock of a run', (database) => {
  beforeEach(async () => {
    vi.stubEnv('GITHUB_RUN_ID', '');
    await emptyTables(database.db);
  });
  afterEach(() => void vi.unstubAllEnvs());

  const contextOf = (owner: string, more: Partial<Context> = {}) =>
    ({
      db: database.db,
      log: createLog('json', { level: 'silent' }),
      signal: new AbortController().signal,
      owner,
      isEmbedded: false,
      reconnectDelaysMs: [],
      ...more,
    }) as Context;
  const hold = (owner: string, run: (context: Context) => Promise<unknown> = async () => 'done') =>
    withRunLock(contextOf(owner), true, run);
  const lock = () => readRunLock(database.db);
  /** A lock that a process holds, unless it renews it, for so many seconds. */
  const leave = async (seconds: number, process = { ...identifySelf(), host: 'elsewhere' }) => {
    const who = 'process 12 of elsewhere';
    await takeRunLock(database.db, { holder: 'former', who, process });
    await sql`UPDATE run_locks SET lease_until = now() + make_interval(secs => ${seconds})`.execute(
      database.db,
    );
  };

  it('is held by one run, and the other is told by whom and since when', async () => {
    const before = new Date();
    await hold('first', async () => {
      const since = (await lock())?.since as Date;
      expect(Math.abs(since.getTime() - before.getTime())).toBeLessThan(DAY_MS / 24);
      await expect(hold('second')).rejects.toThrow(
        `another run uses this database: process ${process.pid} of ${identifySelf().host}, ` +
          `since ${since.toISOString()}. Wait until it has finished.`,
      );
    });
    expect(await lock()).toBeNull();
    expect(await hold('second')).toBe('done');
  });

  it('is free after a run that failed', async () => {
    const failing = async () => {
      throw new Error('no space left');
    };
    await expect(hold('first', failing)).rejects.toThrow('no space left');
    expect(await lock()).toBeNull();
  });

  it('of a process that was killed on this machine is taken at once', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await leave(60, { ...identifySelf(), pid });
    expect(await hold('second')).toBe('done');
  });

  it('of a killed process elsewhere ends with its lease', async () => {
    await leave(1);
    expect(await hold('second')).toBe('done');
  });

  it('of a process elsewhere that renews its lease is not taken', async () => {
    await leave(2);
    const refused = hold('second');
    await leave(60);
    await expect(refused).rejects.toThrow('process 12 of elsewhere');
  });

  it('of an embedded database is that of its folder', async () => {
    await leave(60);
    const work = withRunLock(contextOf('second', { isEmbedded: true }), true, async () => 'done');
    expect(await work).toBe('done');
  });

  it('that another run has taken over stops the work', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stopped = hold('first', async ({ signal }) => {
      await sql`UPDATE run_locks SET holder = 'second'`.execute(database.db);
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
      vi.advanceTimersByTime(20_000);
      await aborted;
      signal.throwIfAborted();
    });
    await expect(stopped).rejects.toThrow('another run has taken the database over');
    vi.useRealTimers();
    expect(await lock()).toMatchObject({ holder: 'second' });
  });

  describe('of a run of a workflow', () => {
    const enter = (run: string) => {
      vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com');
      vi.stubEnv('GITHUB_REPOSITORY', 'octo/leaderboard');
      vi.stubEnv('GITHUB_RUN_ID', run);
    };
    const discover = () => withRunLock(contextOf('plan'), false, async () => 'done');

    it('is handed over from job to job, to all workers, and released by the last one', async () => {
      enter('7');
      await discover();
      expect((await lock())?.leftMs).toBeGreaterThan(600_000);
      const workers = ['one', 'two'].map((owner) =>
        keepingRunLock(contextOf(owner), async () => owner),
      );
      expect(await Promise.all(workers)).toEqual(['one', 'two']);
      enter('8');
      await expect(discover()).rejects.toThrow(
        'another run uses this database: https://github.com/octo/leaderboard/actions/runs/7, since',
      );
      enter('7');
      expect(await hold('publish')).toBe('done');
      expect(await lock()).toBeNull();
    });

    it('is released when a step fails, and never taken by a worker', async () => {
      enter('7');
      const failing = withRunLock(contextOf('plan'), false, async () => {
        throw new Error('GitHub is away');
      });
      await expect(failing).rejects.toThrow('GitHub is away');
      await keepingRunLock(contextOf('worker'), async () => {});
      expect(await lock()).toBeNull();
    });
  });
});
