import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../../db/client.ts';
import { upsertBudgetSettings } from '../../../../db/queries/budget.ts';
import { addUsage, upsertListPositions } from '../../../../db/queries/github-lists.ts';
import { markScraped, reconcileRepositories } from '../../../../db/queries/repositories.ts';
import { reserve } from '../../../../db/queries/reservations.ts';
import { RECHECKED_LISTS } from '../../../../pipeline/domain/github-lists.ts';
import type { SourceName } from '../../../../pipeline/domain/source.ts';
import { dryRun } from '../../../../pipeline/stages/discovery/dry-run.ts';
import type { Log } from '../../../../pipeline/util/log.ts';
import { quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables, useDatabase } from '../../../support/databases.ts';
import { dumpTables } from '../../../support/dump-tables.ts';

const NOW = new Date('2025-05-02T02:00:00Z');
const AHEAD = new Date('2025-08-01T00:00:00Z');
const settings = {
  dailyLimitUsd: 5,
  monthlyLimitUsd: 50,
  warningThreshold: 1,
  pricePerTibUsd: 6.25,
  freeTibPerMonth: 0,
};
const rules = { windowYears: 2, overlapDays: 1, jobType: null, from: null, to: null, now: NOW };
const want = (name: string) => ({
  owner: 'acme',
  name,
  neverRescrapeBefore: new Date('2025-04-01'),
  defaultBranch: null,
});

const run = (
  db: Db,
  sources: readonly SourceName[],
  estimateBytes: () => Promise<number> = async () => 2 ** 30,
  log: Log = quiet,
) =>
  dryRun({
    db,
    log,
    // One is tracked already, one is new, and one leaves.
    wanted: [want('known'), want('new')],
    sources,
    rules,
    staleAfterHours: 24,
    maxRepositories: 100,
    only: null,
    rechecks: { days: 30, lists: { github: RECHECKED_LISTS } },
    backfills: {
      bigquery: {
        source: 'bigquery',
        db,
        log: quiet,
        rules,
        includeDamaged: false,
        credits: true,
        settings: { ...settings, dailyLimitUsd: 1 },
        estimateBytes,
        clock: () => NOW,
      },
    },
  });

async function prepare(db: Db) {
  await reconcileRepositories(db, [want('known'), want('leaving')]);
  await markScraped(db, [1], new Date('2025-04-20'), new Date('2025-04-20'));
  for (const [day, points] of [
    [19, 400],
    [20, 12],
  ] as const) {
    await addUsage(
      db,
      [{ repositoryId: 1, points, requests: 1 }],
      new Date(Date.UTC(2025, 3, day)),
    );
  }
  await upsertBudgetSettings(db, settings, NOW);
}

describeOnDatabases('a dry run', (database) => {
  afterEach(() => emptyTables(database.db));

  it('changes nothing, neither tables nor the budget in force', async () => {
    const { db } = database;
    await prepare(db);
    const before = await dumpTables(db);
    const of = (name: string, price: string) =>
      expect.stringMatching(
        new RegExp(`^  2025-04-\\S+ 00:00 – 2025-05-02 02:00  acme/${name}  ${price}$`),
      );
    const together = expect.stringContaining('acme/new and 1 more');
    expect(await run(db, ['github', 'gharchive', 'bigquery'])).toEqual([
      'github: 2 jobs, no money, 12 points when last read, points not known of 1, not read yet',
      of('new', 'points not known yet'),
      of('known', '12 points on 2025-04-20'),
      'gharchive: 2 jobs, no money, 1060 hour files',
      of('new', '746 hour files'),
      of('known', '314 hour files'),
      expect.stringMatching(/^bigquery, now: 2 jobs, up to 0\.\d\d USD$/),
      together,
      together,
      'history would be complete by 2025-05-02',
    ]);
    expect(await dumpTables(db)).toEqual(before);
  });
});

describeOnDatabases('a dry run that looks at the past again', (database) => {
  afterEach(() => emptyTables(database.db));

  async function look(list: string, lookedAt: Date | null) {
    const { db } = database;
    await upsertListPositions(db, [{ repositoryId: 1, list, state: {} }]);
    const looked = db.updateTable('source_cursors').set({ looked_at: lookedAt });
    await looked.where('list', '=', list).execute();
  }

  const again = async () =>
    (await run(database.db, ['github'])).filter(
      (line) => !/points|2025-04/.test(line) || /again/.test(line),
    );

  it('lists what the night would look at, oldest look first, and queues nothing', async () => {
    const { db } = database;
    await prepare(db);
    const window = { repository_id: 1, window_from: new Date('2025-04-01'), window_to: NOW };
    const read = { ...window, source: 'github', completeness: 1, gaps: '[]' };
    await db.insertInto('scrape_windows').values(read).execute();
    await db.updateTable('repositories').set({ status: 'ACTIVE' }).where('id', '=', 1).execute();
    await look('issues', new Date('2025-03-01'));
    await look('issue_comments', new Date('2025-02-01'));
    await look('commits', new Date('2025-05-01'));
    const before = await dumpTables(db);
    expect(await again()).toEqual([
      'github, the past again: 1 job, with the points that are left',
      '  acme/known  issue comments, issues',
    ]);
    expect(await dumpTables(db)).toEqual(before);
    await look('issues', NOW);
    await look('issue_comments', NOW);
    await look('commits', NOW);
    expect(await again()).toEqual([]);
  });
});

describeOnDatabases('a dry run after one whose clock was ahead', (database) => {
  it('warns that all is read anew, from each source', async () => {
    const { db } = database;
    await prepare(db);
    const window = { repository_id: 1, window_from: new Date('2025-04-01'), window_to: AHEAD };
    const rows = (['gharchive', 'bigquery'] as const).map((source) => ({
      ...window,
      source,
      completeness: 1,
      gaps: '[]',
    }));
    await db.insertInto('scrape_windows').values(rows).execute();
    const warnings: unknown[] = [];
    const log = { ...quiet, warn: (...words: unknown[]) => warnings.push(words) };
    const lines = await run(db, ['gharchive', 'bigquery'], undefined, log);
    expect(lines.filter((line) => line.startsWith('  2025-04-01'))).toEqual([
      // The archive has the other one until the day that is known from another source.
      expect.stringContaining('  acme/new  '),
      expect.stringContaining('  acme/new and 1 more  '),
    ]);
    const message = expect.stringContaining('a run whose clock was ahead of this one');
    expect(warnings).toEqual([
      [{ source: 'gharchive', repositories: 1, now: NOW }, message],
      [{ source: 'bigquery', repositories: 1, now: NOW }, message],
    ]);
  });
});

describe.runIf(inject('postgresUrl'))('a dry run beside a worker', () => {
  const database = useDatabase('server');

  it('does not block it during calls to BigQuery', async () => {
    await prepare(database.db);
    const worker = await openDatabase(database.url);
    const reservations: unknown[] = [];
    await run(database.db, ['bigquery'], async () => {
      reservations.push(await work(worker));
      return 2 ** 30;
    });
    await worker.destroy();
    const done = expect.objectContaining({ usdReserved: expect.any(Number) });
    expect(reservations).toEqual([done, done]);
  });
});

/** The work of a worker that is not blocked: it reserves money and ends a job. */
function work(db: Db) {
  const bytes = 2 ** 30;
  const request = {
    jobId: null,
    externalJobId: crypto.randomUUID(),
    bytesEstimated: bytes,
    maximumBytesBilled: bytes,
    repositoryIds: [1],
    leaseUntil: NOW,
  };
  const patience = new Promise((_, reject) => {
    setTimeout(() => reject(new Error('a worker had to wait')), 5_000).unref();
  });
  const writing = reserve(db, 'bigquery', request, NOW).then(async (reservation) => {
    await markScraped(db, [1, 2], NOW, NOW);
    return reservation;
  });
  return Promise.race([writing, patience]);
}
