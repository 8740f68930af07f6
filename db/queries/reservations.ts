import { sql } from 'kysely';
import {
  type BilledUsage,
  type BudgetShortage,
  type BudgetWarning,
  decideReservation,
  type ExpiredReservation,
  microsOf,
  type Price,
  type Reservation,
  type ReservationRequest,
  toUsd,
  warningDue,
} from '../../pipeline/domain/budget.ts';
import { DAY_MS, HOUR_MS } from '../../pipeline/domain/time.ts';
import type { Db, Trx } from '../client.ts';
import { insertJobAudit } from './audit.ts';
import { lockBudgetSettings, readBudgetDay, readSpending } from './budget.ts';

/** Money is reserved before a query runs, and then settled by what was billed, or released. */

export type ReservationResult = { readonly warning: BudgetWarning | null } & (
  | (Reservation & { readonly usdReserved: number })
  | { readonly shortage: BudgetShortage }
);

/** Reserves money for a query, or says what is missing. Parallel workers wait for one another. */
export async function reserve(
  db: Db,
  source: string,
  request: ReservationRequest,
  now: Date,
): Promise<ReservationResult> {
  return await db.transaction().execute(async (trx) => {
    const settings = await lockBudgetSettings(trx);
    const before = await readSpending(trx, now);
    const decision = decideReservation(request.maximumBytesBilled, settings, before);
    const outcome = decision.fits
      ? await insertReservation(trx, source, request, decision.price, settings.pricePerTibUsd, now)
      : await reject(trx, request, decision.shortage, now);
    const due = warningDue(settings, await readSpending(trx, now));
    const warning = due && (await isFirstToday(trx, source, now)) ? due : null;
    if (warning) await insertJobAudit(trx, 'BUDGET_WARNING', request.jobId, warning, now);
    return { ...outcome, warning };
  });
}

async function insertReservation(
  trx: Trx,
  source: string,
  request: ReservationRequest,
  price: Price,
  pricePerTibUsd: number,
  now: Date,
) {
  const usdReserved = toUsd(price.micros);
  const { id: reservationId } = await trx
    .insertInto('cost_records')
    .values({
      source,
      job_id: request.jobId,
      charged_on: await readBudgetDay(trx, now),
      status: 'RESERVED',
      external_job_id: request.externalJobId,
      bytes_estimated: request.bytesEstimated,
      maximum_bytes_billed: request.maximumBytesBilled,
      usd_reserved: usdReserved,
      price_per_tib_usd: pricePerTibUsd,
      free_bytes: price.freeBytes,
      repository_ids: [...request.repositoryIds],
      lease_until: request.leaseUntil,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { externalJobId, bytesEstimated } = request;
  const details = { reservationId, externalJobId, bytesEstimated, usdReserved };
  await insertJobAudit(trx, 'BUDGET_RESERVED', request.jobId, details, now);
  return { reservationId, usdReserved };
}

async function reject(trx: Trx, request: ReservationRequest, shortage: BudgetShortage, now: Date) {
  await insertJobAudit(trx, 'BUDGET_EXCEEDED', request.jobId, shortage, now);
  return { shortage };
}

/** Marks the day as warned; true if it was not marked before. */
async function isFirstToday(trx: Trx, source: string, now: Date): Promise<boolean> {
  const nothing = { queries: 0, bytes_processed: 0, bytes_billed: 0, usd: 0 };
  const marked = await trx
    .insertInto('daily_cost_summaries')
    .values({ charged_on: await readBudgetDay(trx, now), source, ...nothing, warned_at: now })
    .onConflict((conflict) =>
      conflict
        .columns(['charged_on', 'source'])
        .doUpdateSet({ warned_at: now })
        .where('daily_cost_summaries.warned_at', 'is', null),
    )
    .returning('charged_on')
    .executeTakeFirst();
  return marked !== undefined;
}

/**
 * Replaces the reserved amount by the billed one; does nothing if that was done before. A
 * reservation that was released is settled, too: the bill is the truth.
 */
export async function settle(
  db: Db,
  reservationId: number,
  usage: BilledUsage,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockBudgetSettings(trx);
    const record = await lockRecord(trx, reservationId);
    if (record.status === 'SETTLED') return;
    const freeBytes = Math.min(usage.bytesBilled, record.free_bytes);
    const usd = toUsd(microsOf(usage.bytesBilled - freeBytes, record.price_per_tib_usd));
    await trx
      .updateTable('cost_records')
      .set({
        status: 'SETTLED',
        bytes_processed: usage.bytesProcessed,
        bytes_billed: usage.bytesBilled,
        slot_millis: usage.slotMillis,
        usd_settled: usd,
        free_bytes: freeBytes,
        settled_at: now,
      })
      .where('id', '=', reservationId)
      .execute();
    await addToDay(trx, record, usage, usd);
    const details = { reservationId, ...usage, usd, usdReserved: record.usd_reserved };
    await insertJobAudit(trx, 'BUDGET_SETTLED', record.job_id, details, now);
  });
}

/** Releases a reservation whose query never ran, or failed, which costs nothing. */
export async function release(
  db: Db,
  reservationId: number,
  reason: string,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockBudgetSettings(trx);
    const record = await lockRecord(trx, reservationId);
    if (record.status !== 'RESERVED') return;
    await trx
      .updateTable('cost_records')
      .set({ status: 'RELEASED', free_bytes: 0, settled_at: now })
      .where('id', '=', reservationId)
      .execute();
    const details = { reservationId, reason, usdReserved: record.usd_reserved };
    await insertJobAudit(trx, 'BUDGET_RELEASED', record.job_id, details, now);
  });
}

/** Extends the lease of a reservation whose query still runs. */
export async function extendLease(db: Db, reservationId: number, until: Date): Promise<void> {
  await db
    .updateTable('cost_records')
    .set({ lease_until: until })
    .where('id', '=', reservationId)
    .where('status', '=', 'RESERVED')
    .execute();
}

/** How long a released reservation is checked again: its query may have run after all. */
const CHECKED_AGAIN_MS = 2 * DAY_MS;
/** Most released reservations that are checked: each costs a request to BigQuery. */
const MOST_CHECKED_AGAIN = 20;

/**
 * Reservations whose lease is over, and the latest of those that were released in the last days.
 */
export async function readExpired(
  db: Db,
  source: string,
  now: Date,
): Promise<ExpiredReservation[]> {
  const records = db
    .selectFrom('cost_records')
    .select(['id as reservationId', 'external_job_id as externalJobId'])
    .where('source', '=', source);
  const expired = await records
    .where('status', '=', 'RESERVED')
    .where('lease_until', '<', now)
    .orderBy('id')
    .execute();
  const released = await records
    .where('status', '=', 'RELEASED')
    .where('settled_at', '>', new Date(now.getTime() - CHECKED_AGAIN_MS))
    .orderBy('id', 'desc')
    .limit(MOST_CHECKED_AGAIN)
    .execute();
  return [
    ...expired.map((record) => ({ ...record, isReleased: false })),
    ...released.map((record) => ({ ...record, isReleased: true })),
  ];
}

/** BigQuery keeps the rows of a query for about 24 hours; 4 of them are left to read the rows. */
const ROWS_KEPT_MS = 20 * HOUR_MS;

/** The latest query of a job that was settled and whose rows can still be read; or null. */
export async function readSettledQuery(
  db: Db,
  jobId: number,
  idPrefix: string,
  now: Date,
): Promise<string | null> {
  const record = await db
    .selectFrom('cost_records')
    .select('external_job_id')
    .where('job_id', '=', jobId)
    .where('status', '=', 'SETTLED')
    .where('settled_at', '>', new Date(now.getTime() - ROWS_KEPT_MS))
    .where(sql<boolean>`starts_with(external_job_id, ${idPrefix})`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return record?.external_job_id ?? null;
}

async function lockRecord(trx: Trx, reservationId: number) {
  return await trx
    .selectFrom('cost_records')
    .selectAll()
    .where('id', '=', reservationId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

async function addToDay(
  trx: Trx,
  { charged_on, source }: { charged_on: string; source: string },
  { bytesProcessed, bytesBilled }: BilledUsage,
  usd: number,
): Promise<void> {
  const amounts = { bytes_processed: bytesProcessed, bytes_billed: bytesBilled, usd };
  await trx
    .insertInto('daily_cost_summaries')
    .values({ charged_on, source, queries: 1, ...amounts })
    .onConflict((conflict) =>
      conflict.columns(['charged_on', 'source']).doUpdateSet({
        queries: sql`daily_cost_summaries.queries + 1`,
        bytes_processed: sql`daily_cost_summaries.bytes_processed + excluded.bytes_processed`,
        bytes_billed: sql`daily_cost_summaries.bytes_billed + excluded.bytes_billed`,
        usd: sql`daily_cost_summaries.usd + excluded.usd`,
      }),
    )
    .execute();
}
