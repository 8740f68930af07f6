import { beforeEach, expect, it } from 'vitest';
import { markLostConnection } from '../../../../db/lost-connection.ts';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import type { ReadSource, SourceBatch } from '../../../../pipeline/domain/source.ts';
import { scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { addRepository, ago, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

/** A commit by a person that has not been seen. */
function commitBy(id: number): SourceBatch {
  const account = { id, login: `user${id}`, type: 'User' as const };
  return {
    contributions: [
      {
        repositoryId: 1,
        eventId: `commit:${String(id).padStart(40, '0')}`,
        kind: 'COMMIT',
        account,
        occurredAt: ago(1),
        subjectNumber: null,
        linesAdded: null,
        linesDeleted: null,
      },
    ],
    observations: [{ ...account, firstSeenAt: ago(1), lastSeenAt: ago(1) }],
    gaps: [],
    read: 1,
    kept: 1,
    skipped: {},
    warnings: {},
  };
}

describeOnDatabases('a worker', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one', { status: 'PENDING' });
    const job = { source: 'github', jobType: 'full', repositoryIds: [1] } as const;
    await insertJobs(database.db, null, [{ ...job, from: ago(9), to: ago(0) }]);
  });

  const work = (read: ReadSource, db = database.db) =>
    scrape({
      db,
      log: quiet,
      signal: new AbortController().signal,
      now: NOW,
      owner: 'test',
      readers: { github: read },
      batchSize: 100,
      retryDelaysSeconds: [],
      bots: { ids: [], logins: [], allow: [] },
      onProgress: () => {},
      reconnectDelaysMs: [0],
    });
  const jobRow = () => database.db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
  const rowsOf = (table: 'contribution_events' | 'scrape_windows' | 'dead_letters') =>
    database.db.selectFrom(table).selectAll().execute();

  /** Another worker takes the job over and ends it. */
  const takeOver = () =>
    database.db
      .updateTable('scrape_jobs')
      .set({ status: 'COMPLETED', lease_owner: null, events_processed: 77 })
      .execute();

  it.each<[string, ReadSource]>([
    [
      'between two batches',
      async function* () {
        yield commitBy(1);
        await takeOver();
        yield commitBy(2);
      },
    ],
    [
      'before the end',
      async function* () {
        yield commitBy(1);
        await takeOver();
      },
    ],
    [
      'before an error',
      async function* () {
        yield commitBy(1);
        await takeOver();
        throw new Error('no connection');
      },
    ],
  ])('that lost its job %s writes nothing more for it', async (_, read) => {
    expect(await work(read)).toEqual({ completed: 0, failed: 0, refused: 0 });
    expect(await jobRow()).toMatchObject({
      status: 'COMPLETED',
      events_processed: 77,
      error_message: null,
    });
    expect(await rowsOf('contribution_events')).toHaveLength(1);
    expect(await rowsOf('scrape_windows')).toEqual([]);
    expect(await rowsOf('dead_letters')).toEqual([]);
    const repository = database.db.selectFrom('repositories').selectAll();
    expect(await repository.executeTakeFirst()).toMatchObject({
      status: 'PENDING',
      last_scraped_at: null,
    });
  });

  it('continues a job that was taken from it when it is free again', async () => {
    let attempts = 0;
    const result = await work(async function* () {
      attempts += 1;
      yield commitBy(attempts);
      const past = { lease_owner: 'dead', lease_until: ago(1) };
      if (attempts === 1) await database.db.updateTable('scrape_jobs').set(past).execute();
    });
    expect(result).toEqual({ completed: 1, failed: 0, refused: 0 });
    expect(await jobRow()).toMatchObject({ status: 'COMPLETED', attempts: 2 });
    expect(await rowsOf('scrape_windows')).toHaveLength(1);
  });

  it('claims a job again if the connection is lost as the claim is stored', async () => {
    let claims = 0;
    const losing = database.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        const isClaim = result.rows[0]?.lease_owner === 'test';
        claims += isClaim ? 1 : 0;
        const lost = new Error('Connection terminated unexpectedly');
        if (isClaim && claims === 1) throw markLostConnection(lost);
        return result;
      },
    });
    const result = await work(async function* () {
      yield commitBy(1);
    }, losing);
    expect(result).toEqual({ completed: 1, failed: 0, refused: 0 });
    expect(await jobRow()).toMatchObject({ status: 'COMPLETED', attempts: 2 });
    // Without it the worker waits for the end of its own lease.
  }, 40_000);

  it('does not run a job that ended every worker: it fails the job, and says so', async () => {
    await database.db
      .updateTable('scrape_jobs')
      .set({ status: 'RUNNING', attempts: 10, lease_owner: 'dead', lease_until: ago(1) })
      .execute();
    const result = await work(() => {
      throw new Error('it must not be read again');
    });
    expect(result).toEqual({ completed: 0, failed: 1, refused: 0 });
    expect(await jobRow()).toMatchObject({ status: 'FAILED', attempts: 10, lease_owner: null });
    expect(await rowsOf('dead_letters')).toEqual([
      expect.objectContaining({ job_id: 1, error_message: expect.stringContaining('10 workers') }),
    ]);
  });
});
