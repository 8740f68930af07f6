import { CONNECTION_CODES } from '../pipeline/domain/error-class.ts';
import type { Log } from '../pipeline/util/log.ts';
import { withRetries } from '../pipeline/util/retry.ts';

/**
 * SQLSTATE: 08 and 57P the server went away, 25P03 and 25P04 it ended a transaction that lasted too
 * long, 53300 it has no connection free.
 */
const LOST = /^(?:(?:08[0-9A-Z]|57P)[0-9A-Z]{2}|25P0[34]|53300)$/;
/** What the driver throws without a code. */
const LOST_MESSAGE =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Client (?:has encountered a connection error|was closed))/;
/** SQLSTATE connection_failure. */
const CONNECTION_FAILURE = '08006';

const lost = new WeakSet<Error>();

/**
 * Marks an error of the database's driver if it says that the connection ended or could not be
 * made, and returns it. `reason` is why the connection ended, where that was reported before.
 */
export function markLostConnection(error: unknown, reason?: Error): unknown {
  if (!(error instanceof Error)) return error;
  const coded = error as Error & { code?: unknown };
  if (LOST_MESSAGE.test(error.message)) {
    coded.code ??= CONNECTION_FAILURE;
    if (reason !== error) coded.cause ??= reason;
  }
  const code = String(coded.code ?? '');
  if (LOST.test(code) || code === 'ETIMEDOUT' || CONNECTION_CODES.includes(code)) lost.add(error);
  return error;
}

/** Whether an error, or one of its causes, is a lost connection to the database. */
export function isLostConnection(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (lost.has(at)) return true;
  return false;
}

/**
 * Waits before the second, third, … attempt, in ms. Together 31 s: a server that is restarted is
 * away for up to 20 s.
 */
const RECONNECT_DELAYS_MS: readonly number[] = [1_000, 3_000, 9_000, 18_000];

/** What work on the database needs, to be done again after a lost connection. */
export interface Reconnects {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Default: `RECONNECT_DELAYS_MS`. */
  readonly reconnectDelaysMs?: readonly number[];
}

/**
 * Does work on the database, and does it again from its start after the connection was lost: only
 * for work that may be done twice. Throws the last failure.
 * @param what names the work in the log
 */
export function withReconnects<T>(
  what: string,
  { log, signal, reconnectDelaysMs = RECONNECT_DELAYS_MS }: Reconnects,
  run: () => Promise<T>,
): Promise<T> {
  const isTransient = (error: unknown) => {
    if (!isLostConnection(error)) return false;
    log.warn({ work: what, err: error }, 'the connection to the database was lost');
    return true;
  };
  return withRetries(run, { delaysMs: reconnectDelaysMs, isTransient }, signal);
}
