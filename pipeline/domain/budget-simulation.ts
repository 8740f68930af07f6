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
import { DAY_MS, startOfDay } from './window.ts';

/** What is left of a budget while a plan is made; the plan itself reserves nothing. */
export interface Purse {
  /** The most that a query of so many bytes over so many tables may be billed, in US dollars. */
  usdFor(bytes: number, tableCount: number): number;
  /** Takes that much out; false, and nothing taken, where it is not there. */
  pay(bytes: number, tableCount: number): boolean;
  /** Bytes that what is left would pay for. */
  bytesLeft(): number;
}

export function createPurse(terms: BudgetSettings, spending: Spending): Purse {
  let micros = leftMicros(terms, spending);
  let free = freeBytesLeft(terms, spending);
  const price = (bytes: number, tableCount: number) =>
    priceOf(maximumBytesBilled(bytes, tableCount), terms, free);
  return {
    usdFor: (bytes, tableCount) => toUsd(price(bytes, tableCount).micros),
    pay(bytes, tableCount) {
      const due = price(bytes, tableCount);
      if (due.micros > micros) return false;
      micros -= due.micros;
      free -= due.freeBytes;
      return true;
    },
    bytesLeft: () => bytesFor(micros, terms, free),
  };
}

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
