import type { Db } from '../../db/client.ts';
import { insertForecast, readWindowsOfSource } from '../../db/queries/backfill.ts';
import { readBudgetTerms, readSpending } from '../../db/queries/budget-terms.ts';
import type { NewJob } from '../../db/queries/jobs.ts';
import type { RepositoryToPlan } from '../../db/queries/repositories.ts';
import { daysInAny, groupByMissing, missingWindows } from '../domain/backfill.ts';
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
  return planMissing(due, await readWindows(context), context);
}

/** The jobs that the budget pays for now; the forecast of the rest is kept for the dashboard. */
export async function planBigQueryJobs(
  due: readonly RepositoryToPlan[],
  context: BigQueryPlanContext,
): Promise<NewJob[]> {
  const { db, log, clock } = context;
  const read = await readWindows(context);
  const plan = await planMissing(due, read, context);
  const forecast = {
    doneDays: daysInAny([...due.flatMap(({ id }) => read.get(id) ?? []), ...windowsOf(plan.now)]),
    remainingDays: daysInAny(windowsOf(plan.later)),
    estimatedUsd: plan.later.reduce((total, { usd }) => total + usd, 0),
    wholeOn: plan.wholeOn,
  };
  await insertForecast(db, forecast, clock());
  log.info({ ...forecast, jobs: plan.now.length }, 'BigQuery planned inside the budget');
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

type WindowsRead = ReadonlyMap<number, readonly TimeWindow[]>;

function readWindows({ db, payload, rules }: BigQueryPlanContext): Promise<WindowsRead> {
  return readWindowsOfSource(db, 'bigquery', !payload, rules.now);
}

async function planMissing(
  due: readonly RepositoryToPlan[],
  read: WindowsRead,
  context: BigQueryPlanContext,
): Promise<BackfillPlan> {
  const { db, clock, estimateBytes } = context;
  const missing = new Map(due.map((one) => [one.id, missingOf(one, read.get(one.id), context)]));
  const terms = await readBudgetTerms(db);
  const spending = await readSpending(db, clock());
  return planBackfill(groupByMissing(missing), terms, spending, onceEach(estimateBytes), clock());
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

const windowsOf = (pieces: BackfillPlan['later']) => pieces.map(({ window }) => window);
