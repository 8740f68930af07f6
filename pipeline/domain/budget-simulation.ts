import {
  type BudgetSettings,
  bytesFor,
  freeBytesLeft,
  leftMicros,
  maximumBytesBilled,
  priceOf,
  type Spending,
  toUsd,
} from './budget.ts';
import { DAY_MS } from './time.ts';
import { startOfDay } from './window.ts';

/** The remaining budget while a plan is made. Nothing is reserved in the database. */
export interface RemainingBudget {
  /** The most that a query may be billed, in US dollars, by its bytes and the tables it reads. */
  usdFor(bytes: number, tableCount: number): number;
  /** Subtracts that price; false if too little is left, and then nothing is subtracted. */
  tryReserve(bytes: number, tableCount: number): boolean;
  /** Bytes that the remaining budget would pay for. */
  bytesLeft(): number;
}

export function createRemainingBudget(
  settings: BudgetSettings,
  spending: Spending,
): RemainingBudget {
  let micros = leftMicros(settings, spending);
  let free = freeBytesLeft(settings, spending);
  const price = (bytes: number, tableCount: number) =>
    priceOf(maximumBytesBilled(bytes, tableCount), settings, free);
  return {
    usdFor: (bytes, tableCount) => toUsd(price(bytes, tableCount).micros),
    tryReserve(bytes, tableCount) {
      const due = price(bytes, tableCount);
      if (due.micros > micros) return false;
      micros -= due.micros;
      free -= due.freeBytes;
      return true;
    },
    bytesLeft: () => bytesFor(micros, settings, free),
  };
}

/** How much may be spent from now on. */
export interface Pace {
  readonly dailyLimitUsd: number;
  readonly monthlyLimitUsd: number;
  /** Left of today and of this month after the planned queries. */
  readonly leftTodayUsd: number;
  readonly leftThisMonthUsd: number;
}

/** No forecast reaches further, because prices and plans will have changed by then. */
const HORIZON_DAYS = 10 * 365;

/**
 * The UTC date (`YYYY-MM-DD`) on which `remainingUsd` will have been spent; null if never.
 * `leastUsd` is the price of the smallest query: a day with less budget left spends nothing.
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
