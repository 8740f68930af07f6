import { beforeEach, describe, expect, it } from 'vitest';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import type { AccountObservation } from '../../../../pipeline/domain/contribution.ts';
import { type Contribution, eventIds } from '../../../../pipeline/domain/contribution.ts';
import type { SourceBatch } from '../../../../pipeline/domain/source.ts';
import { scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { addRepository, ago, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const account = (id: number) => ({ id, login: `user${id}`, type: 'User' as const });

const observation = (
  id: number,
  changes: Partial<AccountObservation> = {},
): AccountObservation => ({
  ...account(id),
  firstSeenAt: ago(1),
  lastSeenAt: ago(1),
  ...changes,
});

/** A merge by the person of the same number. */
const merge = (number: number, changes: Partial<Contribution> = {}): Contribution => ({
  repositoryId: 1,
  eventId: eventIds.pullRequestMerged(number),
  kind: 'PR_MERGED',
  account: account(number),
  occurredAt: ago(1),
  subjectNumber: number,
  linesAdded: 1,
  linesDeleted: 0,
  ...changes,
});

function batchOf(contributions: Contribution[], changes: Partial<SourceBatch> = {}): SourceBatch {
  return {
    contributions,
    observations: contributions.flatMap((one) =>
      one.account ? [observation(one.account.id)] : [],
    ),
    gaps: [],
    read: contributions.length + 1,
    kept: contributions.length,
    skipped: { malformed_event: 1 },
    warnings: {},
    ...changes,
  };
}

const good = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => merge(from + i));

describeOnDatabases('an item that the database rejects', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
  });

  /** Runs one job whose source gives these batches; an error stands for one that is thrown. */
  async function run(given: (attempt: number) => (SourceBatch | Error)[]) {
    const { db } = database;
    const job = { source: 'github', jobType: 'full', repositoryIds: [1] } as const;
    await insertJobs(db, null, [{ ...job, from: ago(10), to: ago(0) }]);
    let attempt = 0;
    return scrape({
      db,
      log: quiet,
      signal: new AbortController().signal,
      now: NOW,
      owner: 'test',
      readers: {
        github: async function* () {
          attempt += 1;
          for (const batch of given(attempt)) {
            if (batch instanceof Error) throw batch;
            yield batch;
          }
        },
      },
      batchSize: 100,
      retryDelaysSeconds: [0],
      bots: { ids: [], logins: [], allow: [] },
      onProgress: () => {},
    });
  }

  const job = () => database.db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
  const letters = () => database.db.selectFrom('dead_letters').selectAll().orderBy('id').execute();
  const stored = async () => {
    const rows = await database.db
      .selectFrom('contribution_events')
      .select('subject_number')
      .orderBy('subject_number')
      .execute();
    return rows.map((row) => row.subject_number);
  };

  it('becomes a dead letter, the good ones are saved, and the job completes', async () => {
    const poison = merge(50, { linesAdded: -1 });
    const result = await run(() => [batchOf([...good(1, 7), poison, ...good(8, 5)])]);
    expect(result).toMatchObject({ completed: 1, failed: 0 });
    expect(await stored()).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(await job()).toMatchObject({
      status: 'COMPLETED',
      attempts: 1,
      events_processed: 14,
      contributions_kept: 12,
      skipped: { malformed_event: 1, constraint: 1 },
      error_class: null,
    });
    expect(await letters()).toMatchObject([
      {
        job_id: 1,
        source: 'github',
        error_class: 'constraint',
        error_message: expect.stringContaining('contribution_events_lines_added_check'),
        payload: {
          event_id: 'pr:50:merged',
          kind: 'PR_MERGED',
          repository_id: 1,
          account: { id: 50, login: 'user50' },
        },
      },
    ]);
  });

  it('may be one of several, also the first and the last of a batch', async () => {
    const batch = batchOf([
      merge(21, { repositoryId: 99 }),
      merge(1),
      merge(22, { eventId: 'pr:\0:merged' }),
      merge(23, { subjectNumber: 2 ** 40 }),
      merge(2),
      merge(24, { account: null, kind: 'NONSENSE' as Contribution['kind'] }),
    ]);
    await run(() => [batch]);
    expect(await stored()).toEqual([1, 2]);
    expect(await job()).toMatchObject({ status: 'COMPLETED', skipped: { constraint: 4 } });
    const payloads = (await letters()).map((letter) => letter.payload);
    expect(payloads).toMatchObject([
      { event_id: 'pr:21:merged', repository_id: 99 },
      { event_id: 'pr:\ufffd:merged' },
      { event_id: 'pr:23:merged' },
      { event_id: 'pr:24:merged', kind: 'NONSENSE', account: null },
    ]);
  });

  it('may be a person, whose contributions are then rejected, too; the others stay', async () => {
    const batch = batchOf(good(1, 3), {
      observations: [observation(1), observation(2, { login: 'nul\0' }), observation(3)],
    });
    await run(() => [batch]);
    expect(await stored()).toEqual([1, 3]);
    expect(await job()).toMatchObject({ contributions_kept: 2, skipped: { constraint: 1 } });
    expect((await letters()).map((letter) => letter.payload)).toMatchObject([
      { event_id: null, account: { id: 2, login: 'nul\ufffd' } },
      { event_id: 'pr:2:merged', account: { id: 2, login: 'user2' } },
    ]);
  });

  it('leaves the other batches and the rest of its batch unchanged', async () => {
    const positions = [{ repositoryId: 1, list: 'issues', state: { page: 3 } }];
    const poisoned = batchOf([merge(30, { linesDeleted: -5 })], {
      updates: [{ type: 'positions', positions }],
    });
    await run(() => [batchOf(good(1, 2)), poisoned, batchOf(good(3, 2))]);
    expect(await stored()).toEqual([1, 2, 3, 4]);
    const kept = await database.db.selectFrom('source_cursors').selectAll().execute();
    expect(kept).toMatchObject([{ list: 'issues', state: { page: 3 } }]);
    expect(await job()).toMatchObject({ contributions_kept: 4, skipped: { malformed_event: 3 } });
  });

  it('is one dead letter, even if the job is tried several times', async () => {
    const batch = batchOf([merge(1), merge(50, { linesAdded: -1 })]);
    const result = await run((attempt) => (attempt === 1 ? [batch, new Error('away')] : [batch]));
    expect(result).toMatchObject({ completed: 1, failed: 0 });
    expect(await job()).toMatchObject({
      status: 'COMPLETED',
      attempts: 2,
      contributions_kept: 1,
      skipped: { malformed_event: 1, constraint: 1 },
    });
    expect(await letters()).toHaveLength(1);
  });

  it('is different from a rejected update: then the job fails at once', async () => {
    const positions = [{ repositoryId: 77, list: 'issues', state: {} }];
    const result = await run(() => [
      batchOf(good(1, 2), { updates: [{ type: 'positions', positions }] }),
    ]);
    expect(result).toMatchObject({ completed: 0, failed: 1 });
    expect(await stored()).toEqual([]);
    expect(await job()).toMatchObject({ status: 'FAILED', error_class: 'constraint', attempts: 1 });
  });

  describe('and is too much', () => {
    const bad = (from: number, count: number) =>
      good(from, count).map((one) => ({ ...one, linesAdded: -1 }));
    const known = batchOf([], {
      updates: [{ type: 'known', repositoryId: 1, window: { from: ago(10), to: ago(0) } }],
    });
    const position = (list: string) => ({ repositoryId: 1, list, state: { at: list } });
    const windows = () => database.db.selectFrom('scrape_windows').selectAll().execute();
    const lists = async () => {
      const rows = await database.db.selectFrom('source_cursors').select('list').execute();
      return rows.map(({ list }) => list);
    };

    it.each([
      ['a small job may have ten', 20, 10, true],
      ['and not eleven', 300, 11, false],
      ['a large one a hundredth', 1_485, 15, true],
      ['and not more', 1_485, 16, false],
    ])('%s', async (_, goodOnes, badOnes, isCompleted) => {
      const items = [...good(1, goodOnes), ...bad(10_001, badOnes)];
      const result = await run(() => [batchOf(items), known]);
      expect(result).toMatchObject({
        completed: Number(isCompleted),
        failed: Number(!isCompleted),
      });
      expect(await job()).toMatchObject({ skipped: { constraint: badOnes } });
      expect(await windows()).toHaveLength(Number(isCompleted));
      expect((await stored()).length).toBe(goodOnes);
    });

    it('the job fails at once at more than a hundred, and says what to look at', async () => {
      let isReadOn = false;
      const result = await run(() => [
        batchOf([...good(1, 50), ...bad(10_001, 101)]),
        new Proxy(batchOf([]), {
          get: (batch, name) => {
            isReadOn = true;
            return Reflect.get(batch, name);
          },
        }),
      ]);
      expect(result).toMatchObject({ completed: 0, failed: 1 });
      expect(isReadOn).toBe(false);
      expect(await job()).toMatchObject({
        status: 'FAILED',
        error_class: 'constraint',
        error_message: expect.stringMatching(
          /^101 of 151 items could not be stored, and at most 100/,
        ),
        skipped: { constraint: 101 },
        attempts: 1,
      });
    });

    it('all is read again by the next job: no list and no part of the window is known', async () => {
      const positions = [position('wanted'), position('issues')];
      await run(() => [
        batchOf([...good(1, 5)], { updates: [{ type: 'positions', positions }], resumeAt: ago(5) }),
        batchOf(bad(10_001, 11)),
        known,
      ]);
      expect(await job()).toMatchObject({ status: 'FAILED' });
      expect(await windows()).toEqual([]);
      expect(await lists()).toEqual(['wanted']);
    });
  });
});
