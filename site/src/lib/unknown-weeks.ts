import { COVERAGE_KINDS } from '../../../pipeline/domain/coverage-kinds.ts';
import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { DAY_MS } from './format.ts';

/** When which kinds are not known, beside the weeks of an activity. */

export type Unknown = ContributorActivity['unknown'][number];

/** Whether nothing of a day is known: its zero says nothing. @param start ms since 1970 */
export const isDayUnknown = (start: number, unknown: readonly Unknown[]): boolean =>
  unknown.some(
    ({ from, to, kinds }) =>
      Date.parse(from) <= start &&
      Date.parse(to) >= start + DAY_MS &&
      COVERAGE_KINDS.every((kind) => kind === 'LINES' || kinds.includes(kind)),
  );

/** From the start of a chart (ms since 1970) on; those that adjoin and lack the same are one. */
export function unknownSince(start: number, unknown: readonly Unknown[]): Unknown[] {
  const joined: Unknown[] = [];
  for (const { from, to, kinds } of unknown) {
    // Lines are no contributions: the chart does not count them.
    const counted = kinds.filter((kind) => kind !== 'LINES');
    if (counted.length === 0 || Date.parse(to) <= start) continue;
    const last = joined.at(-1);
    if (last?.to === from && last.kinds.join() === counted.join())
      joined[joined.length - 1] = { ...last, to };
    else joined.push({ from, to, kinds: counted });
  }
  return joined;
}
