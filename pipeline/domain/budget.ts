/**
 * The decisions of the budget. Money is counted in whole micro-dollars and bytes in whole bytes,
 * so that sums are exact; every price is rounded up and every limit down.
 */

/** `config/budget.yaml`. */
export interface BudgetSettings {
  readonly dailyLimitUsd: number;
  readonly monthlyLimitUsd: number;
  /** Share of a limit, 0 to 1, from which a warning is due. */
  readonly warningThreshold: number;
  readonly pricePerTibUsd: number;
  readonly freeTibPerMonth: number;
}

/** Spending in micro-dollars: settled, and reserved by queries that run. */
export interface Spending {
  readonly today: PeriodSpending;
  readonly month: PeriodSpending;
  /** Bytes of the month's free allowance that are used or reserved. */
  readonly freeBytes: number;
}

export interface PeriodSpending {
  readonly settled: number;
  readonly reserved: number;
}

export interface Price {
  readonly micros: number;
  /** Bytes that the month's free allowance pays for. */
  readonly freeBytes: number;
}

/** Figures of a rejected reservation, in US dollars. */
export interface BudgetShortage {
  readonly neededUsd: number;
  readonly leftTodayUsd: number;
  readonly leftThisMonthUsd: number;
  readonly dailyLimitUsd: number;
  readonly monthlyLimitUsd: number;
}

/** Money that is requested for a query before it runs. */
export interface ReservationRequest {
  /** `scrape_jobs.id`; null without a job. */
  readonly jobId: number | null;
  /** The id of the query in BigQuery. It is known before the start, so its state can be checked. */
  readonly externalJobId: string;
  readonly bytesEstimated: number;
  /** A query that would be billed more fails. The reservation is the price of these bytes. */
  readonly maximumBytesBilled: number;
  readonly repositoryIds: readonly number[];
  /** At this time the query has ended, or its worker has died. */
  readonly leaseUntil: Date;
}

export interface Reservation {
  readonly reservationId: number;
}

/** A reservation whose worker may have died before it settled. */
export interface ExpiredReservation extends Reservation {
  readonly externalJobId: string | null;
  /** It was released already. */
  readonly isReleased: boolean;
}

/** The figures of BigQuery's own record of a query that has ended. */
export interface BilledUsage {
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
  readonly slotMillis: number;
}

/** The reservations of one source: the functions of `db/queries/reservations.ts`. */
export interface BudgetLedger {
  /** Reserves money, or returns the shortage. */
  reserve(
    request: ReservationRequest,
  ): Promise<Reservation | { readonly shortage: BudgetShortage }>;
  settle(reservationId: number, usage: BilledUsage): Promise<void>;
  release(reservationId: number, reason: string): Promise<void>;
  extendLease(reservationId: number, until: Date): Promise<void>;
  /**
   * The id of a query of this job that is already paid for, found by the beginning of its id; or
   * null. BigQuery keeps the rows of a query for a day, and reading them again costs nothing.
   */
  readSettledQuery(jobId: number, idPrefix: string): Promise<string | null>;
  /**
   * Reservations whose lease is over, and released ones of the last days, because their query
   * may have started later.
   */
  readExpired(): Promise<readonly ExpiredReservation[]>;
}

export type BudgetDecision =
  | { readonly fits: true; readonly price: Price }
  | { readonly fits: false; readonly shortage: BudgetShortage };

const TIB = 2 ** 40;
/** Least that BigQuery bills for each table that a query references: 10 MB. */
export const LEAST_BYTES_PER_TABLE = 10 * 2 ** 20;

/**
 * The most that a query may be billed: the dry run's bytes, and for each table what rounding
 * up (to whole MB, 10 MB at the least) can add.
 */
export function maximumBytesBilled(bytesEstimated: number, tableCount: number): number {
  return bytesEstimated + tableCount * LEAST_BYTES_PER_TABLE;
}

/** The price of bytes, of which the free allowance pays for up to `freeBytesLeft`. */
export function priceOf(bytes: number, settings: BudgetSettings, freeBytesLeft: number): Price {
  const freeBytes = Math.min(bytes, Math.max(0, freeBytesLeft));
  return { micros: microsOf(bytes - freeBytes, settings.pricePerTibUsd), freeBytes };
}

/** Micro-dollars for bytes, rounded up. */
export function microsOf(bytes: number, pricePerTibUsd: number): number {
  const perTib = BigInt(Math.ceil(roundNoise(pricePerTibUsd * 1e6)));
  const tib = BigInt(TIB);
  return Number((BigInt(bytes) * perTib + tib - 1n) / tib);
}

export function freeBytesLeft(settings: BudgetSettings, spending: Spending): number {
  return Math.floor(settings.freeTibPerMonth * TIB) - spending.freeBytes;
}

/** Whether a query that may be billed `bytes` fits into what is left of the day and the month. */
export function decideReservation(
  bytes: number,
  settings: BudgetSettings,
  spending: Spending,
): BudgetDecision {
  const price = priceOf(bytes, settings, freeBytesLeft(settings, spending));
  // A free query always fits, even if a limit was lowered below what is spent.
  if (price.micros === 0 || price.micros <= leftMicros(settings, spending))
    return { fits: true, price };
  return { fits: false, shortage: shortageOf(price, settings, spending) };
}

/** Micro-dollars that may still be reserved now. */
export function leftMicros(settings: BudgetSettings, spending: Spending): number {
  return Math.max(
    0,
    Math.min(
      toMicros(settings.dailyLimitUsd) - total(spending.today),
      toMicros(settings.monthlyLimitUsd) - total(spending.month),
    ),
  );
}

/** The most bytes that `micros` micro-dollars and the free bytes pay for. */
export function bytesFor(micros: number, settings: BudgetSettings, freeBytes: number): number {
  if (settings.pricePerTibUsd === 0) return Number.MAX_SAFE_INTEGER;
  const paid = (micros / 1e6 / settings.pricePerTibUsd) * TIB;
  return Math.floor(Math.min(Number.MAX_SAFE_INTEGER, paid + Math.max(0, freeBytes)));
}

function shortageOf(price: Price, settings: BudgetSettings, spending: Spending): BudgetShortage {
  const { dailyLimitUsd, monthlyLimitUsd } = settings;
  const left = (limit: number, spent: PeriodSpending) =>
    toUsd(Math.max(0, toMicros(limit) - total(spent)));
  return {
    neededUsd: toUsd(price.micros),
    leftTodayUsd: left(dailyLimitUsd, spending.today),
    leftThisMonthUsd: left(monthlyLimitUsd, spending.month),
    dailyLimitUsd,
    monthlyLimitUsd,
  };
}

/** A rejected reservation in one sentence, for the log and the job. */
export function describeShortage(shortage: BudgetShortage): string {
  const usd = (amount: number) => `${amount.toFixed(2)} USD`;
  return (
    `BUDGET_EXCEEDED: up to ${usd(shortage.neededUsd)} would be needed, but ` +
    `${usd(shortage.leftTodayUsd)} of today's ${usd(shortage.dailyLimitUsd)} and ` +
    `${usd(shortage.leftThisMonthUsd)} of this month's ${usd(shortage.monthlyLimitUsd)} are left; ` +
    'nothing was spent'
  );
}

export interface BudgetWarning {
  readonly of: 'day' | 'month';
  readonly usedUsd: number;
  readonly limitUsd: number;
}

/** The warning that is due when the day's or month's spending reaches the threshold; or null. */
export function warningDue(settings: BudgetSettings, spending: Spending): BudgetWarning | null {
  const gauges = [
    { of: 'month', used: total(spending.month), limit: settings.monthlyLimitUsd },
    { of: 'day', used: total(spending.today), limit: settings.dailyLimitUsd },
  ] as const;
  const over = gauges.find(
    ({ used, limit }) => used > 0 && used >= toMicros(limit) * settings.warningThreshold,
  );
  return over ? { of: over.of, usedUsd: toUsd(over.used), limitUsd: over.limit } : null;
}

export function describeWarning({ of, usedUsd, limitUsd }: BudgetWarning): string {
  return `${usedUsd.toFixed(2)} USD of this ${of}'s budget of ${limitUsd.toFixed(2)} USD are used`;
}

export function total({ settled, reserved }: PeriodSpending): number {
  return settled + reserved;
}

export function toUsd(micros: number): number {
  return micros / 1e6;
}

/** Whole micro-dollars, rounded down, so that a limit is never exceeded. */
export function toMicros(usd: number): number {
  return Math.floor(roundNoise(usd * 1e6));
}

/** Removes the noise of binary fractions: 4.35 * 1e6 is 4350000, not 4349999.999…. */
function roundNoise(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) < 1e-6 ? nearest : value;
}

/** What to do where a clock that was ahead has charged money on a later day, whose budget then counts. */
export const describeLateCharge = (day: string, today: string) =>
  `money was charged on ${day}, which is later than today (${today}): until then, only the budget ` +
  'of that day is left. If the clock was wrong when it was charged, type ' +
  `\`UPDATE cost_records SET charged_on = '${today}' WHERE charged_on > '${today}'\``;
