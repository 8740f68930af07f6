import type { BudgetShortage } from '../../domain/budget.ts';

/** The budget as this source sees it; `db/queries/budget.ts` keeps it. */
export interface Books {
  /** Sets money aside, or says what is missing. */
  reserve(request: BookingRequest): Promise<Booking | { readonly shortage: BudgetShortage }>;
  settle(reservationId: number, usage: BookedUsage): Promise<void>;
  release(reservationId: number, reason: string): Promise<void>;
  extendLease(reservationId: number, until: Date): Promise<void>;
  /**
   * A query of this job that was paid for already, by the beginning of its id; null if there is
   * none. BigQuery keeps its rows for a day, and to read them again costs nothing.
   */
  findSettled(jobId: number, idPrefix: string): Promise<string | null>;
  /**
   * Reservations whose worker should have settled them long ago, and those of the last days that
   * were given back: their query may have started after all.
   */
  listExpired(): Promise<readonly ExpiredBooking[]>;
}

export interface BookingRequest {
  readonly jobId: number | null;
  readonly externalJobId: string;
  readonly bytesEstimated: number;
  readonly maximumBytesBilled: number;
  readonly repositoryIds: readonly number[];
  readonly leaseUntil: Date;
}

export interface Booking {
  readonly reservationId: number;
}

export interface ExpiredBooking {
  readonly reservationId: number;
  readonly externalJobId: string | null;
  /** It was given back already. */
  readonly isReleased: boolean;
}

export interface BookedUsage {
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
  readonly slotMillis: number;
}
