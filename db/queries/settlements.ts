import { sql } from 'kysely';
import { microsOf, toUsd } from '../../pipeline/domain/budget.ts';
import type { Db } from '../client.ts';
import { insertJobAudit } from './audit.ts';
import { lockBudgetTerms, type Trx } from './budget-terms.ts';

/** What becomes of a reservation: settled by what was billed, or given back. */

/** What BigQuery's own record says of a query that has ended. */
export interface BilledUsage {
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
  readonly slotMillis: number;
}

/**
 * Replaces what was reserved by what was billed; does nothing if that was done before.
 * A reservation that was given back all the same is settled, too: what was billed is true.
 */
export async function settle(
  db: Db,
  reservationId: number,
  usage: BilledUsage,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockBudgetTerms(trx);
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

/** Gives a reservation back: its query never ran, or failed, which costs nothing. */
export async function release(
  db: Db,
  reservationId: number,
  reason: string,
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockBudgetTerms(trx);
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

/** Gives a query that still runs more time. */
export async function extendLease(db: Db, reservationId: number, until: Date): Promise<void> {
  await db
    .updateTable('cost_records')
    .set({ lease_until: until })
    .where('id', '=', reservationId)
    .where('status', '=', 'RESERVED')
    .execute();
}

/** So long after it was given back, a reservation is looked at again: its query may have run. */
const LOOKED_AT_AGAIN_MS = 2 * 86_400_000;
/** Most of these: each is a question to BigQuery. */
const LOOKED_AT_AGAIN = 20;

/**
 * Reservations whose worker should have settled them long ago, and the last that were given back
 * within days.
 */
export async function listExpiredReservations(
  db: Db,
  source: string,
  now: Date,
): Promise<{ reservationId: number; externalJobId: string | null; isReleased: boolean }[]> {
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
    .where('settled_at', '>', new Date(now.getTime() - LOOKED_AT_AGAIN_MS))
    .orderBy('id', 'desc')
    .limit(LOOKED_AT_AGAIN)
    .execute();
  return [
    ...expired.map((record) => ({ ...record, isReleased: false })),
    ...released.map((record) => ({ ...record, isReleased: true })),
  ];
}

/** BigQuery keeps the rows of a query for about 24 hours; so much is left to read them in. */
const ROWS_KEPT_MS = 20 * 3_600_000;

/** The latest query of a job that was settled and whose rows can still be read; or null. */
export async function findSettledQuery(
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
