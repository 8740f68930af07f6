import type { Leaderboard } from '../../published/documents.ts';
import { buildEntry, type EntryRow } from './entry.ts';
import type { Appearance, Head } from './head.ts';

/** One board: whose and of which period, with the number of its contributors. */
export interface Board {
  /** `global` or `owner/name`. */
  readonly scope: string;
  readonly period: Leaderboard['period'];
  readonly total: number;
}

/** A board without contributors still has its first page. */
export function countPages(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}

export function buildLeaderboard(
  head: Head,
  board: Board,
  page: { readonly page: number; readonly pages: number },
  rows: readonly EntryRow[],
  appearance: Appearance,
): Leaderboard {
  return {
    ...head,
    scope: board.scope,
    period: board.period,
    page: page.page,
    pages: page.pages,
    total: board.total,
    entries: rows.map((row) => buildEntry(row, appearance)),
  };
}
