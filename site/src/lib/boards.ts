import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import type { Board } from '../../../pipeline/published/documents.ts';
import { boardDocument, splitName } from '../../../pipeline/published/paths.ts';
import type { Shards } from './board-columns.ts';
import { readDocument, readIndex, readRepositories } from './documents.ts';
import type { Period, Scope } from './site.ts';

/** The boards as the build reads them: whole, by columns. */
export interface WholeBoard {
  readonly scope: Scope;
  readonly period: Period;
  /** People with a rank; those without one follow them in the columns. */
  readonly total: number;
  /** People without points. */
  readonly unranked: number;
  readonly unknownKinds: readonly CoverageKind[];
  /** The day that ranks are compared with; null until there is one that is old enough. */
  readonly previousOn: string | null;
  readonly hasHistory: boolean;
  readonly shards: Shards;
}

/** The board of all repositories is asked for by every profile; the others are read one by one. */
const kept = new Map<Period, WholeBoard>();

export function readBoard(scope: Scope, period: Period): WholeBoard {
  const known = scope === 'global' ? kept.get(period) : undefined;
  const board = known ?? readWhole(scope, period);
  if (scope === 'global') kept.set(period, board);
  return board;
}

function readWhole(scope: Scope, period: Period): WholeBoard {
  const read = (shard: number) => readDocument(...boardDocument(scope, period, shard));
  const first = read(1);
  const shards: Board[] = [first];
  for (let shard = 2; shard <= first.shards; shard++) shards.push(read(shard));
  return {
    scope,
    period,
    total: first.total,
    unranked: first.unranked.contributors,
    unknownKinds: first.unknown_kinds,
    previousOn: first.previous_on,
    hasHistory: first.previous_on !== null,
    shards,
  };
}

/** `global` and the repositories. */
export const listScopes = (): Scope[] => [
  'global',
  ...readRepositories().map(({ full_name }) => full_name),
];

/** The usernames of a board, in its order, without those who have no rank. */
export const rankedNames = ({ shards, total }: WholeBoard): string[] =>
  shards.flatMap(({ columns }) => columns.username).slice(0, total);

let places: ReadonlyMap<Period, ReadonlyMap<string, number>> | undefined;

/** The places of a person on the board of all repositories, from 1. */
export function placesOf(username: string): Partial<Record<Period, number>> {
  places ??= new Map(
    readIndex().periods.map((period) => {
      const names = rankedNames(readBoard('global', period));
      return [period, new Map(names.map((name, place) => [name, place + 1]))];
    }),
  );
  return Object.fromEntries(
    [...places].flatMap(([period, own]) => {
      const place = own.get(username);
      return place === undefined ? [] : [[period, place]];
    }),
  );
}

/** The first and the last moment of all windows that were read. */
interface ReadSpan {
  readonly from: string;
  readonly to: string;
}

/** The span that was read of a board's repositories, gaps included; null if nothing was read. */
export function readSpan(scope: Scope): ReadSpan | null {
  const names = scope === 'global' ? readRepositories().map(({ full_name }) => full_name) : [scope];
  const windows = names.flatMap((name) => readDocument('repository', splitName(name)).windows);
  const from = windows.map((window) => window.from).sort()[0];
  const to = windows
    .map((window) => window.to)
    .sort()
    .at(-1);
  return from === undefined || to === undefined ? null : { from, to };
}
