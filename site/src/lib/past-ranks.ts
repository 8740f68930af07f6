import { findDocument } from './documents.ts';
import type { Period, Scope } from './site.ts';

/** Weeks that are shown: a quarter. */
const WEEKS = 13;

/** Ranks by week of the first of a board, from the history of ranks. */
export interface PastRanks {
  /** The first day of each week that has ranks, oldest first. */
  readonly days: readonly string[];
  /** By username; null: not among the first in that week. */
  readonly lines: ReadonlyMap<string, readonly (number | null)[]>;
}

export function readRanks(scope: Scope, period: Period): PastRanks {
  const history = findDocument('history');
  const board = history?.boards.find((own) => own.scope === scope && own.period === period);
  if (!history || !board) return { days: [], lines: new Map() };
  const days = history.weeks.slice(board.first_week);
  const from = Math.max(0, days.length - WEEKS);
  const lines = board.people.map((person, place) => {
    const ranks = board.ranks.slice(place * days.length, (place + 1) * days.length).slice(from);
    return [history.usernames[person] ?? '', ranks.map((rank) => rank || null)] as const;
  });
  return { days: days.slice(from), lines: new Map(lines) };
}
