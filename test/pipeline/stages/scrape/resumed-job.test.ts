import { beforeEach, expect, it } from 'vitest';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { type Contribution, eventIds } from '../../../../pipeline/domain/contribution.ts';
import type { SourceBatch, SourceRequest } from '../../../../pipeline/domain/source.ts';
import { DAY_MS } from '../../../../pipeline/domain/time.ts';
import { scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { addRepository, ago, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { dumpResults } from '../../../support/pipeline.ts';

/** A job that fails half-way resumes at its checkpoint, with the same result as without failure. */

const DAYS = 6;

/** The batch of one day: a commit, and on every second day a gap. */
function dayBatch(day: number): SourceBatch {
  const at = ago(DAYS - day, -1000);
  const account = { id: day + 1, login: `user${day}`, type: 'User' as const };
  const commit: Contribution = {
    repositoryId: 1,
    eventId: eventIds.commit(`${day}`.repeat(40)),
    kind: 'COMMIT',
    account,
    occurredAt: at,
    subjectNumber: null,
    linesAdded: null,
    linesDeleted: null,
  };
  const from = ago(DAYS - day);
  const to = new Date(from.getTime() + DAY_MS);
  return {
    contributions: [commit],
    observations: [{ ...account, firstSeenAt: at, lastSeenAt: at }],
    gaps: day % 2 === 0 ? [{ from, to, reason: 'missing' }] : [],
    read: 2,
    kept: 1,
    skipped: { type_not_scored: 1 },
    warnings: {},
    resumeAt: to,
  };
}

describeOnDatabases('a job that is interrupted', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
  });

  /** Reads six days; each attempt fails before its given day. Returns the start of each attempt. */
  async function run(failsBefore: readonly number[], retryDelaysSeconds = [0]) {
    const { db } = database;
    const job = { source: 'gharchive', jobType: 'full', repositoryIds: [1] } as const;
    await insertJobs(db, null, [{ ...job, from: ago(DAYS), to: ago(0) }]);
    const begun: number[] = [];
    const gharchive = async function* ({ window, resumeAt }: SourceRequest) {
      const start = resumeAt ?? window.from;
      const first = (start.getTime() - window.from.getTime()) / DAY_MS;
      begun.push(first);
      for (let day = first; day < DAYS; day++) {
        if (failsBefore[begun.length - 1] === day) throw new Error('the connection broke');
        yield dayBatch(day);
      }
    };
    const outcome = await scrape({
      db,
      log: quiet,
      signal: new AbortController().signal,
      now: NOW,
      owner: 'test',
      readers: { gharchive },
      batchSize: 100,
      retryDelaysSeconds,
      bots: { ids: [], logins: [], allow: [] },
      onProgress: () => {},
    });
    return { begun, ...outcome };
  }

  const job = () =>
    database.db
      .selectFrom('scrape_jobs')
      .select(['status', 'events_processed', 'contributions_kept', 'users_processed', 'skipped'])
      .executeTakeFirstOrThrow();

  it('reads no day twice, and has the same result as an undisturbed one', async () => {
    expect(await run([])).toMatchObject({ begun: [0], completed: 1 });
    const [tables, counts] = [await dumpResults(database.db), await job()];
    expect(counts).toMatchObject({ events_processed: 12, skipped: { type_not_scored: 6 } });
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
    // More failures than attempts of a job are allowed, because each attempt made progress.
    expect(await run([1, 2, 4, 5])).toMatchObject({ begun: [0, 1, 2, 4, 5], completed: 1 });
    expect(await dumpResults(database.db)).toEqual(tables);
    expect(await job()).toEqual(counts);
  });

  it('fails finally if it makes no progress, and the part that it read is recorded', async () => {
    expect(await run([3, 3])).toMatchObject({ begun: [0, 3], failed: 1 });
    const windows = await database.db.selectFrom('scrape_windows').selectAll().execute();
    expect(windows).toMatchObject([
      { window_from: ago(DAYS), window_to: ago(DAYS - 3), completeness: 0.3333 },
    ]);
  });
});
