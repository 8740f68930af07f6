import type { Db } from '../../db/client.ts';
import { insertForecast, readWindowsOfSource } from '../../db/queries/backfill.ts';
import { readBudgetTerms, readSpending } from '../../db/queries/budget-terms.ts';
import type { NewJob } from '../../db/queries/jobs.ts';
import type { RepositoryToPlan } from '../../db/queries/repositories.ts';
import { daysIn, groupByMissing, missingWindows } from '../domain/backfill.ts';
import { type JobType, planWindow, type WindowRules } from '../domain/plan-window.ts';
import { DAY_MS, type TimeWindow } from '../domain/window.ts';
import type { Log } from './log.ts';
import { type BackfillPlan, type EstimateBytes, planBackfill } from './plan-backfill.ts';

export interface BigQueryPlanContext {
  readonly db: Db;
  readonly log: Log;
  readonly rules: WindowRules;
  readonly includeDamaged: boolean;
  /** false: the cheap mode, which credits nothing and so reads nothing twice either. */
  readonly payload: boolean;
  readonly estimateBytes: EstimateBytes;
  /** The real time: what is left of the budget goes by it. */
  readonly clock: () => Date;
}

/** What BigQuery is to read for the repositories that are due: what they lack, as far as money goes. */
export async function planBigQuery(
  due: readonly RepositoryToPlan[],
  context: BigQueryPlanContext,
): Promise<BackfillPlan> {
  const { db, clock } = context;
  const read = await readWindows(context);
  const missing = new Map(due.map((one) => [one.id, missingOf(one, read.get(one.id), context)]));
  const terms = await readBudgetTerms(db);
  const spending = await readSpending(db, clock());
  const groups = groupByMissing(missing);
  return planBackfill(groups, terms, spending, onceEach(context.estimateBytes), clock());
}

/** The jobs that the budget pays for now; the forecast of the rest is kept for the dashboard. */
export async function planBigQueryJobs(
  due: readonly RepositoryToPlan[],
  context: BigQueryPlanContext,
): Promise<NewJob[]> {
  const { db, log, clock } = context;
  const plan = await planBigQuery(due, context);
  const forecast = {
    doneDays: doneDays(await readWindows(context), due) + daysOf(plan.now),
    remainingDays: daysOf(plan.later),
    estimatedUsd: usdOf(plan.later),
    wholeOn: plan.wholeOn,
  };
  await insertForecast(db, forecast, clock());
  log.info({ ...forecast, jobs: plan.now.length }, 'BigQuery planned inside the budget');
  const read = await readWindows(context);
  return plan.now.map(({ repositoryIds, window }) => ({
    source: 'bigquery',
    jobType: jobTypeOf(
      window,
      repositoryIds.map((id) => read.get(id) ?? []),
      context.rules,
    ),
    repositoryIds,
    ...window,
  }));
}

function readWindows({ db, payload, rules }: BigQueryPlanContext) {
  return readWindowsOfSource(db, 'bigquery', !payload, rules.now);
}

/** Incremental: it goes on from what each of its repositories has read. Full: it reaches back. */
export function jobTypeOf(
  window: TimeWindow,
  read: readonly (readonly TimeWindow[])[],
  rules: Pick<WindowRules, 'jobType' | 'from' | 'overlapDays'>,
): JobType {
  if (rules.jobType === 'full') return 'full';
  if (rules.from) return rules.jobType ?? 'full';
  const goesOn = read.every((windows) => {
    const newest = Math.max(...windows.map(({ to }) => to.getTime()));
    return windows.length > 0 && window.from.getTime() >= newest - rules.overlapDays * DAY_MS;
  });
  return goesOn ? 'incremental' : 'full';
}

/** What a repository lacks of the years that are to be known. */
function missingOf(
  repository: RepositoryToPlan,
  read: readonly TimeWindow[] = [],
  { rules, includeDamaged }: BigQueryPlanContext,
): TimeWindow[] {
  const facts = { ...repository, lastWindowEnd: null, dataUntil: null };
  const whole = planWindow(facts, { ...rules, jobType: 'full' })?.window;
  if (!whole) return [];
  const isForced = rules.from !== null || rules.jobType === 'full';
  return missingWindows(whole, read, { isForced, includeDamaged, overlapDays: rules.overlapDays });
}

/** The bytes of a window are the same for whichever repositories: one dry run serves all. */
function onceEach(estimateBytes: EstimateBytes): EstimateBytes {
  const known = new Map<string, Promise<number>>();
  return (window, repositoryIds) => {
    const key = `${window.from.toISOString()}/${window.to.toISOString()}`;
    const bytes = known.get(key) ?? estimateBytes(window, repositoryIds);
    known.set(key, bytes);
    return bytes;
  };
}

function doneDays(
  read: ReadonlyMap<number, readonly TimeWindow[]>,
  due: readonly RepositoryToPlan[],
): number {
  return Math.max(0, ...due.map(({ id }) => sum((read.get(id) ?? []).map(daysIn))));
}

const daysOf = (pieces: BackfillPlan['later']) => sum(pieces.map(({ window }) => daysIn(window)));
const usdOf = (pieces: BackfillPlan['later']) => sum(pieces.map(({ usd }) => usd));

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
