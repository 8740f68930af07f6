import { MINUTE_MS } from '../domain/time.ts';

/** How long a run may read. What it has read by then is calculated and published. */
export interface TimeLimit {
  /** Whether nothing new may be begun any more, and what is being read stops at its next batch. */
  isOver(): boolean;
  /** Aborts a while after it is over: by then even a long wait between two batches ends. */
  readonly signal: AbortSignal;
}

/** A batch takes seconds; only a wait for GitHub's allowance or for BigQuery takes longer. */
const WAIT_MS = 30_000;

/** A limit that begins now. The clock of the machine may be set meanwhile. */
export function startTimeLimit(minutes: number, waitMs = WAIT_MS): TimeLimit {
  const end = performance.now() + minutes * MINUTE_MS;
  return {
    isOver: () => performance.now() >= end,
    signal: AbortSignal.timeout(Math.ceil(minutes * MINUTE_MS) + waitMs),
  };
}
