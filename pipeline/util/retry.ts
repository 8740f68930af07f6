import { handleWhen, IterableBackoff, retry } from 'cockatiel';

/** When and how often a call is made again inside the process. */
export interface RetryPolicy {
  /** Waits before the second, third, … try, in ms; after the last wait there is one more try. */
  readonly delaysMs: readonly number[];
  /** Whether a failure may be gone after a short wait. */
  readonly isTransient: (error: unknown) => boolean;
}

/** Makes a call, and makes it again after a transient failure. Throws the last failure. */
export async function withRetries<T>(
  call: () => Promise<T>,
  { delaysMs, isTransient }: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  const policy = retry(handleWhen(isTransient), {
    maxAttempts: delaysMs.length,
    backoff: new IterableBackoff([...delaysMs]),
  });
  return await policy.execute(call, signal);
}
