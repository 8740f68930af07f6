import { asciiLower } from '../../../pipeline/domain/names.ts';
import { PERIODS } from '../../../pipeline/domain/time.ts';
import { encodePath } from './paths.ts';
import type { Period } from './site.ts';

/** The address of the page that compares, which holds the choice. Shared with the browser. */

export const COMPARE_PAGE = 'compare/';

/** So many lines can be told apart. */
export const MOST_COMPARED = 4;

/**
 * @param names logins and `owner/name`, in the order of their lines
 * @param period what their contributions are counted of; all time is not named in the address
 */
export function compareHref(
  base: string,
  names: readonly string[],
  period: Period = 'all',
): string {
  const parts = [
    ...(names.length > 0 ? [`with=${names.map(encodePath).join()}`] : []),
    ...(period === 'all' ? [] : [`period=${period}`]),
  ];
  return `${base}${COMPARE_PAGE}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

/** What an address asks for. */
export interface Choice {
  readonly names: readonly string[];
  /** Beyond the most that can be compared. */
  readonly leftOut: readonly string[];
  /** All time where the address names none, or one that does not exist. */
  readonly period: Period;
}

/** @param search the part of an address from its `?` on; anybody may have written it */
export function readChoice(search: string): Choice {
  const asked = new URLSearchParams(search);
  const given = (asked.get('with') ?? '').split(',');
  const names = new Map<string, string>();
  for (const one of given) {
    const name = one.trim().replace(/^@/, '');
    const key = asciiLower(name);
    if (name !== '' && !names.has(key)) names.set(key, name);
  }
  const all = [...names.values()];
  const period = PERIODS.find((one) => one === asked.get('period')) ?? 'all';
  return { names: all.slice(0, MOST_COMPARED), leftOut: all.slice(MOST_COMPARED), period };
}
