import { entryAt } from './board-columns.ts';
import { rankedNames, readBoard } from './boards.ts';
import { findDocument, readScoring } from './documents.ts';
import type { Period } from './site.ts';
import { readSite } from './site-facts.ts';

/** What search finds: everybody on the global board, in its order, the repositories and the months. */
export interface SearchIndex {
  readonly defaultPeriod: Period;
  /** Rows on a page and pages that show all columns: the place in the list gives the page of the board. */
  readonly pageSize: number;
  readonly boardPages: number;
  readonly usernames: string[];
  /** 0 where there is no display name. */
  readonly names: (string | 0)[];
  /** The page of each: 2 a built one, 1 that of all others, 0 none but the board's. */
  readonly page: string;
  readonly repositories: readonly string[];
  /** `YYYY-MM`, newest first. */
  readonly months: readonly string[];
}

const PAGES = { built: '2', generic: '1', none: '0' } as const;

export function buildSearchIndex(): SearchIndex {
  const board = readBoard('global', 'all');
  const usernames = rankedNames(board);
  const people = usernames.map((_, row) => entryAt(board.shards, row, readScoring()));
  const { defaultPeriod, pageSize, boardPages, repositories } = readSite();
  return {
    ...{ defaultPeriod, pageSize, boardPages, usernames, repositories },
    names: people.map(({ display_name }) => display_name ?? 0),
    months: findDocument('months')?.months.map(({ month }) => month) ?? [],
    page: people.map(({ page }) => PAGES[page]).join(''),
  };
}
