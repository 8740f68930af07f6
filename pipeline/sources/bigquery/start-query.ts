import { BigQueryFailure, type FailureKind } from './errors.ts';
import type { Run } from './ports.ts';
import type { ArchiveQuery } from './query.ts';
import { withRetries } from './retry.ts';

/** After these, the job may run although the call failed. */
const MAY_HAVE_STARTED: readonly FailureKind[] = ['timeout', 'connection', 'backend', 'unknown'];
/** After these, the call may still arrive and start the job, although BigQuery has none yet. */
const MAY_STILL_START: readonly FailureKind[] = ['timeout', 'connection', 'unknown'];

/**
 * Starts the query, or gives the reservation back where it surely never starts. Elsewhere the
 * money stays reserved until its lease ends and BigQuery's own record decides (`recover.ts`).
 */
export async function startQuery(
  run: Run,
  query: ArchiveQuery,
  limit: number,
  labels: Record<string, string>,
): Promise<void> {
  const { ports, signal, externalJobId } = run;
  const options = { externalJobId, maximumBytesBilled: limit, labels };
  const failed = new Set<FailureKind>();
  const isOneOf = (kinds: readonly FailureKind[]) => kinds.some((kind) => failed.has(kind));
  try {
    await withRetries(ports.retryDelaysMs, signal, () =>
      ports.warehouse.start(query, options, signal).catch((error) => {
        failed.add(error instanceof BigQueryFailure ? error.kind : 'unknown');
        throw error;
      }),
    );
  } catch (error) {
    const mayRun = isOneOf(MAY_HAVE_STARTED);
    if (mayRun && (await isThere(run))) return;
    // What may run stays reserved: better to hold money back than to spend it twice.
    if (!mayRun || (!isOneOf(MAY_STILL_START) && (await isAbsent(run)))) {
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
