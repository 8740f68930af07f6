/**
 * The published documents: the contract with the site and with every reader of the API.
 * All times are ISO 8601 in UTC; scores and points are numbers with at most three decimals.
 */

export * from './documents/board.ts';
export * from './documents/columns.ts';
export * from './documents/contributor.ts';
export * from './documents/facts.ts';
export type { Head } from './documents/fields.ts';
export * from './documents/history.ts';
export * from './documents/index-document.ts';
export * from './documents/manifest.ts';
export * from './documents/month.ts';
export * from './documents/operations.ts';
export * from './documents/repository.ts';
export * from './documents/repository-activity.ts';
export * from './documents/run.ts';
export * from './documents/trends.ts';
