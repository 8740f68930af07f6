import { DAY_MS, isoDate, isoMonth } from './time.ts';

/** The spending of a day as far as it is known after the database was lost. */
export interface LedgerDay {
  /** UTC date. */
  readonly date: string;
  readonly usd: number;
  readonly bytesBilled: number;
  readonly queries: number;
  /** What may have been spent beside it. */
  readonly unknownUsd: number;
}

/** What the last published document says of it. */
export interface PublishedSpending {
  readonly generatedAt: Date;
  readonly days: readonly Omit<LedgerDay, 'unknownUsd'>[];
}

interface Limits {
  readonly dailyUsd: number;
  readonly monthlyUsd: number;
}

/** The first moment of the next month, UTC. */
export function endOfMonth(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}

/**
 * The ledger of this month, so that its limits are kept: nothing published after the document is
 * known, so that each day from then on counts with its whole limit; without a document, so does the
 * month.
 */
export function restoreLedgerDays(
  published: PublishedSpending | null,
  limits: Limits,
  now: Date,
): LedgerDay[] {
  const today = isoDate(now);
  const nothing = { usd: 0, bytesBilled: 0, queries: 0 };
  if (!published) return [{ date: today, ...nothing, unknownUsd: limits.monthlyUsd }];
  const known = new Map(published.days.map((day) => [day.date, day]));
  const knownUntil = isoDate(published.generatedAt);
  return daysOfMonth(now).map((date) => {
    const day = { date, ...(known.get(date) ?? nothing) };
    const isUnknown = date >= knownUntil;
    return { ...day, unknownUsd: isUnknown ? Math.max(0, limits.dailyUsd - day.usd) : 0 };
  });
}

/** The days of a month up to today. */
function daysOfMonth(now: Date): string[] {
  const first = Date.parse(`${isoMonth(now)}-01`);
  const count = now.getUTCDate();
  return Array.from({ length: count }, (_, index) => isoDate(new Date(first + index * DAY_MS)));
}
