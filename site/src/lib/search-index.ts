import { boardFacts, hasPage, repositoryNames } from './board.ts';
import { readBoard, readIndex } from './documents.ts';

/** What search finds: everybody on the global board, in its order, and the repositories. */
export interface SearchIndex {
  /** Entries on a page: the place in the list gives the page of the board. */
  readonly size: number;
  readonly usernames: string[];
  /** 0 where there is no display name. */
  readonly names: (string | 0)[];
  /** 1 where the contributor has a page; the others are only on the board. */
  readonly page: string;
  readonly repositories: string[];
}

export function buildSearchIndex(): SearchIndex {
  const usernames: string[] = [];
  const names: (string | 0)[] = [];
  for (let page = 1; page <= boardFacts('global', 'all').pages; page++)
    for (const entry of readBoard('global', 'all', page).entries) {
      usernames.push(entry.username);
      names.push(entry.display_name ?? 0);
    }
  const page = usernames.map((username) => (hasPage(username) ? 1 : 0)).join('');
  const { page_size: size } = readIndex();
  return { size, usernames, names, page, repositories: repositoryNames() };
}
