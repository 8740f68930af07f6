import { readForecast, readSpentUsd } from '../../../db/queries/backfill.ts';
import { readBudgetSettings } from '../../../db/queries/budget.ts';
import {
  readCostDays,
  readRepositoryCosts,
  readReserved,
} from '../../../db/queries/report/costs.ts';
import { budgetSettings } from '../../config/schema/budget.ts';
import type { BudgetSettings } from '../../domain/budget.ts';
import { DAY_MS, isoDate, isoMonth } from '../../domain/time.ts';
import { type Costs, costsSchema, type Head } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';

/** Days of costs shown: the whole current month, and a part of the one before. */
const COST_DAYS = 60;

/** Writes the spending beside the budget. */
export async function writeCosts(report: Report): Promise<void> {
  const document = buildCosts(report.head, await readCosts(report), report.now);
  report.folder.write(documentPath('costs'), costsSchema, document);
}

interface CostRows extends Omit<Awaited<ReturnType<typeof readCosts>>, 'budget'> {
  readonly budget: Pick<BudgetSettings, 'dailyLimitUsd' | 'monthlyLimitUsd' | 'warningThreshold'>;
}

export async function readCosts({ db, config, now }: Report) {
  const from = isoDate(new Date(now.getTime() - COST_DAYS * DAY_MS));
  return {
    budget: (await readBudgetSettings(db)) ?? budgetSettings(config.budget),
    days: await readCostDays(db, from, isoDate(now)),
    reserved: await readReserved(db, isoDate(now)),
    repositories: await readRepositoryCosts(db),
    backfill: await readBackfill(db),
  };
}

async function readBackfill(db: Report['db']) {
  const forecast = await readForecast(db, 'bigquery');
  return forecast && { ...forecast, spentUsd: await readSpentUsd(db, 'bigquery') };
}

/** Amounts are published in thousandths of a dollar. */
const rounded = (usd: number) => Math.round(usd * 1000) / 1000;

export function buildCosts(head: Head, rows: CostRows, now: Date): Costs {
  const today = isoDate(now);
  const spentToday = sum(rows.days.filter((day) => day.date === today));
  const spentMonth = sum(rows.days.filter((day) => day.date.startsWith(isoMonth(now))));
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

/** Null once the history is complete. */
function buildBackfill(row: CostRows['backfill']): Costs['backfill'] {
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

/** The average of the month's days so far, today included, times the days of the month. */
function projectMonth(spent: number, now: Date): number {
  const days = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate();
  return (spent / now.getUTCDate()) * days;
}
