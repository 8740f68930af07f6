import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import {
  type BoardLine,
  type Person,
  readRepositoryLines,
} from '../../../db/queries/report/boards.ts';
import type { PublishedRepository } from '../../../db/queries/report/repositories.ts';
import { COUNT_COLUMNS } from '../../domain/contribution-kinds.ts';
import { asciiLower, fullName } from '../../domain/names.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import { type Leaderboard, leaderboardSchema } from '../../published/documents.ts';
import { boardPageDocument, documentPath, splitName } from '../../published/paths.ts';
import { BOARD_SHARD, countBoardShards } from '../../published/shards.ts';
import { writeBoardColumns } from './board-columns.ts';
import type { Report } from './context.ts';
import { type BoardDownloads, startBoardDownloads } from './downloads/boards.ts';
import { buildEntry } from './entry.ts';
import { startFacts } from './facts.ts';
import { unknownKindsOf } from './knowledge.ts';
import { type Pace, readPaces } from './pace.ts';
import { createStandings, type Standings } from './standings.ts';

/** What has boards: one repository, or all together. */
export interface Scope {
  /** 0 for all repositories together. */
  readonly repositoryId: number;
  /** `global` or `owner/name`. */
  readonly scope: string;
}

/** The scopes that have boards: global first, then each repository. */
export const listScopes = (repositories: readonly PublishedRepository[]): [Scope, ...Scope[]] => [
  { repositoryId: GLOBAL_BOARD, scope: 'global' },
  ...repositories.map((row) => ({ repositoryId: row.id, scope: fullName(row) })),
];

/** A line of a board with its person. */
export interface BoardEntry {
  readonly line: BoardLine;
  readonly person: Person;
}

/** The same with how quickly the person goes on. */
export interface PacedEntry extends BoardEntry, Pace {}

/** The boards of one scope by period, each in its order: those without points stand at the end. */
export type Boards = ReadonlyMap<Period, readonly BoardEntry[]>;

export const isRanked = ({ line }: BoardEntry) => line.total_score > 0;

/**
 * Puts lines in the order of their boards: a tie is decided by the later last contribution, then by
 * login without regard to case.
 */
export function orderBoards(
  lines: readonly BoardLine[],
  people: ReadonlyMap<number, Person>,
): Boards {
  const entries = lines.flatMap((line) => {
    const person = people.get(line.user_id);
    return person ? [{ line, person }] : [];
  });
  const byPeriod = Map.groupBy(entries, ({ line }) => line.period);
  for (const board of byPeriod.values()) board.sort(compareEntries);
  return byPeriod;
}

function compareEntries({ line: a, person: one }: BoardEntry, { line: b, person }: BoardEntry) {
  const difference = a.rank - b.rank || b.last_contribution_at - a.last_contribution_at;
  if (difference !== 0) return difference;
  const [name, other] = [asciiLower(one.login), asciiLower(person.login)];
  if (name !== other) return name < other ? -1 : 1;
  return one.github_id - person.github_id;
}

/** Writes the boards of all scopes and the facts of their week, and returns where everybody stands on them. */
export async function writeAllBoards(
  report: Report,
  [all, ...repositories]: readonly [Scope, ...Scope[]],
  { global, people }: { readonly global: Boards; readonly people: ReadonlyMap<number, Person> },
): Promise<Standings> {
  const facts = await startFacts(report);
  const downloads = startBoardDownloads(report);
  const write = async (scope: Scope, boards: Boards) => {
    facts.add(scope, boards);
    await writeBoards(report, scope, boards, downloads);
  };
  await write(all, global);
  const standings = createStandings(
    global,
    repositories.map(({ repositoryId }) => repositoryId),
  );
  for (const scope of repositories) {
    const boards = orderBoards(await readRepositoryLines(report.db, scope.repositoryId), people);
    standings.add(scope.repositoryId, boards);
    await write(scope, boards);
  }
  facts.write();
  downloads.end();
  return standings;
}

/** Writes the boards of all periods of one scope: whole by columns, the first pages also by rows. */
async function writeBoards(
  report: Report,
  scope: Scope,
  boards: Boards,
  downloads: BoardDownloads,
): Promise<void> {
  const paceOf = await readPaces(report, scope, boards);
  for (const period of PERIODS) {
    const entries = (boards.get(period) ?? []).map((entry) => ({
      ...entry,
      ...paceOf(entry.line.user_id),
    }));
    const facts = factsOf(report, scope, period, entries);
    const shards = countBoardShards(entries.length);
    for (let shard = 1; shard <= shards; shard++) {
      const rows = entries.slice((shard - 1) * BOARD_SHARD, shard * BOARD_SHARD);
      writeBoardColumns(report, { ...facts, shard, shards }, rows);
    }
    writePages(report, facts, entries);
    downloads.add(scope.scope, period, entries);
  }
}

type Facts = Pick<
  Leaderboard,
  'scope' | 'period' | 'total' | 'previous_on' | 'unknown_kinds' | 'unranked'
>;

function factsOf(
  { knowledge, previousDays }: Report,
  { repositoryId, scope }: Scope,
  period: Period,
  entries: readonly BoardEntry[],
): Facts {
  const total = entries.filter(isRanked).length;
  const unranked = entries.slice(total);
  return {
    scope,
    period,
    total,
    previous_on: previousDays.get(`${repositoryId} ${period}`) ?? null,
    unknown_kinds: unknownKindsOf(knowledge, repositoryId, period),
    unranked: {
      contributors: unranked.length,
      contributions: unranked.reduce((sum, { line }) => sum + countAll(line), 0),
    },
  };
}

/** All contributions of a line of a board. */
export const countAll = (line: BoardLine): number =>
  COUNT_COLUMNS.reduce((sum, name) => sum + line[name], 0);

function writePages(
  { head, appearance, folder, config, weights }: Report,
  facts: Facts,
  entries: readonly PacedEntry[],
): void {
  const { page_size: size, board_document_pages: most } = config.site;
  const { total, scope, period, ...others } = facts;
  // A board without contributors still has its first page.
  const pages = Math.max(1, Math.ceil(total / size));
  for (let page = 1; page <= Math.min(pages, most); page++) {
    const rows = entries.slice((page - 1) * size, Math.min(page * size, total));
    const document: Leaderboard = {
      ...head,
      ...{ scope, period, page, pages, total, ...others },
      entries: rows.map((row) => buildEntry(row, appearance, weights)),
    };
    for (const path of pathsOf(document)) folder.write(path, leaderboardSchema, document);
  }
}

/** The first page of all time has a short path, too. */
function pathsOf({ scope, period, page }: Leaderboard): string[] {
  const path = documentPath(...boardPageDocument(scope, period, page));
  if (period !== 'all' || page !== 1) return [path];
  const short =
    scope === 'global'
      ? documentPath('global_leaderboard')
      : documentPath('repository_leaderboard', splitName(scope));
  return [short, path];
}
