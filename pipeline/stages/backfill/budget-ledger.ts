import type { Db } from '../../../db/client.ts';
import {
  extendLease,
  findSettledQuery,
  listExpiredReservations,
  release,
  reserve,
  settle,
} from '../../../db/queries/reservations.ts';
import { type BudgetWarning, describeWarning } from '../../domain/budget.ts';
import type { Books } from '../../sources/bigquery/books.ts';
import type { Log } from '../../util/log.ts';

/** The books of a source that costs money, kept in the database. A warning goes to the log. */
export function openBooks(db: Db, source: string, clock: () => Date, log: Log): Books {
  return {
    async reserve(request) {
      const result = await reserve(db, { ...request, source }, clock());
      if (result.warning) warn(result.warning, log);
      return result;
    },
    settle: (reservationId, usage) => settle(db, reservationId, usage, clock()),
    release: (reservationId, reason) => release(db, reservationId, reason, clock()),
    extendLease: (reservationId, until) => extendLease(db, reservationId, until),
    findSettled: (jobId, idPrefix) => findSettledQuery(db, jobId, idPrefix, clock()),
    listExpired: () => listExpiredReservations(db, source, clock()),
  };
}

function warn(warning: BudgetWarning, log: Log): void {
  log.warn({ ...warning }, describeWarning(warning));
}
