import { describe, expect, it } from 'vitest';
import { readForecast } from '../../../../db/queries/backfill.ts';
import {
  readRepositoriesToPlan,
  reconcileRepositories,
} from '../../../../db/queries/repositories.ts';
import { recordScrapedWindow } from '../../../../db/queries/windows.ts';
import { daysIn } from '../../../../pipeline/domain/backfill.ts';
import type { TimeWindow } from '../../../../pipeline/domain/window.ts';
import { jobTypeOf, planBackfillJobs } from '../../../../pipeline/stages/backfill/plan-jobs.ts';
import { quiet } from '../../../support/community.ts';
import { useDatabase } from '../../../support/databases.ts';

const day = (number: number) => new Date(Date.UTC(2025, 0, number));
const window = (from: number, to: number) => ({ from: day(from), to: day(to) });

describe('the type of a job of BigQuery', () => {
  const rules = { jobType: null, from: null, overlapDays: 1 };

  it('is incremental if each of its repositories was read up to its window', () => {
    expect(jobTypeOf(window(9, 12), [[window(1, 10)]], rules)).toBe('incremental');
    expect(jobTypeOf(window(9, 12), [[window(1, 10)], [window(8, 10)]], rules)).toBe('incremental');
  });

  it('is full if its window lies further back', () => {
    expect(jobTypeOf(window(1, 10), [[window(10, 20)]], rules)).toBe('full');
    expect(jobTypeOf(window(9, 12), [[]], rules)).toBe('full');
    expect(jobTypeOf(window(9, 12), [[window(1, 10)], []], rules)).toBe('full');
  });

  it('is the requested one', () => {
    const read = [[window(1, 10)]];
    expect(jobTypeOf(window(9, 12), read, { ...rules, jobType: 'full' })).toBe('full');
    const asked = { ...rules, from: day(9) };
    expect(jobTypeOf(window(9, 12), read, asked)).toBe('full');
    expect(jobTypeOf(window(9, 12), [[]], { ...asked, jobType: 'incremental' })).toBe(
      'incremental',
    );
  });
});

describe('the days of the forecast', () => {
  const database = useDatabase();
  const begin = new Date('2026-01-01T00:00:00Z');
  const settings = {
    monthlyLimitUsd: 5000,
    warningThreshold: 1,
    pricePerTibUsd: 6.25,
    freeTibPerMonth: 0,
  };

  /** A night's run: the planned jobs are read. */
  async function night(now: Date, dailyLimitUsd: number) {
    const { db } = database;
    const rules = {
      windowYears: 2,
      overlapDays: 1,
      jobType: null,
      from: null,
      to: null,
      now,
    };
    const jobs = await planBackfillJobs(await readRepositoriesToPlan(db, 'bigquery', begin, now), {
      source: 'bigquery',
      db,
      log: quiet,
      rules,
      includeDamaged: true,
      credits: true,
      settings: { ...settings, dailyLimitUsd },
      estimateBytes: async (window: TimeWindow) => daysIn(window) * 2 ** 30,
      clock: () => now,
    });
    for (const { source, repositoryIds, from, to } of jobs) {
      await recordScrapedWindow(db, { source, repositoryIds, window: { from, to }, gaps: [] });
    }
    return readForecast(db, 'bigquery');
  }

  it('counts a day once, even if several nights and repositories read it', async () => {
    const { db } = database;
    const one = { owner: 'acme', neverRescrapeBefore: begin, defaultBranch: null };
    const older = { ...one, name: 'widget' };
    // The two lack different windows: a common day still counts once.
    const younger = { ...one, name: 'gadget', neverRescrapeBefore: new Date('2026-01-20') };
    await reconcileRepositories(db, [older, younger]);
    const first = new Date(Date.UTC(2026, 1, 2, 2));
    expect(await night(first, 0)).toMatchObject({ doneDays: 0, remainingDays: 31 + 2 });
    for (let day = 2; day <= 20; day++) await night(new Date(Date.UTC(2026, 1, day, 2)), 500);
    const last = new Date(Date.UTC(2026, 1, 21, 2));
    expect(await night(last, 500)).toMatchObject({ doneDays: 31 + 21, remainingDays: 0 });
    // With the day that is read again, there are four days; nothing is left of the budget.
    const later = new Date(Date.UTC(2026, 1, 23, 2));
    expect(await night(later, 0)).toMatchObject({ doneDays: 31 + 21, remainingDays: 4 });
  });
});
