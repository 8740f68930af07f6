import { describe, expect, it } from 'vitest';
import { forecastDate } from '../../../pipeline/domain/budget-simulation.ts';

const NOW = new Date('2026-03-10T15:00:00Z');
const pace = { dailyLimitUsd: 5, monthlyLimitUsd: 50, leftTodayUsd: 0, leftThisMonthUsd: 40 };

describe('forecastDate', () => {
  it('spends the daily limit from tomorrow on', () => {
    expect(forecastDate(5, 0.3, pace, NOW)).toBe('2026-03-11');
    expect(forecastDate(12, 0.3, pace, NOW)).toBe('2026-03-13');
  });

  it('waits for the next month if the budget of this one is used up', () => {
    expect(forecastDate(41, 0.3, pace, NOW)).toBe('2026-04-01');
    // 40 in March, 50 in April, the rest in May.
    expect(forecastDate(100, 0.3, pace, NOW)).toBe('2026-05-02');
  });

  it('is null with a budget of 0, or one below the price of a day', () => {
    expect(forecastDate(1, 0.3, { ...pace, dailyLimitUsd: 0 }, NOW)).toBeNull();
    expect(forecastDate(9, 6, pace, NOW)).toBeNull();
  });

  it('is today if nothing is left to pay', () => {
    expect(forecastDate(0, 0, pace, NOW)).toBe('2026-03-10');
  });
});
