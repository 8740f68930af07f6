import type { TableName } from './tables.ts';

/** What the page for queries and its worker say to each other. */

/** Where the worker finds what it needs. */
export interface SqlFiles {
  /** The folder of PostgreSQL's files, with a slash at its end. */
  readonly postgres: string;
  readonly tables: Readonly<Record<TableName, string>>;
}

export interface SqlRequest {
  readonly files: SqlFiles;
  readonly query: string;
}

export interface SqlResult {
  /** A column is a number if its values are to be read as such. */
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  /** As PostgreSQL writes them; null is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** There are more rows than are asked for. */
  readonly hasMore: boolean;
  readonly milliseconds: number;
}

export type SqlAnswer =
  /** What is done now; `isRunning`: the time of the query begins. */
  | { readonly step: string; readonly isRunning: boolean }
  | { readonly result: SqlResult }
  /** Where the query is wrong, as PostgreSQL says it; `at`: its place in the query, from 0. */
  | { readonly error: string; readonly at: number | null };

/** The most rows that a query gives: a page can show no more. */
export const MOST_ROWS = 1_000;
