import { SAFE_LOGIN } from '../../../pipeline/published/path-names.ts';
import type { BoardEntry } from '../lib/board-columns.ts';
import type { WholeBoard } from '../lib/boards.ts';
import { findDocument, readIndex } from '../lib/documents.ts';
import { type Html, html } from '../lib/html.ts';
import { type Period, personHref, type Scope, type Site } from '../lib/site.ts';
import { bump } from '../views/bump.ts';
import { strip } from '../views/strip.ts';

/** What stands above the first page of a board: the podium, the week's facts, how the first came there. */
export function summary(site: Site, board: WholeBoard, entries: readonly BoardEntry[]): Html {
  const { scope, period, hasHistory } = board;
  const document = findDocument('facts');
  const built = new Set(readIndex().contributors);
  const hrefOf = (username: string) =>
    SAFE_LOGIN.test(username) ? personHref(site, username, built.has(username)) : null;
  const { days, lines } = readRanks(scope, period);
  const names = entries.slice(0, 10).map(({ username }) => username);
  return html`${strip(site, {
    ...{ period, hasHistory, hrefOf },
    first: entries.slice(0, 3),
    facts: document?.boards.find((own) => own.scope === scope) ?? null,
    week: document && { from: document.from, to: document.to },
  })}${bump({
    days,
    lines: names.map((username) => ({
      username,
      href: hrefOf(username),
      ranks: lines.get(username) ?? days.map(() => null),
    })),
  })}`;
}

/** Weeks that are shown: a quarter. */
const WEEKS = 13;

/** Ranks by week of the first of a board, from the history of ranks. */
interface PastRanks {
  /** The first day of each week that has ranks, oldest first. */
  readonly days: readonly string[];
  /** By username; null: not among the first in that week. */
  readonly lines: ReadonlyMap<string, readonly (number | null)[]>;
}

function readRanks(scope: Scope, period: Period): PastRanks {
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
