import type { SearchIndex } from '../lib/search-index.ts';
import { findBest, fold } from './match.ts';

/** Something found, ready to be shown. */
export interface Found {
  readonly label: string;
  readonly detail: string;
  readonly href: string;
}

export type Find = (text: string) => Found[];

const MOST = 8;

/** Fetches the index once; what it answers finds names in it. */
export async function openSearch(url: string, base: string): Promise<Find> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const index = (await response.json()) as SearchIndex;
  const folded = index.usernames.map((username, place) => {
    const name = index.names[place];
    // The login comes first: who types a login whole finds that person at the top.
    return fold(name ? `${username} ${name}` : username);
  });
  const repositories = index.repositories.map(fold);
  return (text) => {
    const wanted = fold(text.trim()).replace(/^@/, '');
    if (wanted === '') return [];
    const names = findBest(repositories, wanted, 3).map((place) =>
      toRepository(index, place, base),
    );
    const people = findBest(folded, wanted, MOST).map((place) => toPerson(index, place, base));
    return [...people.slice(0, MOST - names.length), ...names];
  };
}

function toRepository(index: SearchIndex, place: number, base: string): Found {
  const name = index.repositories[place] ?? '';
  const path = name.split('/').map(encodeURIComponent).join('/');
  return { label: name, detail: 'repository', href: `${base}repositories/${path}/` };
}

function toPerson(index: SearchIndex, place: number, base: string): Found {
  const username = index.usernames[place] ?? '';
  const name = index.names[place];
  const encoded = encodeURIComponent(username);
  const page = Math.floor(place / index.size) + 1;
  const board = page === 1 ? base : `${base}global/all/${page}/`;
  const href =
    index.page[place] === '1' ? `${base}contributors/${encoded}/` : `${board}#c-${encoded}`;
  return { label: name || username, detail: name ? username : 'contributor', href };
}
