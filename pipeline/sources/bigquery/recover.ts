import type { ExpiredBooking } from './books.ts';
import { closeBooks } from './job.ts';
import type { BigQueryPorts } from './ports.ts';

/**
 * Closes the books of workers that died between reserving and settling, by BigQuery's own
 * record of their jobs: settled if the query ran, given back if it never did. What cannot be
 * asked for now stays reserved. What was given back but ran all the same is settled, too. Returns
 * how many were closed.
 */
export async function recoverReservations(
  ports: BigQueryPorts,
  signal: AbortSignal,
): Promise<number> {
  let closed = 0;
  for (const expired of await ports.books.listExpired()) {
    if (await recover(expired, ports, signal).catch(() => false)) closed++;
  }
  return closed;
}

async function recover(
  { reservationId, externalJobId, isReleased }: ExpiredBooking,
  { warehouse, books, clock, timeoutMs }: BigQueryPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const record = externalJobId === null ? null : await warehouse.inspect(externalJobId, signal);
  if (isReleased && (!record?.isDone || record.bytesBilled === 0)) return false;
  if (!record) {
    await books.release(reservationId, 'its lease ran out, and BigQuery knows no such job');
    return true;
  }
  if (!record.isDone) {
    await books.extendLease(reservationId, new Date(clock().getTime() + timeoutMs));
    return false;
  }
  await closeBooks(books, reservationId, record);
  return true;
}
