import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import type { PreviewLine } from '../../../db/queries/preview-boards.ts';
import type { RankedPerson } from '../../domain/compare-ranks.ts';
import { fullName } from '../../domain/names.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import type { Calculated, CalculatedBoards } from './calculate-preview.ts';
import { type Board, compareBoard, countMoves, isChanged } from './compare-boards.ts';
import { comparePeople, hiddenIds } from './compare-people.ts';
import {
  type BoardChange,
  type KeyEffect,
  LISTED,
  type LikelyBotHint,
  type PreviewReport,
  type RemovedRepository,
} from './report.ts';

/** What is known beside the boards. */
export interface Hints {
  readonly published_at: PreviewReport['published_at'];
  readonly likely_bots: readonly (LikelyBotHint & { readonly id: number })[];
  readonly unknown: PreviewReport['unknown'];
  readonly lookedUp: Pick<PreviewReport['repositories'], 'renamed' | 'additions'>;
}

export interface BothWeights {
  readonly before: Weights;
  readonly after: Weights;
}

export function buildReport(
  calculated: Calculated,
  weights: BothWeights,
  hints: Hints,
): PreviewReport {
  const { before, after } = calculated;
  const hidden = hiddenIds(after.accounts);
  const boards = {
    before: indexBoards(before, weights.before),
    after: indexBoards(after, weights.after),
  };
  const compare = (scope: string, id: number): BoardChange[] =>
    PERIODS.map((period) =>
      compareBoard({
        ...{ scope, period, hidden },
        before: boards.before(id, period),
        after: boards.after(id, period),
      }),
    );
  const tracked = after.repositories.filter(({ isArchived }) => !isArchived);
  const own = tracked.flatMap((one) => compare(fullName(one), one.id));
  const changed = own.filter(isChanged);
  return {
    published_at: hints.published_at,
    weights: calculated.keys.map((key) => effectOf(key, boards.before, loginsOf(before))),
    people: comparePeople(before.accounts, after.accounts, hidden),
    repositories: {
      ...compareRepositories(calculated, (id) =>
        boards.before(id, 'all').people.filter((person) => !hidden.has(person.id)),
      ),
      ...hints.lookedUp,
    },
    boards: [...compare('global', GLOBAL_BOARD), ...changed],
    unchanged_boards: own.length - changed.length,
    likely_bots: withoutKnown(hints.likely_bots, after, hidden),
    unknown: hints.unknown,
  };
}

/** Without those whom the configuration has as bots, aliases or opted out. */
function withoutKnown(
  found: Hints['likely_bots'],
  { accounts }: CalculatedBoards,
  hidden: ReadonlySet<number>,
): LikelyBotHint[] {
  const flagged = new Set(accounts.flatMap(([id, , isBot, , of]) => (isBot || of ? [id] : [])));
  return found
    .filter(({ id }) => !hidden.has(id) && !flagged.has(id))
    .map(({ login, signs }) => ({ login, signs }));
}

type FindBoard = (repositoryId: number, period: Period) => Board;

const loginsOf = ({ accounts }: CalculatedBoards) =>
  new Map(accounts.map(([id, login]) => [id, login]));

function indexBoards(boards: CalculatedBoards, weights: Weights): FindBoard {
  const people = rankPeople(boards.lines, loginsOf(boards));
  const keyed = boards.totals.map((total) => [`${total.repositoryId} ${total.period}`, total]);
  const totals = new Map(keyed as [string, (typeof boards.totals)[number]][]);
  return (repositoryId, period) => {
    const key = `${repositoryId} ${period}`;
    const total = { ...(totals.get(key) ?? { score: 0 }) };
    return { people: people.get(key) ?? [], total, weights };
  };
}

/** The people of each board, best first. */
function rankPeople(
  lines: readonly PreviewLine[],
  logins: ReadonlyMap<number, string>,
): Map<string, RankedPerson[]> {
  const boards = new Map<string, RankedPerson[]>();
  for (const [repositoryId, period, id, rank, score] of lines) {
    const key = `${repositoryId} ${period}`;
    const board = boards.get(key) ?? [];
    if (board.length === 0) boards.set(key, board);
    board.push({ id, login: logins.get(id) ?? '', rank, score });
  }
  for (const board of boards.values()) board.sort((a, b) => a.rank - b.rank || a.id - b.id);
  return boards;
}

function effectOf(
  { lines, ...key }: Calculated['keys'][number],
  find: FindBoard,
  logins: ReadonlyMap<number, string>,
): KeyEffect {
  const people = rankPeople(lines, logins);
  const counts = PERIODS.map((period) => ({
    period,
    ...countMoves(find(GLOBAL_BOARD, period).people, people.get(`${GLOBAL_BOARD} ${period}`) ?? []),
  }));
  return {
    ...key,
    alone: counts.map(({ movers: _, ...rest }) => rest),
    movers: counts[0]?.movers ?? [],
  };
}

function compareRepositories(
  { before, after }: Calculated,
  ranked: (id: number) => readonly RankedPerson[],
): Omit<PreviewReport['repositories'], keyof Hints['lookedUp']> {
  const was = new Map(before.repositories.map((one) => [one.id, one]));
  const tracked = after.repositories.filter(({ isArchived }) => !isArchived);
  const removed = after.repositories.filter(
    ({ id, isArchived }) => isArchived && was.get(id)?.isArchived === false,
  );
  return {
    added: tracked.filter(({ id }) => !was.has(id)).map(fullName),
    restored: tracked.filter(({ id }) => was.get(id)?.isArchived === true).map(fullName),
    removed: removed.map((one): RemovedRepository => {
      const people = ranked(one.id);
      return {
        repository: fullName(one),
        people: people.length,
        points: Math.round(people.reduce((sum, { score }) => sum + score, 0) * 1000) / 1000,
        losses: people.slice(0, LISTED).map(({ login, score }) => ({ login, points: score })),
      };
    }),
  };
}
