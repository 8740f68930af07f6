import { setTimeout as delay } from 'node:timers/promises';
import { BigQueryFailure } from './errors.ts';

/**
 * Makes a call and waits for it, but not for ever: some answers leave the client's promise
 * pending. Throws a `timeout` failure after `millis`, and the signal's reason when it aborts;
 * where it has aborted already, the call is not made.
 */
export async function withDeadline<T>(
  call: () => Promise<T>,
  millis: number,
  signal: AbortSignal,
  what: string,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const timer = expiry(millis, AbortSignal.any([signal, over.signal]), what);
  try {
    return await Promise.race([call(), timer]);
  } finally {
    over.abort();
    timer.catch(() => {});
  }
}

async function expiry(millis: number, signal: AbortSignal, what: string): Promise<never> {
  try {
    await delay(millis, undefined, { signal });
  } catch {
    throw signal.reason;
  }
  throw new BigQueryFailure('timeout', null, `BigQuery did not answer ${what} in ${millis} ms`);
}
