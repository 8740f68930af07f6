import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import type { Index, Scoring } from '../../../pipeline/published/documents.ts';
import { LIST_SIZE } from '../../../pipeline/published/sizes.ts';
import { boardPath, contributorPath, firstPath, genericPath, repositoryPath } from './paths.ts';

export type Period = Index['periods'][number];
/** `global`, or `owner/name` of a repository. */
export type Scope = 'global' | (string & {});

/**
 * What pages need to know of the site that they are on. The build and the development server make
 * it from the documents; a page that a browser makes carries it as JSON.
 */
export interface SiteFacts {
  /** The path that the site is served under, with a slash at both ends. */
  readonly base: string;
  /** True if the data is generated: nobody in it is real, and no link leaves the site. */
  readonly sample: boolean;
  /** Whether GitHub's pictures of people are shown. */
  readonly avatars: boolean;
  /** Whether there are forms for corrections: the page about them is linked. */
  readonly forms: boolean;
  readonly periods: readonly Period[];
  /** The period of the boards that have the shortest addresses: the home page, a repository's page. */
  readonly defaultPeriod: Period;
  readonly scoring: Pick<Scoring, 'base_points' | 'lines' | 'periods'>;
  /** Rows on a page of a board, and the pages that show all columns; lists follow. */
  readonly pageSize: number;
  readonly boardPages: number;
  /** `owner/name` of the repositories that have a page. */
  readonly repositories: readonly string[];
  /** Of the global board in each period. */
  readonly boards: Partial<Readonly<Record<Period, GlobalBoard>>>;
}

export interface GlobalBoard {
  /** Whether there is an earlier board to compare ranks with. */
  readonly hasHistory: boolean;
  /** The kinds that are not known for all of the period. */
  readonly unknown: readonly CoverageKind[];
}

/** The same, ready to be asked. */
export interface Site extends SiteFacts {
  /** The addresses of repositories that have a page, by `owner/name`. */
  readonly tracked: ReadonlyMap<string, string>;
}

export const siteOf = (facts: SiteFacts): Site => ({
  ...facts,
  tracked: new Map(facts.repositories.map((name) => [name, repositoryHref(facts, name)])),
});

type PageSizes = Pick<SiteFacts, 'pageSize' | 'boardPages'>;

/** How many pages a board of so many people has; an empty one has one. */
export function countPages(people: number, { pageSize, boardPages }: PageSizes): number {
  const rest = people - pageSize * boardPages;
  return rest > 0
    ? boardPages + Math.ceil(rest / LIST_SIZE)
    : Math.max(1, Math.ceil(people / pageSize));
}

/** The page that a place on a board is on; places are counted from 1. */
export const pageOfPlace = (place: number, sizes: PageSizes): number => countPages(place, sizes);

/** The first and the last place on a page, from 1. */
export function placesOnPage(page: number, { pageSize, boardPages }: PageSizes): [number, number] {
  if (page <= boardPages) return [(page - 1) * pageSize + 1, page * pageSize];
  const start = boardPages * pageSize + (page - boardPages - 1) * LIST_SIZE;
  return [start + 1, start + LIST_SIZE];
}

type Base = Pick<SiteFacts, 'base'>;

/** The page of a board: that of the default period, page 1, has the shorter address without both. */
export const boardHref = (
  { base, defaultPeriod }: Pick<SiteFacts, 'base' | 'defaultPeriod'>,
  scope: Scope,
  period: Period,
  page = 1,
): string =>
  base +
  (period === defaultPeriod && page === 1 ? firstPath(scope) : boardPath(scope, period, page));

export const repositoryHref = ({ base }: Base, fullName: string): string =>
  base + repositoryPath(fullName);

/** The page of a person: built, or the one page that shows all others. */
export const personHref = ({ base }: Base, username: string, isBuilt: boolean): string =>
  base + (isBuilt ? contributorPath(username) : genericPath(username));

/**
 * A link that leaves the site, or null where there must be no link: generated people do not
 * exist, and an address that is not http(s) could run a script.
 */
export const outsideHref = ({ sample }: Pick<SiteFacts, 'sample'>, url: string | null) =>
  url !== null && !sample && /^https?:\/\//i.test(url) ? url : null;
