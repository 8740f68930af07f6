import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import {
  type BoardEntryRow,
  readBoardEntries,
  readBoardSizes,
} from '../../../db/queries/published-boards.ts';
import type { TrackedRepositoryRow } from '../../../db/queries/published-repositories.ts';
import { PERIODS, type Period } from '../../domain/period.ts';
import { leaderboardSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { type Board, buildLeaderboard, countPages } from './leaderboard.ts';
import type { Report } from './report.ts';

/** Writes every page of every board: global first, then each repository's. */
export async function reportBoards(
  report: Report,
  repositories: readonly TrackedRepositoryRow[],
): Promise<void> {
  const sizes = new Map<string, number>();
  for (const { repository_id, period, total } of await readBoardSizes(report.db)) {
    sizes.set(`${repository_id} ${period}`, total);
  }
  const sizeOf = (id: number) => (period: Period) => sizes.get(`${id} ${period}`) ?? 0;
  await reportScope(report, GLOBAL_BOARD, 'global', sizeOf(GLOBAL_BOARD));
  for (const { id, owner, name } of repositories) {
    await reportScope(report, id, `${owner}/${name}`, sizeOf(id));
  }
}

/** Writes the boards of all periods of one scope in one ordered read. */
async function reportScope(
  report: Report,
  repositoryId: number,
  scope: string,
  sizeOf: (period: Period) => number,
): Promise<void> {
  const boardOf = (period: Period) => ({ scope, period, total: sizeOf(period) });
  for (const period of PERIODS) {
    if (sizeOf(period) === 0) writePage(report, boardOf(period), 1, []);
  }
  let page = 0;
  let period: Period | null = null;
  for await (const rows of inPages(
    readBoardEntries(report.db, repositoryId),
    report.config.site.page_size,
  )) {
    const [first] = rows as [BoardEntryRow];
    page = first.period === period ? page + 1 : 1;
    period = first.period;
    writePage(report, boardOf(period), page, rows);
  }
}

/** Cuts ordered rows into pages; a page holds rows of one period only. */
async function* inPages(
  entries: AsyncIterable<BoardEntryRow>,
  size: number,
): AsyncGenerator<BoardEntryRow[]> {
  let rows: BoardEntryRow[] = [];
  for await (const entry of entries) {
    if (rows.length === size || (rows[0] && rows[0].period !== entry.period)) {
      yield rows;
      rows = [];
    }
    rows.push(entry);
  }
  if (rows.length > 0) yield rows;
}

function writePage(report: Report, board: Board, page: number, rows: BoardEntryRow[]): void {
  const { head, appearance, folder, config } = report;
  const pages = countPages(board.total, config.site.page_size);
  const document = buildLeaderboard(head, board, { page, pages }, rows, appearance);
  for (const path of pathsOf(board, page)) folder.write(path, leaderboardSchema, document);
}

/** The first page of all time lies under a short path, too. */
function pathsOf({ scope, period }: Board, page: number): string[] {
  const [owner = '', name = ''] = scope.split('/');
  const isFirst = period === 'all' && page === 1;
  if (scope === 'global') {
    const path = documentPath('global_leaderboard_page', { period, page });
    return isFirst ? [documentPath('global_leaderboard'), path] : [path];
  }
  const path = documentPath('repository_leaderboard_page', { owner, name, period, page });
  return isFirst ? [documentPath('repository_leaderboard', { owner, name }), path] : [path];
}
