import { readSnapshotDays } from '../../../db/queries/maintenance.ts';
import { type PastRank, readPastRanks } from '../../../db/queries/report/history.ts';
import { weeklyDays } from '../../domain/thin-snapshots.ts';
import { isoDate } from '../../domain/time.ts';
import { type Head, type History, historySchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Scope } from './boards.ts';
import type { Report } from './context.ts';

/** Weeks of the board of all time: a year. */
const ALL_TIME_WEEKS = 53;
/** Weeks of the others: movements go back 28 days at most. */
const OTHER_WEEKS = 6;
/**
 * Contributors of each board: two of its pages. With all of a hundred repositories it is a document
 * of 3 MB; each further hundred contributors would add as much.
 */
const TOP = 100;

/** Writes the ranks of the past by board and week. */
export async function writeHistory(report: Report, scopes: readonly Scope[]): Promise<void> {
  const { db, head, now, folder } = report;
  // Read
  const weeks = weeklyDays(await readSnapshotDays(db), isoDate(now), ALL_TIME_WEEKS);
  const otherDays = weeks.slice(-OTHER_WEEKS);
  const ranks = readPastRanks(db, { allTimeDays: weeks, otherDays, top: TOP });
  // Decide
  const document = await buildHistory(head, weeks, scopes, ranks);
  // Write
  folder.write(documentPath('history'), historySchema, document);
}

/** @param ranks board by board, and person by person in each */
async function buildHistory(
  head: Head,
  weeks: string[],
  scopes: readonly Scope[],
  ranks: AsyncIterable<PastRank>,
): Promise<History> {
  const names = new Map(scopes.map(({ repositoryId, scope }) => [repositoryId, scope]));
  const people = new Map<number, { place: number; login: string }>();
  const boards: History['boards'] = [];
  let key = '';
  for await (const row of ranks) {
    const scope = names.get(row.repositoryId);
    if (scope === undefined) continue;
    if (key !== `${row.repositoryId} ${row.period}`) {
      key = `${row.repositoryId} ${row.period}`;
      boards.push(startBoard(scope, row, weeks));
    }
    const person = people.get(row.userId) ?? { place: people.size, login: row.login };
    people.set(row.userId, person);
    const board = boards.at(-1);
    if (board) addRank(board, person.place, weeks, row);
  }
  return {
    ...head,
    weeks,
    github_ids: [...people.keys()],
    usernames: [...people.values()].map(({ login }) => login),
    boards,
  };
}

function startBoard(scope: string, { period }: PastRank, weeks: readonly string[]) {
  const first_week = period === 'all' ? 0 : Math.max(0, weeks.length - OTHER_WEEKS);
  return { scope, period, first_week, people: [], ranks: [] };
}

function addRank(
  board: History['boards'][number],
  place: number,
  weeks: readonly string[],
  { takenOn, rank }: PastRank,
): void {
  const length = weeks.length - board.first_week;
  if (board.people.at(-1) !== place) {
    board.people.push(place);
    board.ranks.push(...new Array<number>(length).fill(0));
  }
  const start = (board.people.length - 1) * length;
  board.ranks[start + weeks.indexOf(takenOn) - board.first_week] = rank;
}
