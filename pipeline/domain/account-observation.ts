import type { Account } from './contribution.ts';

/** An account as seen under a login over a stretch of time: the raw material of the rename rule. */
export interface AccountObservation extends Account {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}
