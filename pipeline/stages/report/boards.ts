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
import { BOARD_SHARD, countBoardShards } from '../../published/shards.ts';
import { writeBoardColumns } from './board-columns.ts';
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
    return {
      repositoryId,
      scope,
      totals: new Map(own.map(({ period, total }) => [period, total])),
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
  const missing = new Set(PERIODS);
  let shard = 0;
  let top: BoardEntry[] = [];
  for await (const rows of inShards(readBoardEntries(report.db, scope.repositoryId))) {
    const [{ period }] = rows as [BoardEntry];
    const isNew = missing.delete(period);
    shard = isNew ? 1 : shard + 1;
    if (isNew) top = [];
    top.push(...rows.slice(0, rowsByRow(report) - top.length));
    writeShard(report, { scope, period, shard }, rows, top);
  }
  for (const period of missing) writeShard(report, { scope, period, shard: 1 }, [], []);
}

/** Entries of a board that are also published by rows. */
const rowsByRow = ({ config: { site } }: Report) => site.page_size * site.board_document_pages;

/** Cuts ordered rows into shards; a shard holds rows of one period only. */
async function* inShards(entries: AsyncIterable<BoardEntry>): AsyncGenerator<BoardEntry[]> {
  let rows: BoardEntry[] = [];
  for await (const entry of entries) {
    if (rows.length === BOARD_SHARD || (rows[0] && rows[0].period !== entry.period)) {
      yield rows;
      rows = [];
    }
    rows.push(entry);
  }
  if (rows.length > 0) yield rows;
}

interface Shard {
  readonly scope: Scope;
  readonly period: Period;
  readonly shard: number;
}

/** Writes a part of a board by columns; with the last one, also the first pages by rows. */
function writeShard(
  report: Report,
  { scope, period, shard }: Shard,
  rows: readonly BoardEntry[],
  top: readonly BoardEntry[],
): void {
  const facts = factsOf(report, scope, period);
  const shards = countBoardShards(facts.total + facts.unranked.contributors);
  writeBoardColumns(report, { ...facts, shard, shards }, rows);
  if (shard < shards) return;
  const { page_size: size, board_document_pages: most } = report.config.site;
  // A board without contributors still has its first page.
  const pages = Math.max(1, Math.ceil(facts.total / size));
  const ranked = top.slice(0, facts.total);
  for (let page = 1; page <= Math.min(pages, most); page++) {
    writePage(report, { ...facts, page, pages }, ranked.slice((page - 1) * size, page * size));
  }
}

type Facts = Pick<Leaderboard, 'scope' | 'period' | 'total' | 'unknown_kinds' | 'unranked'>;

const factsOf = (
  { knowledge }: Report,
  { repositoryId, scope, totals, unranked }: Scope,
  period: Period,
): Facts => ({
  scope,
  period,
  total: totals.get(period) ?? 0,
  unknown_kinds: unknownKindsOf(knowledge, repositoryId, period),
  unranked: unranked.get(period) ?? { contributors: 0, contributions: 0 },
});

function writePage(
  { head, appearance, folder }: Report,
  { scope, period, page, pages, ...facts }: Facts & Pick<Leaderboard, 'page' | 'pages'>,
  rows: readonly BoardEntry[],
): void {
  const document: Leaderboard = {
    ...head,
    ...{ scope, period, page, pages, ...facts },
    entries: rows.map((row) => buildEntry(row, appearance)),
  };
  for (const path of pathsOf(document)) folder.write(path, leaderboardSchema, document);
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
