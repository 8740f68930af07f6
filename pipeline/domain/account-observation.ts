import type { Account } from './contribution.ts';

/** An account seen under a login over an interval of time: the input of the rename rule. */
export interface AccountObservation extends Account {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}
