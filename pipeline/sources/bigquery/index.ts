import { ARCHIVE_DAMAGED_SINCE } from '../../domain/archive-event.ts';
import type { TrackedRepository } from '../../domain/source.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { TimeWindow } from '../../domain/window.ts';
import type { Source, SourceContext } from '../source.ts';
import { openBigQueryApi } from './client.ts';
import {
  type BigQueryDependencies,
  CALL_RETRY_DELAYS_MS,
  estimateWindow,
  recoverReservations,
} from './job.ts';
import { createBigQuerySource } from './source.ts';

/** GH Archive in BigQuery: history at scale, for money. */
export const bigquery: Source = {
  open: (context) =>
    createBigQuerySource(dependenciesOf(context), {
      payload: context.config.pipeline.bigquery.payload,
      checksHours: true,
    }),
  check: checkDryRun,
  paid: {
    recover: (context) => recoverReservations(dependenciesOf(context), context.signal),
    estimateBytes,
    includesDamaged: ({ config }) => config.pipeline.bigquery.include_damaged_months,
    credits: ({ config }) => config.pipeline.bigquery.payload,
  },
};

/** Time between two requests for the state of a running query. */
const POLL_MS = 2_000;

function dependenciesOf({
  environment,
  config,
  ledger,
  wallClock,
}: SourceContext): BigQueryDependencies {
  const { location, timeout_seconds } = config.pipeline.bigquery;
  return {
    api: openBigQueryApi({
      credentials: environment.bigqueryCredentials,
      project: environment.googleCloudProject,
      location,
      emulatorHost: environment.bigqueryEmulatorHost,
    }),
    ledger,
    clock: wallClock,
    timeoutMs: timeout_seconds * 1000,
    pollMs: POLL_MS,
    retryDelaysMs: CALL_RETRY_DELAYS_MS,
  };
}

function estimateBytes(
  context: SourceContext,
  window: TimeWindow,
  repositories: readonly TrackedRepository[],
): Promise<number> {
  const { signal, config } = context;
  const request = { window, repositories, signal };
  return estimateWindow(request, config.pipeline.bigquery, dependenciesOf(context));
}

/** Checks that BigQuery answers a dry run with these credentials. */
async function checkDryRun(context: SourceContext): Promise<string> {
  const to = ARCHIVE_DAMAGED_SINCE;
  const bytes = await estimateBytes(context, { from: new Date(to.getTime() - DAY_MS), to }, []);
  return `a dry run of a day answers ${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
