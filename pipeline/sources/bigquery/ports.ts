import type { Books } from './books.ts';
import type { Warehouse } from './warehouse.ts';

/** What the source is given: BigQuery, the books, the time. */
export interface BigQueryPorts {
  readonly warehouse: Warehouse;
  readonly books: Books;
  /** The real time: money is spent by it, whatever the clock of the run says. */
  readonly clock: () => Date;
  /** Longest that a query may run, in ms. */
  readonly timeoutMs: number;
  /** Between two questions whether it is done, in ms. */
  readonly pollMs: number;
  /** Between two tries of one call, in ms. */
  readonly retryDelaysMs: readonly number[];
}

/** A query that money is reserved for. */
export interface Run {
  readonly externalJobId: string;
  readonly reservationId: number;
  readonly ports: BigQueryPorts;
  readonly signal: AbortSignal;
}
