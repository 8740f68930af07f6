import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import {
  type BoardEntry,
  readBoardEntries,
  type readBoardSizes,
} from '../../../db/queries/report/boards.ts';
import type { PublishedRepository } from '../../../db/queries/report/repositories.ts';
import { fullName } from '../../domain/names.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import { type Leaderboard, leaderboardSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { buildEntry } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';

/** The boards of one repository, or of all together, with the contributors on each. */
export interface Scope {
  /** 0 for all repositories together. */
  readonly repositoryId: number;
  /** `global` or `owner/name`. */
  readonly scope: string;
  readonly totals: ReadonlyMap<Period, number>;
  readonly unranked: ReadonlyMap<Period, Leaderboard['unranked']>;
}

type BoardSize = Awaited<ReturnType<typeof readBoardSizes>>[number];

/** The scopes that have boards: global first, then each repository. */
export function planScopes(
  repositories: readonly PublishedRepository[],
  sizes: readonly BoardSize[],
): [Scope, ...Scope[]] {
  const byRepository = Map.groupBy(sizes, (size) => size.repository_id);
  const scopeOf = (repositoryId: number, scope: string): Scope => {
    const own = byRepository.get(repositoryId) ?? [];
    const ranked = own.filter(({ total }) => total > 0);
    return {
      repositoryId,
      scope,
      totals: new Map(ranked.map(({ period, total }) => [period, total])),
      unranked: new Map(own.map((size) => [size.period, unrankedOf(size)])),
    };
  };
  const ofRepositories = repositories.map((row) => scopeOf(row.id, fullName(row)));
  return [scopeOf(GLOBAL_BOARD, 'global'), ...ofRepositories];
}

const unrankedOf = ({ unranked, unranked_contributions }: BoardSize) => ({
  contributors: unranked,
  contributions: unranked_contributions,
});

/** Writes the boards of all periods of one scope in one ordered read. */
export async function writeBoards(report: Report, scope: Scope): Promise<void> {
  for (const period of PERIODS) {
    if (!scope.totals.has(period)) writePage(report, scope, { period, page: 1 }, []);
  }
  const pageSize = report.config.site.page_size;
  let page = 0;
  let period: Period | null = null;
  for await (const rows of inPages(readBoardEntries(report.db, scope.repositoryId), pageSize)) {
    const [first] = rows as [BoardEntry];
    page = first.period === period ? page + 1 : 1;
    period = first.period;
    writePage(report, scope, { period: first.period, page }, rows);
  }
}

/** Cuts ordered rows into pages; a page holds rows of one period only. */
async function* inPages(
  entries: AsyncIterable<BoardEntry>,
  size: number,
): AsyncGenerator<BoardEntry[]> {
  let rows: BoardEntry[] = [];
  for await (const entry of entries) {
    if (rows.length === size || (rows[0] && rows[0].period !== entry.period)) {
      yield rows;
      rows = [];
    }
    rows.push(entry);
  }
  if (rows.length > 0) yield rows;
}

type Page = Pick<Leaderboard, 'period' | 'page'>;

function writePage(report: Report, scope: Scope, page: Page, rows: readonly BoardEntry[]): void {
  const document = buildBoard(report, scope, page, rows);
  for (const path of pathsOf(document)) report.folder.write(path, leaderboardSchema, document);
}

function buildBoard(
  { head, appearance, config, knowledge }: Report,
  { repositoryId, scope, totals, unranked }: Scope,
  { period, page }: Page,
  rows: readonly BoardEntry[],
): Leaderboard {
  const total = totals.get(period) ?? 0;
  return {
    ...head,
    scope,
    period,
    page,
    pages: countPages(total, config.site.page_size),
    total,
    unknown_kinds: unknownKindsOf(knowledge, repositoryId, period),
    unranked: unranked.get(period) ?? { contributors: 0, contributions: 0 },
    entries: rows.map((row) => buildEntry(row, appearance)),
  };
}

/** A board without contributors still has its first page. */
function countPages(total: number, pageSize: number): number {
  return Math.max(1, Math.ceil(total / pageSize));
}

/** The first page of all time has a short path, too. */
function pathsOf({ scope, period, page }: Leaderboard): string[] {
  const [owner = '', name = ''] = scope.split('/');
  const isFirst = period === 'all' && page === 1;
  if (scope === 'global') {
    const path = documentPath('global_leaderboard_page', { period, page });
    return isFirst ? [documentPath('global_leaderboard'), path] : [path];
  }
  const path = documentPath('repository_leaderboard_page', { owner, name, period, page });
  return isFirst ? [documentPath('repository_leaderboard', { owner, name }), path] : [path];
}
