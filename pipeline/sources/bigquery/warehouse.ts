import type { ArchiveQuery } from './query.ts';

/** What this source asks of BigQuery. `client.ts` speaks to the real one. */
export interface Warehouse {
  /** Bytes that the query would process: a dry run, which costs nothing. */
  estimate(query: ArchiveQuery, signal: AbortSignal): Promise<number>;
  /** Starts the query under an id chosen by us; to start it again under the same id is harmless. */
  start(query: ArchiveQuery, options: StartOptions, signal: AbortSignal): Promise<void>;
  /** What BigQuery knows of a job; null if it never heard of it. */
  inspect(externalJobId: string, signal: AbortSignal): Promise<JobRecord | null>;
  /** Asks a job to stop. What it has read by then may be billed. */
  cancel(externalJobId: string, signal: AbortSignal): Promise<void>;
  /** One page of the rows of a job that is done. */
  readPage(externalJobId: string, page: string | null, signal: AbortSignal): Promise<ResultPage>;
}

export interface StartOptions {
  readonly externalJobId: string;
  /** The query fails, unbilled, rather than read more than this. */
  readonly maximumBytesBilled: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** BigQuery's own record of a job: what a reservation is settled by. */
export interface JobRecord {
  readonly isDone: boolean;
  /** Why it failed; null while it runs and when it succeeded. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
  readonly slotMillis: number;
}

export interface ResultPage {
  readonly rows: readonly unknown[];
  readonly totalRows: number;
  /** Of the next page; null after the last. */
  readonly next: string | null;
}
