import {
  type BudgetTerms,
  bytesFor,
  freeBytesLeft,
  leftMicros,
  maximumBytesBilled,
  priceOf,
  type Spending,
  toUsd,
} from './budget.ts';

/** What is left of a budget while a plan is made; the plan itself reserves nothing. */
export interface Purse {
  /** The most that a query of so many bytes over so many tables may be billed, in US dollars. */
  usdFor(bytes: number, tableCount: number): number;
  /** Takes that much out; false, and nothing taken, where it is not there. */
  pay(bytes: number, tableCount: number): boolean;
  /** Bytes that what is left would pay for. */
  bytesLeft(): number;
}

export function createPurse(terms: BudgetTerms, spending: Spending): Purse {
  let micros = leftMicros(terms, spending);
  let free = freeBytesLeft(terms, spending);
  const price = (bytes: number, tableCount: number) =>
    priceOf(maximumBytesBilled(bytes, tableCount), terms, free);
  return {
    usdFor: (bytes, tableCount) => toUsd(price(bytes, tableCount).micros),
    pay(bytes, tableCount) {
      const due = price(bytes, tableCount);
      if (due.micros > micros) return false;
      micros -= due.micros;
      free -= due.freeBytes;
      return true;
    },
    bytesLeft: () => bytesFor(micros, terms, free),
  };
}
