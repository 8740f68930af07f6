import { handleWhen, IterableBackoff, retry } from 'cockatiel';
import { BigQueryFailure, type FailureKind } from './errors.ts';

/** Failures that a short wait may cure. Others are for the job's own retries, minutes later. */
const WORTH_A_WAIT: readonly FailureKind[] = ['rate_limit', 'backend', 'connection'];

/** Waits between tries of one call, in ms. Rate limits are counted over 100 s at the most. */
export const CALL_RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000, 20_000];

/** Tries a call again while a short wait may help; gives the last failure otherwise. */
export async function withRetries<T>(
  delaysMs: readonly number[],
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  const policy = retry(
    handleWhen((error) => error instanceof BigQueryFailure && WORTH_A_WAIT.includes(error.kind)),
    { maxAttempts: delaysMs.length, backoff: new IterableBackoff([...delaysMs]) },
  );
  return await policy.execute(call, signal);
}
