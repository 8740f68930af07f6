import { afterEach, expect, it } from 'vitest';
import {
  insertForecast,
  readForecast,
  readSpentUsd,
  readWindowsOfSource,
} from '../../../db/queries/backfill.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { upsertWindows } from '../../../db/queries/windows.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';

const JANUARY = { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2025-02-01T00:00:00Z') };

describeOnDatabases('the backfill', (database) => {
  afterEach(() => emptyTables(database.db));

  it('knows what a source has read, and what it has only looked at', async () => {
    const { db } = database;
    const one = { owner: 'a', name: 'b', neverRescrapeBefore: null, defaultBranch: null };
    await reconcileRepositories(db, [one, { ...one, name: 'c' }]);
    const read = { source: 'bigquery', window: JANUARY, gaps: [] };
    await upsertWindows(db, { ...read, repositoryIds: [1], completeness: 0.9 });
    await upsertWindows(db, { ...read, repositoryIds: [2], completeness: 0 });
    expect(await readWindowsOfSource(db, 'bigquery', false)).toEqual(new Map([[1, [JANUARY]]]));
    expect([...(await readWindowsOfSource(db, 'bigquery', true)).keys()]).toEqual([1, 2]);
    expect(await readWindowsOfSource(db, 'gharchive', true)).toEqual(new Map());
  });

  it('keeps the forecast that was made last', async () => {
    const { db } = database;
    expect(await readForecast(db)).toBeNull();
    expect(await readSpentUsd(db, 'bigquery')).toBe(0);
    const forecast = { doneDays: 1, remainingDays: 2, estimatedUsd: 0.5, wholeOn: '2026-01-02' };
    await insertForecast(db, forecast, new Date('2026-01-01T00:00:00Z'));
    await insertForecast(db, { ...forecast, wholeOn: null }, new Date('2026-01-02T00:00:00Z'));
    expect(await readForecast(db)).toEqual({ ...forecast, wholeOn: null });
  });
});
