import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { claimJob, insertJobs } from '../../../../db/queries/job-queue.ts';
import { LeaseLostError } from '../../../../db/queries/jobs.ts';
import { startLeaseHeartbeat } from '../../../../pipeline/stages/scrape/lease-heartbeat.ts';
import { ago } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

/** More than the time between two heartbeats, less than a lease. */
const A_WHILE = 25_000;

describeOnDatabases('the lease of a job', (database) => {
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    const job = { source: 'github', jobType: 'full', repositoryIds: [1] } as const;
    await insertJobs(db, null, [{ ...job, from: ago(9), to: ago(0) }]);
    await claimJob(db, 'a', ['github']);
    // Only the timers of the lease are faked; the databases use the real time.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => vi.useRealTimers());

  const setRow = (change: { lease_owner?: string; lease_until?: Date }) =>
    database.db.updateTable('scrape_jobs').set(change).execute();
  const secondsLeft = async () => {
    const { rows } = await sql<{ left: number }>`
      SELECT EXTRACT(EPOCH FROM lease_until - now())::float8 AS left FROM scrape_jobs
    `.execute(database.db);
    return rows[0]?.left ?? 0;
  };

  it('is renewed while the work lasts, and no longer', async () => {
    const lease = startLeaseHeartbeat(database.db, 1, 'a', new AbortController().signal);
    await setRow({ lease_until: new Date() });
    vi.advanceTimersByTime(A_WHILE);
    await vi.waitFor(async () => expect(await secondsLeft()).toBeGreaterThan(30));
    expect(lease.signal.aborted).toBe(false);
    lease.stop();
    await setRow({ lease_until: new Date() });
    vi.advanceTimersByTime(A_WHILE * 10);
    expect(await secondsLeft()).toBeLessThan(1);
  });

  it('is lost when another worker has the job: its signal aborts', async () => {
    const lease = startLeaseHeartbeat(database.db, 1, 'a', new AbortController().signal);
    await setRow({ lease_owner: 'b' });
    vi.advanceTimersByTime(A_WHILE);
    await vi.waitFor(() => expect(lease.signal.aborted).toBe(true));
    expect(lease.signal.reason).toBeInstanceOf(LeaseLostError);
    lease.stop();
  });

  it('survives one heartbeat that the database did not receive', async () => {
    const deaf = {
      updateTable: () => {
        throw new Error('no connection');
      },
    };
    const lease = startLeaseHeartbeat(deaf as never, 1, 'a', new AbortController().signal);
    await vi.advanceTimersByTimeAsync(A_WHILE);
    expect(lease.signal.aborted).toBe(false);
    lease.stop();
  });

  it('ends the work when the run is ended', () => {
    const run = new AbortController();
    const lease = startLeaseHeartbeat(database.db, 1, 'a', run.signal);
    run.abort(new Error('SIGTERM'));
    expect(lease.signal.reason).toMatchObject({ message: 'SIGTERM' });
    lease.stop();
  });
});
