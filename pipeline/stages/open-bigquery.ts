import { readBudgetTerms, readSpending, upsertBudgetTerms } from '../../db/queries/budget-terms.ts';
import { ARCHIVE_DAMAGED_SINCE } from '../domain/archive-eras.ts';
import { type BudgetTerms, leftMicros, maximumBytesBilled, toUsd } from '../domain/budget.ts';
import type { ReadSource } from '../domain/source.ts';
import { DAY_MS } from '../domain/window.ts';
import type { Context } from '../runtime/context.ts';
import { openWarehouse } from '../sources/bigquery/client.ts';
import type { BigQueryPorts } from '../sources/bigquery/ports.ts';
import { type ArchiveQuery, buildArchiveQuery } from '../sources/bigquery/query.ts';
import { createBigQuerySource } from '../sources/bigquery/read.ts';
import { recoverReservations } from '../sources/bigquery/recover.ts';
import { CALL_RETRY_DELAYS_MS, withRetries } from '../sources/bigquery/retry.ts';
import type { Warehouse } from '../sources/bigquery/warehouse.ts';
import { openBooks } from './backfill/budget-books.ts';
import type { BigQueryPlanContext } from './backfill/plan-bigquery.ts';
import type { Check } from './preflight/run-checks.ts';

/** BigQuery as this run uses it: the reader, and the estimates that a plan is made from. */

const POLL_MS = 2_000;
/** Money and rests go by the real time, whatever the clock of the run says. */
export const realClock = () => new Date();

export function openBigQueryReader(context: Context): ReadSource {
  const { payload } = context.config.pipeline.bigquery;
  return createBigQuerySource(portsOf(context), { payload, checksHours: true });
}

function portsOf(context: Context): BigQueryPorts {
  const { db, log, config } = context;
  return {
    warehouse: warehouseOf(context),
    books: openBooks(db, 'bigquery', realClock, log),
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
    terms: budgetTerms(context),
    estimateBytes: estimator(context),
    clock: realClock,
  };
}

/** The bytes of a window, with those of the small query that looks for missing hours. */
function estimator(context: Context): BigQueryPlanContext['estimateBytes'] {
  const { signal } = context;
  const warehouse = warehouseOf(context);
  const dryRun = (query: ArchiveQuery) =>
    withRetries(CALL_RETRY_DELAYS_MS, signal, () => warehouse.estimate(query, signal));
  return async (window, repositories) => {
    const request = { repositories, window };
    if (!context.config.pipeline.bigquery.payload) {
      return dryRun(buildArchiveQuery(request, 'activity'));
    }
    const hours = buildArchiveQuery(request, 'hours');
    const hoursAtMost = maximumBytesBilled(await dryRun(hours), hours.tableCount);
    return hoursAtMost + (await dryRun(buildArchiveQuery(request, 'events')));
  };
}

function warehouseOf({ environment, config }: Context): Warehouse {
  return openWarehouse({
    credentials: environment.bigqueryCredentials,
    project: environment.googleCloudProject,
    location: config.pipeline.bigquery.location,
    emulatorHost: environment.bigqueryEmulatorHost,
  });
}

/** Makes the budget of the configuration the one in force. */
export async function putBudgetInForce(context: Context): Promise<void> {
  await upsertBudgetTerms(context.db, budgetTerms(context), realClock());
}

function budgetTerms({ config: { budget } }: Context): BudgetTerms {
  return {
    dailyLimitUsd: budget.daily_limit_usd,
    monthlyLimitUsd: budget.monthly_limit_usd,
    warningThreshold: budget.warning_threshold,
    pricePerTibUsd: budget.price_per_tib_usd,
    freeTibPerMonth: budget.free_tib_per_month,
  };
}

/** BigQuery answers a dry run with these credentials; what is left of the budget is told. */
export function bigQueryCheck(context: Context): Check {
  return {
    name: 'bigquery',
    async run() {
      await putBudgetInForce(context);
      await recoverReservations(portsOf(context), context.signal);
      const to = ARCHIVE_DAMAGED_SINCE;
      const window = { from: new Date(to.getTime() - DAY_MS), to };
      const bytes = await estimator(context)(window, []);
      const terms = await readBudgetTerms(context.db);
      const left = leftMicros(terms, await readSpending(context.db, realClock()));
      const gib = (bytes / 2 ** 30).toFixed(1);
      return `a dry run of a day answers ${gib} GiB; ${toUsd(left).toFixed(2)} USD are left today`;
    },
  };
}
