import type { Account } from './contribution.ts';

/** An account seen under a login over an interval of time: the raw material of the rename rule. */
export interface AccountObservation extends Account {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}
