import { BigQueryFailure, type FailureKind } from './failure.ts';
import type { Run } from './ports.ts';
import type { ArchiveQuery } from './query.ts';
import { withRetries } from './retry.ts';

/** After these, the job may run although the call failed. */
const MAY_HAVE_STARTED: readonly FailureKind[] = ['timeout', 'connection', 'backend', 'unknown'];

/** Starts the query, or makes sure that it did not start and gives the reservation back. */
export async function startQuery(
  run: Run,
  query: ArchiveQuery,
  limit: number,
  labels: Record<string, string>,
): Promise<void> {
  const { ports, signal, externalJobId } = run;
  const options = { externalJobId, maximumBytesBilled: limit, labels };
  let mayRun = false;
  try {
    await withRetries(ports.retryDelaysMs, signal, () =>
      ports.warehouse.start(query, options, signal).catch((error) => {
        mayRun ||= !(error instanceof BigQueryFailure) || MAY_HAVE_STARTED.includes(error.kind);
        throw error;
      }),
    );
  } catch (error) {
    // What may run stays reserved: better to hold money back than to spend it twice.
    if (mayRun && (await isThere(run))) return;
    if (!mayRun || (await isAbsent(run))) {
      await ports.books.release(run.reservationId, `not started: ${String(error)}`);
    }
    throw error;
  }
}

async function isThere({ ports, externalJobId, signal }: Run): Promise<boolean> {
  const record = await ports.warehouse.inspect(externalJobId, signal).catch(() => null);
  return record !== null;
}

async function isAbsent({ ports, externalJobId, signal }: Run): Promise<boolean> {
  const record = await ports.warehouse.inspect(externalJobId, signal).catch(() => undefined);
  return record === null;
}
