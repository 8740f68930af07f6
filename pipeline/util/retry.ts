import { setTimeout as sleep } from 'node:timers/promises';
import { handleWhen, retry } from 'cockatiel';

/** When and how often a call is made again inside the process. */
export interface RetryPolicy {
  /** Waits before the second, third, … try, in ms; after the last wait there is one more try. */
  readonly delaysMs: readonly number[];
  /** Whether a failure may be gone after a short wait. */
  readonly isTransient: (error: unknown) => boolean;
}

/** Makes a call, and makes it again after a transient failure. Throws the last failure, or at once when the signal
 * aborts during a wait. */
export async function withRetries<T>(
  call: () => Promise<T>,
  { delaysMs, isTransient }: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  const policy = retry(handleWhen(isTransient), {
    maxAttempts: delaysMs.length,
  });
  // The wait is here, and not in the policy, so that the signal ends it.
  return await policy.execute(async ({ attempt }) => {
    const waitMs = delaysMs[attempt - 1];
    if (waitMs !== undefined) await sleep(waitMs, undefined, { signal });
    return await call();
  }, signal);
}
