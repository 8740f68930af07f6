import type { BoardLine } from '../../../db/queries/report/boards.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import { type Boards, isRanked } from './boards.ts';

/** Where a person stands on a board of all repositories. */
export interface GlobalStanding {
  readonly line: BoardLine;
  /** From 1; a rank may be several people's. */
  readonly place: number;
}

export interface RepositoryStanding {
  readonly line: BoardLine;
  readonly repositoryId: number;
}

/** Where everybody stands who has a rank, from the boards that were read. */
export interface Standings {
  /** People with a rank on each board of all repositories. */
  readonly totals: ReadonlyMap<Period, number>;
  /** Everybody with a rank on the board of all repositories, best first. */
  readonly onBoard: (period: Period) => readonly BoardLine[];
  /** The longest period first. */
  readonly periodsOf: (id: number) => readonly GlobalStanding[];
  /** Of all time, best first, then by name. */
  readonly repositoriesOf: (id: number) => readonly RepositoryStanding[];
  /** Takes the boards of a repository up. */
  readonly add: (repositoryId: number, boards: Boards) => void;
}

/** @param repositories the ids of all repositories, by name */
export function createStandings(global: Boards, repositories: readonly number[]): Standings {
  const periods = new Map<number, GlobalStanding[]>();
  for (const period of PERIODS) {
    for (const [index, { line }] of (global.get(period) ?? []).filter(isRanked).entries()) {
      append(periods, line.user_id, { line, place: index + 1 });
    }
  }
  const lines = new Map(
    [...global].map(([period, all]) => [period, all.filter(isRanked).map(({ line }) => line)]),
  );
  const orderOf = new Map(repositories.map((id, order) => [id, order]));
  const inRepositories = new Map<number, RepositoryStanding[]>();
  return {
    totals: new Map([...lines].map(([period, all]) => [period, all.length])),
    onBoard: (period) => lines.get(period) ?? [],
    periodsOf: (id) => periods.get(id) ?? [],
    repositoriesOf: (id) =>
      (inRepositories.get(id) ?? []).toSorted(
        (a, b) =>
          b.line.total_score - a.line.total_score ||
          (orderOf.get(a.repositoryId) ?? 0) - (orderOf.get(b.repositoryId) ?? 0),
      ),
    add: (repositoryId, boards) => {
      for (const { line } of (boards.get('all') ?? []).filter(isRanked)) {
        append(inRepositories, line.user_id, { line, repositoryId });
      }
    },
  };
}

function append<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
