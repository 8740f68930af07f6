import { readSpending, upsertBudgetSettings } from '../../db/queries/budget.ts';
import { budgetSettings } from '../config/schema/budget.ts';
import { ARCHIVE_DAMAGED_SINCE } from '../domain/archive-eras.ts';
import { leftMicros, toUsd } from '../domain/budget.ts';
import type { ReadSource } from '../domain/source.ts';
import { DAY_MS } from '../domain/window.ts';
import type { Context } from '../runtime/context.ts';
import { type BigQueryApi, openBigQueryApi } from '../sources/bigquery/client.ts';
import {
  type BigQueryDependencies,
  CALL_RETRY_DELAYS_MS,
  estimateWindow,
  recoverReservations,
} from '../sources/bigquery/job.ts';
import { createBigQuerySource } from '../sources/bigquery/source.ts';
import { openBudgetLedger } from './backfill/budget-ledger.ts';
import type { BigQueryPlanContext } from './backfill/plan-bigquery.ts';
import type { Check } from './preflight/run-checks.ts';

/** BigQuery as this run uses it: the reader, and the estimates that a plan is made from. */

const POLL_MS = 2_000;
/** Budget and circuit breakers go by the real time, whatever the clock of the run says. */
export const realClock = () => new Date();

export function openBigQueryReader(context: Context): ReadSource {
  const { payload } = context.config.pipeline.bigquery;
  return createBigQuerySource(dependenciesOf(context), { payload, checksHours: true });
}

function dependenciesOf(context: Context): BigQueryDependencies {
  const { db, log, config } = context;
  return {
    api: apiOf(context),
    ledger: openBudgetLedger(db, 'bigquery', realClock, log),
    clock: realClock,
    timeoutMs: config.pipeline.bigquery.timeout_seconds * 1000,
    pollMs: POLL_MS,
    retryDelaysMs: CALL_RETRY_DELAYS_MS,
  };
}

/** What a plan for BigQuery is made from. */
export function bigQueryPlanContext(
  context: Context,
  rules: BigQueryPlanContext['rules'],
): BigQueryPlanContext {
  const { db, log, config } = context;
  const { include_damaged_months: includeDamaged, payload } = config.pipeline.bigquery;
  return {
    db,
    log,
    rules,
    includeDamaged,
    payload,
    settings: budgetSettings(config.budget),
    estimateBytes: estimator(context),
    clock: realClock,
  };
}

/** The bytes of a window as this run would read it. */
function estimator(context: Context): BigQueryPlanContext['estimateBytes'] {
  const { signal, config } = context;
  const deps = { api: apiOf(context), retryDelaysMs: CALL_RETRY_DELAYS_MS };
  return (window, repositories) =>
    estimateWindow({ window, repositories, signal }, config.pipeline.bigquery, deps);
}

function apiOf({ environment, config }: Context): BigQueryApi {
  return openBigQueryApi({
    credentials: environment.bigqueryCredentials,
    project: environment.googleCloudProject,
    location: config.pipeline.bigquery.location,
    emulatorHost: environment.bigqueryEmulatorHost,
  });
}

/** Saves the budget of the configuration: it is in force from now on. */
export async function saveBudget(context: Context): Promise<void> {
  await upsertBudgetSettings(context.db, budgetSettings(context.config.budget), realClock());
}

/** Saves the budget, and settles the reservations of workers that died. */
export async function prepareBudget(context: Context): Promise<void> {
  await saveBudget(context);
  await recoverReservations(dependenciesOf(context), context.signal);
}

/** Checks that BigQuery answers a dry run with these credentials. Reports what is left today. */
export function bigQueryCheck(context: Context): Check {
  return {
    name: 'bigquery',
    async run() {
      const to = ARCHIVE_DAMAGED_SINCE;
      const window = { from: new Date(to.getTime() - DAY_MS), to };
      const bytes = await estimator(context)(window, []);
      const settings = budgetSettings(context.config.budget);
      const left = leftMicros(settings, await readSpending(context.db, realClock()));
      const gib = (bytes / 2 ** 30).toFixed(1);
      return `a dry run of a day answers ${gib} GiB; ${toUsd(left).toFixed(2)} USD are left today`;
    },
  };
}
