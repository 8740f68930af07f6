import { setTimeout as delay } from 'node:timers/promises';
import { BigQueryFailure } from './errors.ts';
import type { Run } from './ports.ts';
import { withRetries } from './retry.ts';
import type { JobRecord } from './warehouse.ts';

/** A cancelled query has so many polls to stop in. */
const POLLS_AFTER_CANCEL = 10;

/** Waits until the query is done; one that takes too long is cancelled. */
export async function awaitEnd(run: Run): Promise<JobRecord> {
  const { ports, signal, externalJobId } = run;
  const end = ports.clock().getTime() + ports.timeoutMs;
  let pollsLeft = Number.POSITIVE_INFINITY;
  for (;;) {
    const record = await withRetries(ports.retryDelaysMs, signal, () =>
      ports.warehouse.inspect(externalJobId, signal),
    );
    if (!record) throw new BigQueryFailure('backend', 'notFound', `job ${externalJobId} is gone`);
    if (record.isDone) return record;
    if (pollsLeft-- <= 0) throw new BigQueryFailure('timeout', null, tooLong(ports.timeoutMs));
    if (ports.clock().getTime() >= end && pollsLeft > POLLS_AFTER_CANCEL) {
      await ports.warehouse.cancel(externalJobId, signal).catch(() => {});
      pollsLeft = POLLS_AFTER_CANCEL;
    }
    await delay(ports.pollMs, undefined, { signal });
  }
}

const tooLong = (millis: number) =>
  `the query took longer than ${millis / 1000} s and was cancelled (pipeline.bigquery.timeout_seconds)`;
