import type { Db } from '../../../db/client.ts';
import { LEASE_SECONDS, renewLease } from '../../../db/queries/job-queue.ts';
import { LeaseLostError } from '../../../db/queries/jobs.ts';

/** A job that is held until `stop`; the signal aborts when another worker has taken it over. */
export interface Lease {
  readonly signal: AbortSignal;
  stop(): void;
}

/** Three heartbeats within a lease, so that one may be lost. */
const RENEWAL_MS = (LEASE_SECONDS * 1000) / 3;

export function startLeaseHeartbeat(
  db: Db,
  jobId: number,
  owner: string,
  outer: AbortSignal,
): Lease {
  const lost = new AbortController();
  const timer = setInterval(() => {
    renewLease(db, jobId, owner).then(
      (isHeld) => isHeld || lost.abort(new LeaseLostError(jobId)),
      // Ignored: the database may answer at the next heartbeat.
      () => {},
    );
  }, RENEWAL_MS);
  return {
    signal: AbortSignal.any([outer, lost.signal]),
    stop: () => clearInterval(timer),
  };
}
