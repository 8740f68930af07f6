import { CONTRIBUTION_KIND_TABLE, pointsFor } from '../../../pipeline/domain/contribution-kinds.ts';
import { PICTURE_TYPES } from '../../../pipeline/domain/picture.ts';
import type { Board, Entry } from '../../../pipeline/published/documents.ts';
import { SAFE_LOGIN } from '../../../pipeline/published/path-names.ts';
import { BOARD_SHARD } from '../../../pipeline/published/shards.ts';
import { DAY_MS, dateOf } from './format.ts';
import { type Counts, KINDS } from './kinds.ts';
import type { SiteFacts } from './site.ts';

/** A person on a board, read from its columns: by the build, and by the browser that sorts them. */
export interface BoardEntry
  extends Counts,
    Pick<
      Entry,
      'username' | 'display_name' | 'github_id' | 'avatar' | 'points' | 'rank' | 'previous_rank'
    >,
    Pick<Entry, 'total_score' | 'lines_added' | 'lines_deleted' | 'delta_7d' | 'trend'> {
  /** Whether others have the same rank. */
  readonly tied: boolean;
  /** `YYYY-MM-DD` of the last contribution. */
  readonly lastDay: string;
  /** `built`: a page of their own; `generic`: the page of all others; `none`: no login for a path. */
  readonly page: 'built' | 'generic' | 'none';
}

/** The documents of one board, all of them, in their order. */
export type Shards = readonly Board[];

type Columns = Board['columns'];
/** The columns that have a number for each person. */
export type NumberColumn =
  | 'rank'
  | 'total_score'
  | 'line_bonus'
  | 'delta_7d'
  | 'lines_added'
  | 'lines_deleted';

/** The person in a row, which is counted from 0 over all documents of the board. */
export function entryAt(
  shards: Shards,
  row: number,
  { base_points }: Pick<SiteFacts['scoring'], 'base_points'>,
): BoardEntry {
  const board = shards[Math.floor(row / BOARD_SHARD)] as Board;
  const { columns } = board;
  const place = row % BOARD_SHARD;
  const username = columns.username[place] ?? '';
  const count = (column: keyof Counts) => columns.counts[column]?.[place] ?? 0;
  const counts = Object.fromEntries(KINDS.map((kind) => [kind.count, count(kind.count)])) as Counts;
  const points = KINDS.map(({ kind, count }) => [
    kind,
    pointsFor(counts[count], base_points[kind]),
  ]);
  return {
    ...counts,
    username,
    display_name: columns.display_name?.[place] ?? null,
    github_id: columns.github_id?.[place] ?? null,
    avatar: PICTURE_TYPES[(columns.avatar?.[place] ?? 0) - 1],
    rank: columns.rank?.[place] ?? 0,
    previous_rank: columns.previous_rank?.[place] ?? null,
    tied: isTied(shards, row),
    total_score: columns.total_score?.[place] ?? 0,
    delta_7d: columns.delta_7d?.[place] ?? 0,
    trend: columns.trend?.[place] ?? [],
    points: {
      ...(Object.fromEntries(points) as Omit<Entry['points'], 'line_bonus'>),
      line_bonus: columns.line_bonus?.[place] ?? 0,
    },
    lines_added: columns.lines_added?.[place] ?? 0,
    lines_deleted: columns.lines_deleted?.[place] ?? 0,
    lastDay: dateOf((columns.last_contribution_day?.[place] ?? 0) * DAY_MS),
    page: pageOf(columns, place, username),
  };
}

const rankAt = (shards: Shards, row: number) =>
  shards[Math.floor(row / BOARD_SHARD)]?.columns.rank?.[row % BOARD_SHARD] ?? null;

/** Those who share a rank stand one after the other. */
function isTied(shards: Shards, row: number): boolean {
  const rank = rankAt(shards, row);
  return rank !== null && [row - 1, row + 1].some((other) => rankAt(shards, other) === rank);
}

function pageOf(columns: Columns, place: number, username: string): BoardEntry['page'] {
  if (columns.page?.[place]) return 'built';
  return SAFE_LOGIN.test(username) ? 'generic' : 'none';
}

/** A column of all shards; zeros where it is left out. */
export function readNumbers(shards: Shards, name: NumberColumn | keyof Counts): Float64Array {
  const columns = shards.map((board) => [board, columnOf(board.columns, name)] as const);
  const all = new Float64Array(
    columns.reduce((sum, [board]) => sum + board.columns.username.length, 0),
  );
  let start = 0;
  for (const [board, column] of columns) {
    column?.forEach((value, place) => {
      all[start + place] = value ?? 0;
    });
    start += board.columns.username.length;
  }
  return all;
}

function columnOf(columns: Columns, name: NumberColumn | keyof Counts) {
  return COUNT_NAMES.has(name)
    ? columns.counts[name as keyof Counts]
    : columns[name as NumberColumn];
}

const COUNT_NAMES: ReadonlySet<string> = new Set(
  Object.values(CONTRIBUTION_KIND_TABLE).map(({ column }) => column),
);
