import type { Entry } from '../../../pipeline/published/documents.ts';
import { boardFacts, hasPage } from './board.ts';
import { readBoard, readIndex } from './documents.ts';
import { AVATAR_START, encodeShares } from './entry.ts';
import { DAY_MS } from './format.ts';
import { groupPoints } from './kinds.ts';
import { TABLE_COLUMNS } from './table-columns.ts';
import { outsideHref, type Period, type Scope } from './urls.ts';

/**
 * A whole board by columns, so that a browser can sort and search all of it. Columns and
 * not rows: no key is repeated, and equal values stand side by side, which compresses well.
 */
export interface ColumnsFile {
  readonly username: string[];
  /** 0 for no name: shorter than null. */
  readonly name: (string | 0)[];
  /** Without its usual beginning; 0 for none. */
  readonly avatar: (string | 0)[];
  readonly rank: number[];
  readonly previous: number[];
  readonly score: number[];
  readonly shares: string[];
  /** Last contribution in days since 1970. */
  readonly last: number[];
  /** 1 where there is a page of this contributor. */
  readonly page: string;
  readonly numbers: Record<string, number[]>;
}

export function buildColumns(scope: Scope, period: Period): ColumnsFile {
  const entries = Array.from(
    { length: boardFacts(scope, period).pages },
    (_, index) => index + 1,
  ).flatMap((page) => readBoard(scope, period, page).entries);
  const numbers = TABLE_COLUMNS.map(({ id, value }) => [id, entries.map(value)]);
  return {
    username: entries.map((entry) => entry.username),
    name: entries.map((entry) => entry.display_name ?? 0),
    avatar: entries.map(shortAvatar),
    rank: entries.map((entry) => entry.rank),
    previous: entries.map((entry) => entry.previous_rank ?? 0),
    score: entries.map((entry) => entry.total_score),
    shares: entries.map((entry) => encodeShares(groupPoints(entry.points))),
    last: entries.map((entry) => Math.floor(Date.parse(entry.last_contribution_at) / DAY_MS)),
    page: entries.map((entry) => (hasPage(entry.username) ? 1 : 0)).join(''),
    numbers: Object.fromEntries(numbers),
  };
}

function shortAvatar({ avatar_url }: Entry): string | 0 {
  const url = avatarHref(avatar_url);
  if (url === null) return 0;
  return url.startsWith(AVATAR_START) ? url.slice(AVATAR_START.length) : url;
}

/** Pictures are the only requests to another host; a setting turns them off. */
export function avatarHref(url: string | null): string | null {
  const outside = readIndex().avatars ? outsideHref(url) : null;
  return outside?.startsWith('https://') ? outside : null;
}
