import type { BackfillForecast } from '../../domain/backfill.ts';
import type { BudgetSettings } from '../../domain/budget.ts';
import type { Costs } from '../../published/documents.ts';
import type { Head } from './head.ts';

export interface CostRows {
  readonly budget: Pick<BudgetSettings, 'dailyLimitUsd' | 'monthlyLimitUsd' | 'warningThreshold'>;
  /** Oldest first; at least all days of the current month that had costs. */
  readonly days: Costs['days'];
  readonly reserved: { readonly daily: number; readonly monthly: number };
  readonly repositories: Costs['repositories'];
  /** As last planned; null if no history was ever to be paid for. */
  readonly backfill: BackfillRow | null;
}

/** How far the backfill is, and what it cost so far. */
export interface BackfillRow extends BackfillForecast {
  readonly spentUsd: number;
}

/** Amounts are published in thousandths of a dollar. */
const rounded = (usd: number) => Math.round(usd * 1000) / 1000;

export function buildCosts(head: Head, rows: CostRows, now: Date): Costs {
  const today = now.toISOString().slice(0, 10);
  const spentToday = sum(rows.days.filter((day) => day.date === today));
  const spentMonth = sum(rows.days.filter((day) => day.date.startsWith(today.slice(0, 7))));
  const { budget, reserved } = rows;
  return {
    ...head,
    daily: buildGauge(budget.dailyLimitUsd, spentToday, reserved.daily),
    monthly: buildGauge(budget.monthlyLimitUsd, spentMonth, reserved.monthly),
    warning_threshold: budget.warningThreshold,
    days: rows.days.map((day) => ({ ...day, usd: rounded(day.usd) })),
    repositories: rows.repositories.map((row) => ({ ...row, usd: rounded(row.usd) })),
    projected_month_usd: rounded(projectMonth(spentMonth, now)),
    backfill: buildBackfill(rows.backfill),
  };
}

/** Nothing is said of history that is whole. */
function buildBackfill(row: BackfillRow | null): Costs['backfill'] {
  if (!row || row.remainingDays === 0) return null;
  return {
    done_days: row.doneDays,
    spent_usd: rounded(row.spentUsd),
    remaining_days: row.remainingDays,
    estimated_usd: rounded(row.estimatedUsd),
    whole_on: row.completeOn,
  };
}

function sum(days: Costs['days']): number {
  return days.reduce((total, day) => total + day.usd, 0);
}

function buildGauge(limit: number, spent: number, reserved: number): Costs['daily'] {
  return {
    limit_usd: limit,
    spent_usd: rounded(spent),
    reserved_usd: rounded(reserved),
    used: limit === 0 ? null : rounded((spent + reserved) / limit),
  };
}

/** Spent so far per day of the month, today included, times the days of the month. */
function projectMonth(spent: number, now: Date): number {
  const days = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate();
  return (spent / now.getUTCDate()) * days;
}
