import { asciiLower } from '../../../pipeline/domain/names.ts';
import { encodePath } from './paths.ts';

/** The address of the page that compares, which holds the choice. Shared with the browser. */

export const COMPARE_PAGE = 'compare/';

/** So many lines can be told apart. */
export const MOST_COMPARED = 4;

/** @param names logins and `owner/name`, in the order of their lines */
export const compareHref = (base: string, names: readonly string[]): string =>
  `${base}${COMPARE_PAGE}${names.length > 0 ? `?with=${names.map(encodePath).join()}` : ''}`;

/** What an address asks for. */
export interface Choice {
  readonly names: readonly string[];
  /** Beyond the most that can be compared. */
  readonly leftOut: readonly string[];
}

/** @param search the part of an address from its `?` on; anybody may have written it */
export function readChoice(search: string): Choice {
  const given = (new URLSearchParams(search).get('with') ?? '').split(',');
  const names = new Map<string, string>();
  for (const one of given) {
    const name = one.trim().replace(/^@/, '');
    const key = asciiLower(name);
    if (name !== '' && !names.has(key)) names.set(key, name);
  }
  const all = [...names.values()];
  return { names: all.slice(0, MOST_COMPARED), leftOut: all.slice(MOST_COMPARED) };
}
