import { describe, expect, it } from 'vitest';
import { daysIn } from '../../../../pipeline/domain/backfill.ts';
import type { BudgetSettings, Spending } from '../../../../pipeline/domain/budget.ts';
import { DAY_MS } from '../../../../pipeline/domain/time.ts';
import type { TimeWindow } from '../../../../pipeline/domain/window.ts';
import { describePlan } from '../../../../pipeline/stages/backfill/describe-plan.ts';
import { planBackfill } from '../../../../pipeline/stages/backfill/plan-backfill.ts';

const GIB = 2 ** 30;
const NOW = new Date('2026-03-10T02:00:00Z');
const nothing: Spending = {
  today: { settled: 0, reserved: 0 },
  month: { settled: 0, reserved: 0 },
  freeBytes: 0,
};
const settings: BudgetSettings = {
  dailyLimitUsd: 5,
  monthlyLimitUsd: 50,
  warningThreshold: 0.8,
  pricePerTibUsd: 6.25,
  freeTibPerMonth: 0,
};
/** 25 GiB a day, as in 2024; a window of n days reads n + 1 tables. */
const estimate = async (window: TimeWindow) => (daysIn(window) + 1) * 25 * GIB;
const twoYears = { from: new Date('2023-05-24T00:00:00Z'), to: new Date('2025-05-24T00:00:00Z') };
const groups = [{ repositoryIds: [1, 2], missing: [twoYears] }];
const sum = (pieces: readonly { usd: number }[]) => pieces.reduce((all, { usd }) => all + usd, 0);

describe('planBackfill', () => {
  it('takes the newest months and days inside the daily budget, and leaves the rest', async () => {
    const plan = await planBackfill(groups, settings, nothing, estimate, NOW);
    expect(plan.now.map(({ window }) => window)).toEqual([
      { from: new Date('2025-05-01T00:00:00Z'), to: twoYears.to },
      { from: new Date('2025-04-24T00:00:00Z'), to: new Date('2025-05-01T00:00:00Z') },
    ]);
    expect(sum(plan.now)).toBeLessThanOrEqual(5);
    expect(plan.completeOn).toBe('2026-05-04');
  });

  it('reaches the end day by day: each continues where the last stopped, inside its budget', async () => {
    let missing: readonly TimeWindow[] = [twoYears];
    let month = 0;
    let days = 0;
    for (let day = NOW; missing.length > 0; day = new Date(day.getTime() + DAY_MS)) {
      if (day.getUTCDate() === 1) month = 0;
      const spending = { ...nothing, month: { settled: month, reserved: 0 } };
      const group = [{ repositoryIds: [1], missing }];
      const plan = await planBackfill(group, settings, spending, estimate, day);
      expect(sum(plan.now)).toBeLessThanOrEqual(5);
      month += Math.round(sum(plan.now) * 1e6);
      expect(month).toBeLessThanOrEqual(50e6);
      days += plan.now.reduce((all, { window }) => all + daysIn(window), 0);
      missing = plan.later.map(({ window }) => window);
      expect(day.getTime()).toBeLessThan(Date.parse('2026-07-01T00:00:00Z'));
    }
    expect(days).toBe(daysIn(twoYears));
  });

  it('plans nothing with a budget of 0, and never ends', async () => {
    const none = { ...settings, dailyLimitUsd: 0, monthlyLimitUsd: 0 };
    const plan = await planBackfill(groups, none, nothing, estimate, NOW);
    expect(plan).toMatchObject({ now: [], completeOn: null });
    expect(plan.later).toHaveLength(25);
  });

  it('is complete today if all of it fits', async () => {
    const rich = { ...settings, dailyLimitUsd: 500, monthlyLimitUsd: 500 };
    const plan = await planBackfill(groups, rich, nothing, estimate, NOW);
    expect(plan).toMatchObject({ later: [], completeOn: '2026-03-10' });
  });
});

it('--dry-run shows each job with window, repositories, bytes and US dollars', async () => {
  const plan = await planBackfill(groups, settings, nothing, estimate, NOW);
  const names = new Map([[1, 'withastro/astro']]);
  expect(describePlan('bigquery', plan, names)).toEqual([
    'bigquery, now: 2 jobs, up to 4.88 USD',
    '  2025-05-01 00:00 – 2025-05-24 00:00  withastro/astro and 1 more  600.00 GiB  3.66 USD',
    '  2025-04-24 00:00 – 2025-05-01 00:00  withastro/astro and 1 more  200.00 GiB  1.22 USD',
    expect.stringMatching(/^bigquery, on later days: 24 jobs, up to \d+\.\d\d USD$/),
    ...Array.from({ length: 6 }, () => expect.stringContaining('GiB')),
    expect.stringMatching(/^ {2}and 18 more, \d+\.\d\d USD$/),
    'history would be complete by 2026-05-04',
  ]);
});
