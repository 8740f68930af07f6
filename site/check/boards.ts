import { boardDocument, boardPageDocument } from '../../pipeline/published/paths.ts';
import { SiteError } from '../options.ts';
import type { Period, Scope } from '../src/lib/site.ts';
import { type BoardEntry, type DocumentSource, SCHEMAS } from './documents.ts';
import { error, type Finding, firstOf } from './finding.ts';

/** All people with a rank on one board. */
export interface WholeBoard {
  /** When its first document was made. */
  readonly generatedAt: string;
  readonly entries: readonly BoardEntry[];
  /** Contributions of people without points, who are no entries. */
  readonly unranked: number;
}

/**
 * Reads a whole board, by columns; one that was published before there were columns, page by page.
 * Null if there is none.
 * @throws SiteError if a part of it is missing
 */
export const readWholeBoard = async (
  source: DocumentSource,
  scope: Scope,
  period: Period,
): Promise<WholeBoard | null> =>
  (await readColumns(source, scope, period)) ?? (await readPages(source, scope, period));

async function readColumns(
  source: DocumentSource,
  scope: Scope,
  period: Period,
): Promise<WholeBoard | null> {
  const read = (shard: number) =>
    source.read(...boardDocument(scope, period, shard), SCHEMAS.columns);
  const first = await read(1);
  if (first === null) return null;
  const weights = (await source.read('scoring', {}, SCHEMAS.scoring))?.base_points ?? {};
  const entries = first.entries(weights);
  for (let shard = 2; shard <= first.shards; shard++) {
    const next = await read(shard);
    if (next === null) throw missing('document', shard, first.shards, scope, period);
    entries.push(...next.entries(weights));
  }
  return {
    generatedAt: first.generatedAt,
    entries: entries.slice(0, first.total),
    unranked: first.unranked,
  };
}

async function readPages(source: DocumentSource, scope: Scope, period: Period) {
  const read = (page: number) =>
    source.read(...boardPageDocument(scope, period, page), SCHEMAS.board);
  const first = await read(1);
  if (first === null) return null;
  const entries = [...first.entries];
  for (let page = 2; page <= first.pages; page++) {
    const next = await read(page);
    if (next === null) throw missing('page', page, first.pages, scope, period);
    entries.push(...next.entries);
  }
  return {
    generatedAt: first.generated_at,
    entries,
    unranked: first.unranked.contributions,
  };
}

const missing = (what: string, number: number, all: number, scope: Scope, period: Period) =>
  new SiteError(`${what} ${number} of ${all} of the board ${scope}, ${period}, is missing`);

/** More than this is no rounding of numbers with three decimals. */
const ROUNDING = 0.000_5;

const AGAIN = 'run npm run calculate and npm run report, and build again.';

/**
 * Whether every board of the built site is there, the parts of each score sum to it, and the boards
 * of all repositories to the global one.
 */
export async function checkBoards(
  built: DocumentSource,
  repositories: readonly string[],
  periods: readonly Period[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const period of periods) {
    const sums = new Map<Scope, number>();
    const times = new Set<string>();
    for (const scope of ['global', ...repositories]) {
      const board = await findBoard(built, scope, period);
      if (board === null) findings.push(error(`${scope} has no whole board, ${period}: ${AGAIN}`));
      findings.push(...checkParts(scope, period, board?.entries ?? []));
      times.add(board?.generatedAt ?? '');
      sums.set(scope, sumOf(board?.entries ?? []) + (board?.unranked ?? 0));
    }
    // A document that did not fit its schema stands as it was published before.
    if (times.size === 1) findings.push(...checkSums(period, sums));
  }
  return firstOf(findings, 'faults of boards');
}

async function findBoard(built: DocumentSource, scope: Scope, period: Period) {
  try {
    return await readColumns(built, scope, period);
  } catch (reason) {
    if (reason instanceof SiteError) return null;
    throw reason;
  }
}

export const sumOf = (entries: readonly BoardEntry[]) =>
  entries.reduce((sum, { contributions }) => sum + contributions, 0);

function checkParts(scope: Scope, period: Period, entries: readonly BoardEntry[]): Finding[] {
  return entries.flatMap(({ username, points, score }) => {
    if (Math.abs(points - score) <= ROUNDING) return [];
    const text = `The parts of ${username}'s score on the board ${scope}, ${period}, sum to`;
    return [error(`${text} ${Number(points.toFixed(3))} and not to ${score}: ${AGAIN}`)];
  });
}

function checkSums(period: Period, sums: ReadonlyMap<Scope, number>): Finding[] {
  const global = sums.get('global') ?? 0;
  const all = [...sums.values()].reduce((sum, one) => sum + one, -global);
  if (all === global) return [];
  const text = `The boards of the repositories for ${period} have ${all} contributions`;
  return [error(`${text} and the global one ${global}: ${AGAIN}`)];
}
