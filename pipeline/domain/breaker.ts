import { type ErrorClass, SourceError } from './error-class.ts';

/** A circuit breaker: failures in a row open the circuit; after a wait, one trial call decides. */

export interface BreakerPolicy {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open, in ms. */
  readonly resetMs: number;
}

export interface Breaker {
  readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  readonly failures: number;
  readonly openedAt: Date | null;
  readonly updatedAt: Date;
}

export type Admission =
  | { readonly isAdmitted: true; readonly breaker: Breaker }
  | { readonly isAdmitted: false; readonly retryAt: Date };

export function closedBreaker(now: Date): Breaker {
  return { state: 'CLOSED', failures: 0, openedAt: null, updatedAt: now };
}

/** Whether a call may be made now. An admitted call of an open breaker is its one trial call. */
export function admit(breaker: Breaker, policy: BreakerPolicy, now: Date): Admission {
  if (breaker.state === 'CLOSED') return { isAdmitted: true, breaker };
  // A trial call whose worker died must not keep the breaker half open for ever.
  const since =
    breaker.state === 'OPEN' ? (breaker.openedAt ?? breaker.updatedAt) : breaker.updatedAt;
  const retryAt = new Date(since.getTime() + policy.resetMs);
  if (now < retryAt) return { isAdmitted: false, retryAt };
  return { isAdmitted: true, breaker: { ...breaker, state: 'HALF_OPEN', updatedAt: now } };
}

/** After a success. A call that began before the breaker opened is ignored. */
export function afterSuccess(breaker: Breaker, now: Date): Breaker {
  return breaker.state === 'OPEN' ? breaker : closedBreaker(now);
}

/** After a failure. `opensAtOnce`: the failure will last, for example a used-up quota. */
export function afterFailure(
  breaker: Breaker,
  policy: BreakerPolicy,
  now: Date,
  opensAtOnce = false,
): Breaker {
  const failures = breaker.failures + 1;
  // A call that began before the breaker opened does not extend the wait.
  if (breaker.state === 'OPEN') return { ...breaker, failures, updatedAt: now };
  const opens = opensAtOnce || breaker.state === 'HALF_OPEN' || failures >= policy.failures;
  if (!opens) return { ...breaker, failures, updatedAt: now };
  return { state: 'OPEN', failures, openedAt: now, updatedAt: now };
}

/** The circuit is open. No call was made, so the job has not failed. */
export class BreakerOpenError extends SourceError {
  readonly retryAt: Date;

  constructor(source: string, retryAt: Date) {
    super('connection', `${source}: circuit open after failures until ${retryAt.toISOString()}`);
    this.retryAt = retryAt;
  }
}

/** Failures that count against the source; any other failure shows that it has answered. */
const COUNTED: readonly ErrorClass[] = [
  'timeout',
  'quota',
  'connection',
  'unauthorized',
  'unknown',
];

export function countsAgainstSource(errorClass: ErrorClass): boolean {
  return COUNTED.includes(errorClass);
}
