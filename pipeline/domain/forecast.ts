import { DAY_MS, startOfDay } from './window.ts';

/** When what is still to be paid for will be paid, at the pace that the budget allows. */

export interface Pace {
  readonly dailyLimitUsd: number;
  readonly monthlyLimitUsd: number;
  /** What may still be spent today and this month, once what is planned has run. */
  readonly leftTodayUsd: number;
  readonly leftThisMonthUsd: number;
}

/** No forecast reaches further: by then prices and plans are others. */
const HORIZON_DAYS = 10 * 365;

/**
 * The UTC date (`YYYY-MM-DD`) on which so much will have been spent; null if it never will.
 * `leastUsd` is the smallest piece that can be bought: what is left below it is lost for the day.
 */
export function forecastDate(
  remainingUsd: number,
  leastUsd: number,
  pace: Pace,
  now: Date,
): string | null {
  let remaining = remainingUsd;
  let leftThisMonth = pace.leftThisMonthUsd;
  for (let day = 0; day < HORIZON_DAYS; day++) {
    const date = new Date(startOfDay(now).getTime() + day * DAY_MS);
    if (day > 0 && date.getUTCDate() === 1) leftThisMonth = pace.monthlyLimitUsd;
    const left = Math.min(day === 0 ? pace.leftTodayUsd : pace.dailyLimitUsd, leftThisMonth);
    const spent = left < Math.min(leastUsd, remaining) ? 0 : Math.min(left, remaining);
    remaining -= spent;
    leftThisMonth -= spent;
    if (remaining <= 1e-9) return date.toISOString().slice(0, 10);
  }
  return null;
}
