import type { Db } from '../../../db/client.ts';
import { readWindowsOfSource, upsertForecast } from '../../../db/queries/backfill.ts';
import { readSpending } from '../../../db/queries/budget.ts';
import type { NewJob } from '../../../db/queries/job-queue.ts';
import { type RepositoryToPlan, readRepositoriesById } from '../../../db/queries/repositories.ts';
import {
  type BackfillForecast,
  daysInAny,
  groupByMissing,
  missingWindows,
} from '../../domain/backfill.ts';
import type { BudgetSettings, Spending } from '../../domain/budget.ts';
import { type JobType, planWindow, type WindowRules } from '../../domain/plan-window.ts';
import type { SourceName, TrackedRepository } from '../../domain/source.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { TimeWindow } from '../../domain/window.ts';
import type { Log } from '../../util/log.ts';
import { type BackfillPlan, type EstimateBytes, planBackfill } from './plan-backfill.ts';

export interface BackfillContext {
  /** The source that costs money. */
  readonly source: SourceName;
  readonly db: Db;
  readonly log: Log;
  readonly rules: WindowRules;
  readonly includeDamaged: boolean;
  /** False for a cheap mode that credits nothing. */
  readonly credits: boolean;
  readonly settings: BudgetSettings;
  /** The bytes of a window, by a dry run. */
  readonly estimateBytes: (
    window: TimeWindow,
    repositories: readonly TrackedRepository[],
  ) => Promise<number>;
  /** The real time, which the budget uses. */
  readonly clock: () => Date;
}

/** The inputs of a plan from the database. */
export interface BackfillFacts {
  /** The repositories that are due; `tracked` are the same in the form for a query. */
  readonly due: readonly RepositoryToPlan[];
  readonly tracked: readonly TrackedRepository[];
  /** Windows that were read already, by repository. */
  readonly read: ReadonlyMap<number, readonly TimeWindow[]>;
  readonly spending: Spending;
}

/** Reads everything at once, so that no transaction is open during calls to the source. */
export async function readBackfillFacts(
  db: Db,
  due: readonly RepositoryToPlan[],
  { source, credits, rules, clock }: BackfillContext,
): Promise<BackfillFacts> {
  const ids = due.map(({ id }) => id);
  return {
    due,
    tracked: ids.length > 0 ? await readRepositoriesById(db, ids) : [],
    read: await readWindowsOfSource(db, source, !credits, rules.now),
    spending: await readSpending(db, clock()),
  };
}

/** Plans the queries for the missing windows of the repositories that are due. */
export async function planWindows(
  { due, tracked, read, spending }: BackfillFacts,
  context: BackfillContext,
): Promise<BackfillPlan> {
  const { settings, clock } = context;
  const missing = new Map(due.map((one) => [one.id, missingOf(one, read.get(one.id), context)]));
  const estimate = onceEach(tracked, context.estimateBytes);
  return planBackfill(groupByMissing(missing), settings, spending, estimate, clock());
}

/** The jobs that the budget pays for now. Saves the forecast of the others for the dashboard. */
export async function planBackfillJobs(
  due: readonly RepositoryToPlan[],
  context: BackfillContext,
): Promise<NewJob[]> {
  const { source, db, log, clock } = context;
  const facts = await readBackfillFacts(db, due, context);
  const plan = await planWindows(facts, context);
  const { read } = facts;
  const forecast = forecastOf(
    plan,
    due.flatMap(({ id }) => read.get(id) ?? []),
  );
  await upsertForecast(db, source, forecast, clock());
  log.info({ ...forecast, jobs: plan.now.length }, `${source} planned inside the budget`);
  return plan.now.map(({ repositoryIds, window }) => ({
    source,
    jobType: jobTypeOf(
      window,
      repositoryIds.map((id) => read.get(id) ?? []),
      context.rules,
    ),
    repositoryIds,
    ...window,
  }));
}

/** The days and the price of the queries that wait; the report has no dry runs to find them. */
function forecastOf(plan: BackfillPlan, read: readonly TimeWindow[]): BackfillForecast {
  return {
    doneDays: daysInAny([...read, ...windowsOf(plan.now)]),
    remainingDays: daysInAny(windowsOf(plan.later)),
    estimatedUsd: plan.later.reduce((total, { usd }) => total + usd, 0),
    completeOn: plan.completeOn,
  };
}

/** Incremental: each repository was read up to the window. Full: the window lies further back. */
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

/** The windows of the configured years that a repository lacks. */
function missingOf(
  repository: RepositoryToPlan,
  read: readonly TimeWindow[] = [],
  { rules, includeDamaged }: BackfillContext,
): TimeWindow[] {
  const facts = { ...repository, lastWindowEnd: null, dataUntil: null };
  const wanted = planWindow(facts, { ...rules, jobType: 'full' })?.window;
  if (!wanted) return [];
  const isForced = rules.from !== null || rules.jobType === 'full';
  return missingWindows(wanted, read, { isForced, includeDamaged, overlapDays: rules.overlapDays });
}

/** The bytes of a window do not depend on the repositories: one dry run is enough for all. */
function onceEach(
  tracked: readonly TrackedRepository[],
  estimateBytes: BackfillContext['estimateBytes'],
): EstimateBytes {
  const known = new Map<string, Promise<number>>();
  return (window, ids) => {
    const key = `${window.from.toISOString()}/${window.to.toISOString()}`;
    const bytes =
      known.get(key) ??
      estimateBytes(
        window,
        tracked.filter(({ id }) => ids.includes(id)),
      );
    known.set(key, bytes);
    return bytes;
  };
}

const windowsOf = (queries: BackfillPlan['later']) => queries.map(({ window }) => window);
