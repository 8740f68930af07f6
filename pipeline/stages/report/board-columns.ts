import type { BoardEntry } from '../../../db/queries/report/boards.ts';
import { COUNT_COLUMNS } from '../../domain/contribution-kinds.ts';
import { DAY_MS } from '../../domain/time.ts';
import { type Board, type BoardColumns, boardSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { addressesOf } from './entry.ts';

/** What a document of a board by columns says besides its columns. */
export type BoardFacts = Pick<
  Board,
  'scope' | 'period' | 'shard' | 'shards' | 'total' | 'unknown_kinds' | 'unranked'
>;

/** Writes a part of a board by columns. */
export function writeBoardColumns(
  { head, folder, appearance }: Report,
  facts: BoardFacts,
  rows: readonly BoardEntry[],
): void {
  const document: Board = {
    ...head,
    ...facts,
    ...addressesOf(appearance),
    columns: buildColumns(rows),
  };
  const { scope, period, shard } = facts;
  const [owner = '', name = ''] = scope.split('/');
  const path =
    scope === 'global'
      ? documentPath('global_board', { period, shard })
      : documentPath('repository_board', { owner, name, period, shard });
  folder.write(path, boardSchema, document);
}

const dayOf = (moment: Date) => Math.floor(moment.getTime() / DAY_MS);

/** The columns, without those whose values are all 0 or null. */
function buildColumns(rows: readonly BoardEntry[]): BoardColumns {
  const counts = COUNT_COLUMNS.map((name) => [name, rows.map((row) => row[name])] as const);
  const columns = {
    github_id: rows.map((row) => (row.github_id > 0 ? row.github_id : null)),
    display_name: rows.map((row) => row.display_name),
    rank: rows.map((row) => (row.total_score > 0 ? row.rank : null)),
    previous_rank: rows.map((row) => row.previous_rank),
    total_score: rows.map((row) => row.total_score),
    line_bonus: rows.map((row) => row.points.line_bonus),
    lines_added: rows.map((row) => row.lines_added),
    lines_deleted: rows.map((row) => row.lines_deleted),
    first_contribution_day: rows.map((row) => dayOf(row.first_contribution_at)),
    last_contribution_day: rows.map((row) => dayOf(row.last_contribution_at)),
    repositories_contributed: rows.map((row) => row.repositories_contributed ?? 0),
  };
  return {
    username: rows.map((row) => row.login),
    ...Object.fromEntries(Object.entries(columns).filter(([, column]) => saysAnything(column))),
    counts: Object.fromEntries(counts.filter(([, column]) => saysAnything(column))),
  };
}

const saysAnything = (column: readonly (number | string | null)[]) =>
  column.some((value) => value !== 0 && value !== null);
