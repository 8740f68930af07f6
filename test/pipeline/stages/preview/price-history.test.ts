import { expect, it } from 'vitest';
import { priceHistory } from '../../../../pipeline/stages/preview/price-history.ts';
import { configOf } from '../../../support/community.ts';

const NOW = new Date('2026-03-15T02:00:00Z');

const configured = (bigquery: object = {}, budget: object = {}) =>
  configOf({ pipeline: { sources: ['github', 'bigquery'], bigquery }, budget });

const gauge = (limit: number, spent: number) => ({
  ...{ limit_usd: limit, spent_usd: spent, reserved_usd: 0.5, used: 0 },
});
const costs = (spentToday: number, backfill: number | null = null) => ({
  ...{ daily: gauge(5, spentToday), monthly: gauge(50, 10), days: [], repositories: [] },
  backfill: backfill && { estimated_usd: backfill },
});
const price = (...[config, known, now = NOW]: Partial<Parameters<typeof priceHistory>>) =>
  priceHistory(config ?? configured(), known ?? null, now);

it('is nothing where BigQuery is no source', () => {
  expect(price(configOf())).toBe(null);
});

it('has what is left, and the day on which the budget has paid for it', () => {
  // From 2024-03-15 to the damage of the archive, and a table more for events filed late.
  expect(price()).toMatchObject({
    ...{ days: 435, bytes: 435 * 25e9, left_today_usd: 5, left_this_month_usd: 50 },
    complete_on: '2026-04-03',
  });
  const spent = price(configured(), costs(4.5) as never);
  expect(spent).toMatchObject({ left_today_usd: 0, left_this_month_usd: 39.5 });
  expect(String(spent?.complete_on) > '2026-04-03').toBe(true);
});

it('comes after the history that is still to be paid for', () => {
  const before = price(configured(), costs(0) as never)?.complete_on;
  const after = price(configured(), costs(0, 40) as never)?.complete_on;
  expect(String(after) > String(before)).toBe(true);
});

it('costs a hundredth in the cheap mode', () => {
  const [whole, cheap] = [price()?.usd ?? 0, price(configured({ payload: false }))?.usd ?? 0];
  expect(whole).toBeGreaterThan(50 * cheap);
  expect(cheap).toBeGreaterThan(0);
});

it('is never paid for by a budget of nothing', () => {
  expect(price(configured({}, { daily_limit_usd: 0 }))?.complete_on).toBe(null);
});

it('is 0 once the archive of these years is damaged, unless damaged months are read', () => {
  const later = new Date('2028-03-15T02:00:00Z');
  expect(price(configured(), null, later)).toMatchObject({ days: 0, usd: 0 });
  const damaged = configured({ include_damaged_months: true });
  expect(price(damaged, null, later)?.days).toBeGreaterThan(700);
});
