import { afterEach, expect, it } from 'vitest';
import {
  readForecast,
  readSpentUsd,
  readWindowsOfSource,
  upsertForecast,
} from '../../../db/queries/backfill.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const JANUARY = { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2025-02-01T00:00:00Z') };

const NOW = new Date('2025-02-20T00:00:00Z');

describeOnDatabases('the backfill', (database) => {
  afterEach(() => emptyTables(database.db));

  it('separates windows that a source has read from windows without credits', async () => {
    const { db } = database;
    const one = { owner: 'a', name: 'b', neverRescrapeBefore: null, defaultBranch: null };
    await reconcileRepositories(db, [one, { ...one, name: 'c' }]);
    const read = { source: 'bigquery', window: JANUARY };
    await recordScrapedWindow(db, { ...read, repositoryIds: [1], gaps: [] });
    const gaps = [{ ...JANUARY, reason: 'payload_not_read' }];
    await recordScrapedWindow(db, { ...read, repositoryIds: [2], gaps });
    expect(await readWindowsOfSource(db, 'bigquery', false, NOW)).toEqual(
      new Map([[1, [JANUARY]]]),
    );
    expect([...(await readWindowsOfSource(db, 'bigquery', true, NOW)).keys()]).toEqual([1, 2]);
    expect(await readWindowsOfSource(db, 'gharchive', true, NOW)).toEqual(new Map());
  });

  it('counts no window that ends after the clock of the run', async () => {
    const { db } = database;
    const one = { owner: 'a', name: 'b', neverRescrapeBefore: null, defaultBranch: null };
    await reconcileRepositories(db, [one]);
    await recordScrapedWindow(db, {
      source: 'bigquery',
      repositoryIds: [1],
      window: JANUARY,
      gaps: [],
    });
    const windows = (now: Date) => readWindowsOfSource(db, 'bigquery', false, now);
    expect([...(await windows(JANUARY.to)).keys()]).toEqual([1]);
    // Clocks of two machines may differ by five minutes.
    const minutesBefore = (minutes: number) => new Date(JANUARY.to.getTime() - minutes * 60_000);
    expect([...(await windows(minutesBefore(5))).keys()]).toEqual([1]);
    expect([...(await windows(minutesBefore(6))).keys()]).toEqual([]);
  });

  it('counts a day as missing while its table does not exist', async () => {
    const { db } = database;
    const at = (day: number) => new Date(Date.UTC(2025, 0, day));
    const one = { owner: 'a', name: 'b', neverRescrapeBefore: null, defaultBranch: null };
    await reconcileRepositories(db, [one]);
    const gaps = [
      { from: at(5), to: at(6), reason: 'missing' },
      { from: at(25), to: new Date(at(25).getTime() + 3_600_000), reason: 'missing' },
      { from: at(30), to: at(32), reason: 'missing' },
    ];
    const read = { source: 'bigquery', window: JANUARY, repositoryIds: [1] };
    await recordScrapedWindow(db, { ...read, gaps });
    const windows = (now: Date) => readWindowsOfSource(db, 'bigquery', false, now);
    // A table older than a month will not come any more; one hour is not worth the price of a day.
    expect((await windows(NOW)).get(1)).toEqual([{ from: at(1), to: at(30) }]);
    expect((await windows(at(90))).get(1)).toEqual([JANUARY]);
    const late = { from: at(30), to: at(32) };
    await recordScrapedWindow(db, { ...read, window: late, gaps: [] });
    expect((await windows(NOW)).get(1)).toEqual([JANUARY]);
  });

  it('stores the latest forecast', async () => {
    const { db } = database;
    expect(await readForecast(db, 'bigquery')).toBeNull();
    expect(await readSpentUsd(db, 'bigquery')).toBe(0);
    const forecast = { doneDays: 1, remainingDays: 2, estimatedUsd: 0.5, completeOn: '2026-01-02' };
    await upsertForecast(db, 'bigquery', forecast, new Date('2026-01-01T00:00:00Z'));
    await upsertForecast(
      db,
      'bigquery',
      { ...forecast, completeOn: null },
      new Date('2026-01-02T00:00:00Z'),
    );
    expect(await readForecast(db, 'bigquery')).toEqual({ ...forecast, completeOn: null });
    expect(await readForecast(db, 'gharchive')).toBeNull();
  });
});
