import { readBoard, readDocument, readIndex, readRepositories } from './documents.ts';
import { formatCount } from './format.ts';
import { splitName } from './paths.ts';
import type { Period, Scope } from './urls.ts';

/** What holds for all pages of a board; from its first page. */
interface BoardFacts {
  readonly pages: number;
  readonly total: number;
  /** False until there is an earlier snapshot to compare ranks with. */
  readonly hasHistory: boolean;
}

const facts = new Map<string, BoardFacts>();

export function boardFacts(scope: Scope, period: Period): BoardFacts {
  const key = `${scope}/${period}`;
  let known = facts.get(key);
  if (!known) {
    const { pages, total, entries } = readBoard(scope, period, 1);
    known = { pages, total, hasHistory: entries.some((entry) => entry.previous_rank !== null) };
    facts.set(key, known);
  }
  return known;
}

/** Every page of a board in every period. */
export const listBoardPages = (scope: Scope): { period: Period; page: number }[] =>
  readIndex().periods.flatMap((period) =>
    Array.from({ length: boardFacts(scope, period).pages }, (_, index) => ({
      period,
      page: index + 1,
    })),
  );

/** Boards of more than one page: those that a browser cannot sort by what the page holds. */
export const listLongBoards = (scope: Scope): Period[] =>
  readIndex().periods.filter((period) => boardFacts(scope, period).pages > 1);

export const repositoryNames = () => readRepositories().map((repository) => repository.full_name);

/** People who did something that the weights give no points for. */
export const unrankedText = (people: number) =>
  people === 1
    ? 'One more person contributed in this period, without points: no rank.'
    : `${formatCount(people)} more people contributed in this period, without points: no rank.`;

let tracked: ReadonlySet<string> | undefined;

/** Whether a repository, `owner/name`, has a page: one that was removed has none. */
export function isTracked(fullName: string): boolean {
  tracked ??= new Set(repositoryNames());
  return tracked.has(fullName);
}

/** Page by username, of each board that was looked up. */
const pagesByName = new Map<string, ReadonlyMap<string, number>>();

/**
 * The page of a board that a contributor is on, or undefined. The rank is not enough: in a tie
 * (1, 2, 2, 4) the last entries are further down than their rank.
 */
export function pageOnBoard(scope: Scope, period: Period, username: string): number | undefined {
  const key = `${scope}/${period}`;
  let known = pagesByName.get(key);
  if (!known) {
    known = listPlaces(scope, period);
    pagesByName.set(key, known);
  }
  return known.get(username);
}

function listPlaces(scope: Scope, period: Period): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let page = 1; page <= boardFacts(scope, period).pages; page++)
    for (const { username } of readBoard(scope, period, page).entries) places.set(username, page);
  return places;
}

let withPage: ReadonlySet<string> | undefined;

/** Only the best contributors have a page; the others are only on the board. */
export function hasPage(username: string): boolean {
  withPage ??= new Set(readIndex().contributors);
  return withPage.has(username);
}

/**
 * The pages that get a link: both ends and the neighbours; null is a gap between.
 * At most seven, so that they fit a phone.
 */
export function listPagerPages(page: number, pages: number): (number | null)[] {
  const wanted = [1, page - 1, page, page + 1, pages].filter((one) => one >= 1 && one <= pages);
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  return sorted.flatMap((one, index) => {
    const before = sorted[index - 1] ?? one - 1;
    // A gap of a single page is that page.
    if (one - before === 2) return [one - 1, one];
    return one - before > 2 ? [null, one] : [one];
  });
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
