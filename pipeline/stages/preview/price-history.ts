import { budgetSettings } from '../../config/schema/budget.ts';
import type { Config } from '../../config/schema.ts';
import { daysIn, undamagedPart } from '../../domain/backfill.ts';
import { maximumBytesBilled, priceOf, toUsd } from '../../domain/budget.ts';
import { forecastDate } from '../../domain/budget-simulation.ts';
import { fullStart } from '../../domain/plan-window.ts';
import type { Costs } from '../../published/documents.ts';
import type { HistoryPrice } from './report.ts';

/**
 * Bytes of a day of the archive, estimated: its payloads had about 25 GB a day in 2024, and the other
 * columns of three years 0.17 TB. Only a dry run, for which one must be logged in to Google, has the
 * bytes of a query.
 */
const DAY_BYTES = { payload: 25e9, cheap: 155e6 } as const;

/**
 * What the history of new repositories would cost by BigQuery: one query of a window serves them all.
 * @param costs as they were published last; null: not known
 * @returns null if BigQuery is not used
 */
export function priceHistory(
  { pipeline, budget }: Pick<Config, 'pipeline' | 'budget'>,
  costs: Costs | null,
  now: Date,
): HistoryPrice | null {
  if (!pipeline.sources.includes('bigquery')) return null;
  const whole = { from: fullStart({ now, windowYears: pipeline.window_years }), to: now };
  const window = pipeline.bigquery.include_damaged_months ? whole : undamagedPart(whole);
  if (!window) return { ...NOTHING, ...leftOf(budget, costs), complete_on: isoDay(now) };
  const days = daysIn(window);
  const bytes = days * (pipeline.bigquery.payload ? DAY_BYTES.payload : DAY_BYTES.cheap);
  // What is left of the free bytes of the month is not published.
  const { micros } = priceOf(maximumBytesBilled(bytes, days + 1), budgetSettings(budget), 0);
  const [usd, left] = [toUsd(micros), leftOf(budget, costs)];
  const pace = {
    dailyLimitUsd: budget.daily_limit_usd,
    monthlyLimitUsd: budget.monthly_limit_usd,
    leftTodayUsd: left.left_today_usd,
    leftThisMonthUsd: left.left_this_month_usd,
  };
  const before = costs?.backfill?.estimated_usd ?? 0;
  const complete = forecastDate(before + usd, (usd / (days + 1)) * 2, pace, now);
  return { days, bytes, usd, ...left, complete_on: complete };
}

const NOTHING = { days: 0, bytes: 0, usd: 0 };

const isoDay = (moment: Date) => moment.toISOString().slice(0, 10);

function leftOf({ daily_limit_usd, monthly_limit_usd }: Config['budget'], costs: Costs | null) {
  const left = (limit: number, used: Costs['daily'] | undefined) =>
    Math.max(0, limit - (used ? used.spent_usd + used.reserved_usd : 0));
  return {
    left_today_usd: left(daily_limit_usd, costs?.daily),
    left_this_month_usd: left(monthly_limit_usd, costs?.monthly),
  };
}
