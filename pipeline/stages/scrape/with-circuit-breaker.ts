import type { Db } from '../../../db/client.ts';
import { admitCall, recordFailure, recordSuccess } from '../../../db/queries/breakers.ts';
import { BreakerOpenError, type BreakerPolicy, countsAgainstSource } from '../../domain/breaker.ts';
import { classifyError } from '../../domain/error-class.ts';
import type { ReadSource, SourceBatch, SourceName, SourceRequest } from '../../domain/source.ts';

export interface CircuitBreakerContext {
  readonly db: Db;
  readonly policy: BreakerPolicy;
  /** The real time, because an open circuit does not follow the clock of the run. */
  readonly clock: () => Date;
}

/** Adds a circuit breaker to a source. Throws `BreakerOpenError` while the circuit is open. */
export function withCircuitBreaker(
  source: SourceName,
  read: ReadSource,
  { db, policy, clock }: CircuitBreakerContext,
): ReadSource {
  return async function* guarded(request: SourceRequest): AsyncGenerator<SourceBatch> {
    const admission = await admitCall(db, source, policy, clock());
    if (!admission.isAdmitted) throw new BreakerOpenError(source, admission.retryAt);
    try {
      yield* read(request);
    } catch (error) {
      // A stopped run is no failure of the source.
      if (!request.signal.aborted) await note(error);
      throw error;
    }
    await recordSuccess(db, source, clock());
  };

  async function note(error: unknown): Promise<void> {
    if (!countsAgainstSource(classifyError(error))) await recordSuccess(db, source, clock());
    else await recordFailure(db, source, policy, clock(), opensBreaker(error));
  }
}

/** Some errors of sources state that the failure will last. */
function opensBreaker(error: unknown): boolean {
  return (error as { opensBreaker?: unknown } | null)?.opensBreaker === true;
}
