import { beforeEach, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../db/client.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import { DAY_MS } from '../../../pipeline/domain/time.ts';
import { addRepository } from '../../support/community.ts';
import { describeOnDatabases, emptyTables, useDatabase } from '../../support/databases.ts';

const day = (number: number) => new Date(Date.UTC(2025, 2, number));

/** A window that was read up to its first gap. */
const reading = (from: number, to: number, missingFrom = to) => ({
  source: 'gharchive',
  repositoryIds: [1, 2],
  window: { from: day(from), to: day(to) },
  gaps: missingFrom < to ? [{ from: day(missingFrom), to: day(to), reason: 'missing' }] : [],
});

/** The rows of a repository: source, first and last day of March, completeness, gaps. */
async function rowsOf(db: Db, repositoryId: number) {
  const rows = await db
    .selectFrom('scrape_windows')
    .selectAll()
    .where('repository_id', '=', repositoryId)
    .orderBy('source')
    .orderBy('window_from')
    .execute();
  return rows.map(({ source, window_from, window_to, completeness, gaps }) => {
    const days = `${window_from.getUTCDate()} to ${window_to.getUTCDate()}`;
    return `${source}, ${days}: ${completeness}, ${gaps.length} gaps`;
  });
}

describeOnDatabases('what was read', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
    await addRepository(database.db, 'octo', 'two');
  });

  it('is one row, even if it was read in several nights', async () => {
    const { db } = database;
    for (let night = 2; night <= 30; night++) {
      // The last day is not in the archive yet; the next night finds it.
      await recordScrapedWindow(db, reading(night - 1, night + 1, night));
    }
    expect(await rowsOf(db, 1)).toEqual(['gharchive, 1 to 31: 0.9666, 1 gaps']);
    expect(await rowsOf(db, 2)).toEqual(await rowsOf(db, 1));
  });

  it('is kept by source and repository', async () => {
    const { db } = database;
    await recordScrapedWindow(db, reading(1, 3));
    await recordScrapedWindow(db, { ...reading(3, 5), source: 'github' });
    await recordScrapedWindow(db, { ...reading(3, 5), repositoryIds: [2] });
    await recordScrapedWindow(db, { ...reading(3, 5), repositoryIds: [] });
    expect(await rowsOf(db, 1)).toEqual([
      'gharchive, 1 to 3: 1, 0 gaps',
      'github, 3 to 5: 1, 0 gaps',
    ]);
    expect(await rowsOf(db, 2)).toEqual([
      'gharchive, 1 to 5: 1, 0 gaps',
      'github, 3 to 5: 1, 0 gaps',
    ]);
  });

  it('replaces a failure at the same window, and is not undone by one', async () => {
    const { db } = database;
    await recordScrapedWindow(db, reading(1, 3, 1));
    expect(await rowsOf(db, 1)).toEqual(['gharchive, 1 to 3: 0, 1 gaps']);
    await recordScrapedWindow(db, reading(1, 3));
    expect(await rowsOf(db, 1)).toEqual(['gharchive, 1 to 3: 1, 0 gaps']);
    await recordScrapedWindow(db, reading(1, 3, 1));
    expect(await rowsOf(db, 1)).toEqual(['gharchive, 1 to 3: 1, 0 gaps']);
  });

  it('ends where the clock of the machine is, and leaves out what a wrong clock stored', async () => {
    const { db } = database;
    const future = new Date(Date.now() + 1_000 * DAY_MS);
    const old = { source: 'gharchive', completeness: 1, gaps: '[]' };
    const wrong = { ...old, repository_id: 1, window_from: day(1), window_to: future };
    await db.insertInto('scrape_windows').values(wrong).execute();
    const before = Date.now();
    await recordScrapedWindow(db, { ...reading(5, 6), window: { from: day(5), to: future } });
    const nothing = { ...reading(5, 6), window: { from: future, to: new Date(8e14) } };
    await recordScrapedWindow(db, nothing);
    const rows = await db
      .selectFrom('scrape_windows')
      .select(['window_from', 'window_to'])
      .execute();
    expect(rows.map((row) => row.window_from)).toEqual([day(5), day(5)]);
    for (const { window_to } of rows) {
      expect(window_to.getTime()).toBeGreaterThanOrEqual(before);
      expect(window_to.getTime()).toBeLessThanOrEqual(Date.now());
    }
  });

  it('merges rows that an earlier version left separate', async () => {
    const { db } = database;
    const old = { repository_id: 1, source: 'gharchive', completeness: 1, gaps: '[]' };
    const rows = [1, 2, 3].map((from) => ({
      ...old,
      window_from: day(from),
      window_to: day(from + 2),
    }));
    await db.insertInto('scrape_windows').values(rows).execute();
    await recordScrapedWindow(db, reading(20, 22));
    expect(await rowsOf(db, 1)).toEqual([
      'gharchive, 1 to 5: 1, 0 gaps',
      'gharchive, 20 to 22: 1, 0 gaps',
    ]);
  });
});

describe.runIf(inject('postgresUrl'))('what two workers read at once', () => {
  const database = useDatabase('server');

  it('is merged as if one had come after the other', async () => {
    const { db, url } = database;
    await addRepository(db, 'octo', 'one');
    await addRepository(db, 'octo', 'two');
    const other = await openDatabase(url);
    const end = (connection: Db, from: number, repositoryIds: number[]) =>
      connection
        .transaction()
        .execute((trx) => recordScrapedWindow(trx, { ...reading(from, from + 2), repositoryIds }));
    const days = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(
      days.map((from) => end(from % 2 ? db : other, from, from % 3 ? [1, 2] : [2, 1])),
    );
    await other.destroy();
    expect(await rowsOf(db, 1)).toEqual(['gharchive, 1 to 22: 1, 0 gaps']);
    expect(await rowsOf(db, 2)).toEqual(await rowsOf(db, 1));
  });
});
