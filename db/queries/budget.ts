import {
  type BudgetShortage,
  type BudgetWarning,
  decideReservation,
  type Price,
  toUsd,
  warningDue,
} from '../../pipeline/domain/budget.ts';
import type { Db } from '../client.ts';
import { insertJobAudit } from './audit.ts';
import { lockBudgetTerms, readSpending, type Trx, utcDate } from './budget-terms.ts';

/** Reservations: money is set aside before a query runs. `settlements.ts` says what it cost. */

export interface ReservationRequest {
  readonly source: string;
  readonly jobId: number | null;
  /** The id that the query will run under: BigQuery can be asked about it whatever happens. */
  readonly externalJobId: string;
  readonly bytesEstimated: number;
  /** The query fails rather than be billed more: the price of this is what is reserved. */
  readonly maximumBytesBilled: number;
  readonly repositoryIds: readonly number[];
  /** When the query has surely ended, or its worker died. */
  readonly leaseUntil: Date;
}

export type ReservationResult = { readonly warning: BudgetWarning | null } & (
  | { readonly reservationId: number; readonly usdReserved: number }
  | { readonly shortage: BudgetShortage }
);

/** Sets money aside for a query, or says what is missing. Parallel workers wait for one another. */
export async function reserve(
  db: Db,
  request: ReservationRequest,
  now: Date,
): Promise<ReservationResult> {
  return await db.transaction().execute(async (trx) => {
    const terms = await lockBudgetTerms(trx);
    const before = await readSpending(trx, now);
    const decision = decideReservation(request.maximumBytesBilled, terms, before);
    const outcome = decision.fits
      ? await insertReservation(trx, request, decision.price, terms.pricePerTibUsd, now)
      : await refuse(trx, request, decision.shortage, now);
    const due = warningDue(terms, await readSpending(trx, now));
    const warning = due && (await isFirstToday(trx, request.source, now)) ? due : null;
    if (warning) await insertJobAudit(trx, 'BUDGET_WARNING', request.jobId, warning, now);
    return { ...outcome, warning };
  });
}

async function insertReservation(
  trx: Trx,
  request: ReservationRequest,
  price: Price,
  pricePerTibUsd: number,
  now: Date,
) {
  const usdReserved = toUsd(price.micros);
  const { id: reservationId } = await trx
    .insertInto('cost_records')
    .values({
      source: request.source,
      job_id: request.jobId,
      charged_on: utcDate(now),
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

async function refuse(trx: Trx, request: ReservationRequest, shortage: BudgetShortage, now: Date) {
  await insertJobAudit(trx, 'BUDGET_EXCEEDED', request.jobId, shortage, now);
  return { shortage };
}

/** Marks the day as warned, and says whether it was not yet. */
async function isFirstToday(trx: Trx, source: string, now: Date): Promise<boolean> {
  const nothing = { queries: 0, bytes_processed: 0, bytes_billed: 0, usd: 0 };
  const marked = await trx
    .insertInto('daily_cost_summaries')
    .values({ charged_on: utcDate(now), source, ...nothing, warned_at: now })
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
