import { expect, it } from 'vitest';
import { warnOfBudgets } from '../../site/src/lib/budget.ts';

const gauge = (used: number | null, reserved_usd = 0) => ({
  limit_usd: 5,
  spent_usd: (used ?? 0) * 5,
  reserved_usd,
  used,
});
const warn = (daily: ReturnType<typeof gauge>, monthly = gauge(0.1), warning_threshold = 0.8) =>
  warnOfBudgets({ daily, monthly, warning_threshold });

it('warns from the threshold on, of the day and of the month', () => {
  expect(warn(gauge(0.799))).toEqual([]);
  expect(warn(gauge(0.8))).toEqual(['Today’s budget is near its limit: $4.00 spent, of $5.00.']);
  expect(warn(gauge(1, 0.25), gauge(0.9))).toEqual([
    'Today’s budget is used up: $5.00 spent and $0.25 reserved, of $5.00.',
    'This month’s budget is near its limit: $4.50 spent, of $5.00.',
  ]);
});

it('warns of nothing where no budget is set or nothing is spent', () => {
  expect(warn(gauge(null), gauge(null))).toEqual([]);
  expect(warn(gauge(0), gauge(0), 0)).toEqual([]);
});
