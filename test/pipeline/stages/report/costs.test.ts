import { describe, expect, it } from 'vitest';
import { buildCosts } from '../../../../pipeline/stages/report/costs.ts';

const head = { generated_at: '', data_until: null, weights_version: 'w', sample: false };
const budget = { dailyLimitUsd: 5, monthlyLimitUsd: 50, warningThreshold: 0.8 };
const day = (date: string, usd: number) => ({ date, usd, bytes_billed: 1, queries: 1 });
const now = new Date('2026-04-10T02:00:00Z');

describe('the costs', () => {
  it('add reserved to spent money, today and this month', () => {
    const days = [day('2026-03-31', 9), day('2026-04-01', 3), day('2026-04-10', 2)];
    const rows = {
      budget,
      days,
      reserved: { daily: 0.5, monthly: 1 },
      repositories: [],
      backfill: null,
    };
    const costs = buildCosts(head, rows, now);
    expect(costs.daily).toEqual({ limit_usd: 5, spent_usd: 2, reserved_usd: 0.5, used: 0.5 });
    expect(costs.monthly).toEqual({ limit_usd: 50, spent_usd: 5, reserved_usd: 1, used: 0.12 });
  });

  it('extrapolate the spending of the month to its end', () => {
    const rows = {
      budget,
      days: [day('2026-04-02', 4)],
      reserved: { daily: 0, monthly: 0 },
      repositories: [],
      backfill: null,
    };
    expect(buildCosts(head, rows, now).projected_month_usd).toBe(12);
  });

  it('have no share of a budget of 0', () => {
    const nothing = { dailyLimitUsd: 0, monthlyLimitUsd: 0, warningThreshold: 0.8 };
    const rows = {
      budget: nothing,
      days: [],
      reserved: { daily: 0, monthly: 0 },
      repositories: [],
      backfill: null,
    };
    expect(buildCosts(head, rows, now).daily.used).toBeNull();
  });

  it('show how much history is read, its price, and when it will be complete', () => {
    const rows = { budget, days: [], reserved: { daily: 0, monthly: 0 }, repositories: [] };
    const backfill = { doneDays: 40, remainingDays: 690, spentUsd: 6.1239, estimatedUsd: 107.4 };
    const costs = buildCosts(
      head,
      { ...rows, backfill: { ...backfill, completeOn: '2026-06-23' } },
      now,
    );
    expect(costs.backfill).toEqual({
      done_days: 40,
      spent_usd: 6.124,
      remaining_days: 690,
      estimated_usd: 107.4,
      whole_on: '2026-06-23',
    });
    const whole = { ...backfill, remainingDays: 0, completeOn: '2026-04-10' };
    expect(buildCosts(head, { ...rows, backfill: whole }, now).backfill).toBeNull();
  });
});
