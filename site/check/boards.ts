import { SiteError } from '../options.ts';
import { boardDocument } from '../src/lib/documents.ts';
import type { Period, Scope } from '../src/lib/urls.ts';
import { type BoardEntry, type DocumentSource, SCHEMAS } from './documents.ts';
import { error, type Finding, firstOf } from './finding.ts';

/** All pages of one board. */
export interface WholeBoard {
  /** When its first page was made. */
  readonly generatedAt: string;
  readonly entries: readonly BoardEntry[];
  /** Contributions of people without points, who are no entries. */
  readonly unranked: number;
}

/**
 * Reads all pages of a board; null if it has none.
 * @throws SiteError if a page is missing
 */
export async function readWholeBoard(
  source: DocumentSource,
  scope: Scope,
  period: Period,
): Promise<WholeBoard | null> {
  const read = (page: number) => source.read(...boardDocument(scope, period, page), SCHEMAS.board);
  const first = await read(1);
  if (first === null) return null;
  const entries = [...first.entries];
  for (let page = 2; page <= first.pages; page++) {
    const next = await read(page);
    if (next === null)
      throw new SiteError(
        `page ${page} of ${first.pages} of the board ${scope}, ${period}, is missing`,
      );
    entries.push(...next.entries);
  }
  const unranked = first.unranked.contributions;
  return { generatedAt: first.generated_at, entries, unranked };
}

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
    return await readWholeBoard(built, scope, period);
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
