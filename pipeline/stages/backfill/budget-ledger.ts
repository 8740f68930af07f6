import type { Db } from '../../../db/client.ts';
import * as reservations from '../../../db/queries/reservations.ts';
import { type BudgetLedger, describeWarning } from '../../domain/budget.ts';
import type { Log } from '../../util/log.ts';

/** The budget of a source that costs money, stored in the database. A warning goes to the log. */
export function openBudgetLedger(
  db: Db,
  source: string,
  clock: () => Date,
  log: Log,
): BudgetLedger {
  return {
    async reserve(request) {
      const result = await reservations.reserve(db, source, request, clock());
      if (result.warning) log.warn({ ...result.warning }, describeWarning(result.warning));
      return result;
    },
    settle: (id, usage) => reservations.settle(db, id, usage, clock()),
    release: (id, reason) => reservations.release(db, id, reason, clock()),
    extendLease: (id, until) => reservations.extendLease(db, id, until),
    readSettledQuery: (jobId, idPrefix) =>
      reservations.readSettledQuery(db, jobId, idPrefix, clock()),
    readExpired: () => reservations.readExpired(db, source, clock()),
  };
}
