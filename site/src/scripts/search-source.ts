import { formatMonth } from '../../../pipeline/domain/months.ts';
import { formatCount } from '../lib/format.ts';
import { monthPath, repositoryPath, rowHash } from '../lib/paths.ts';
import type { SearchIndex } from '../lib/search-index.ts';
import { boardHref, pageOfPlace, personHref } from '../lib/site.ts';
import { fetchJson } from './fetch-json.ts';
import { findPlaces, fold } from './match.ts';

/** Something found, ready to be shown. */
export interface Found {
  /** The login or `owner/name`; absent of a page of the site. */
  readonly name?: string;
  readonly label: string;
  readonly detail: string;
  readonly href: string;
}

/** The best results, and how many there are in all. */
export interface Findings {
  readonly best: readonly Found[];
  readonly total: number;
}

export type Find = (text: string) => Findings;

/** The number of results that fit on a phone above its keyboard, and how many may be repositories. */
const MOST = 8;
const MOST_REPOSITORIES = 3;
const MOST_PAGES = 3;

/** How many results are shown, in words: often not all that were found. */
export function describeFindings({ best, total }: Findings): string {
  if (total === 0) return 'Nothing found';
  return best.length < total ? `${best.length} of ${formatCount(total)} shown` : `${total} found`;
}

/** A page of the site itself, as its navigation names it. */
export type SitePage = Pick<Found, 'label' | 'href'>;

/**
 * Fetches the index once, and returns a function that finds names in it.
 * @param named pages of the site, which are found, too, and the months with them
 */
export async function openSearch(
  url: string,
  base: string,
  named: readonly SitePage[] = [],
): Promise<Find> {
  const index = await fetchJson<SearchIndex>(url);
  const folded = index.usernames.map((username, place) => {
    const name = index.names[place];
    // The login comes first: a full login finds its person at the top.
    return fold(name ? `${username} ${name}` : username);
  });
  const repositories = index.repositories.map(fold);
  const pages = named.map((page) => ({ ...page, detail: 'page' }));
  const months = named.length > 0 ? index.months : [];
  const findable = [...pages, ...months.map((month) => toMonth(month, base))];
  // A month is found by `2026-10`, too.
  const labels = [...pages.map(({ label }) => label), ...months.map(textOfMonth)].map(fold);
  return (text) => {
    const wanted = fold(text.trim()).replace(/^@/, '');
    if (wanted === '') return { best: [], total: 0 };
    const names = findPlaces(repositories, wanted);
    const people = findPlaces(folded, wanted);
    const bestNames = names.slice(0, MOST_REPOSITORIES);
    const ofSite = findPlaces(labels, wanted).flatMap((place) => findable[place] ?? []);
    const bestPages = ofSite.slice(0, MOST_PAGES);
    const bestPeople = people.slice(0, MOST - bestNames.length - bestPages.length);
    return {
      best: [
        ...bestPages,
        ...bestPeople.map((place) => toPerson(index, place, base)),
        ...bestNames.map((place) => toRepository(index, place, base)),
      ],
      total: people.length + names.length + ofSite.length,
    };
  };
}

const textOfMonth = (month: string): string => `${formatMonth(month)} ${month}`;

const toMonth = (month: string, base: string): Found => ({
  label: formatMonth(month),
  detail: 'month',
  href: base + monthPath(month),
});

function toRepository(index: SearchIndex, place: number, base: string): Found {
  const name = index.repositories[place] ?? '';
  return { name, label: name, detail: 'repository', href: base + repositoryPath(name) };
}

function toPerson(index: SearchIndex, place: number, base: string): Found {
  const username = index.usernames[place] ?? '';
  const name = index.names[place];
  const href = personAddress(index, place, base);
  return { name: username, label: name || username, detail: name ? username : 'contributor', href };
}

/** The page of a person, or for a login that is no safe part of a path the row on the board. */
export function personAddress(index: SearchIndex, place: number, base: string): string {
  const username = index.usernames[place] ?? '';
  const page = index.page[place];
  if (page !== '0') return personHref({ base }, username, page === '2');
  const { defaultPeriod } = index;
  const number = pageOfPlace(place + 1, index);
  return boardHref({ base, defaultPeriod }, 'global', 'all', number) + rowHash(username);
}
