import { COVERAGE_KINDS, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { DAY_MS, formatDay, plural } from './format.ts';

/** When which kinds are not known, beside the weeks of an activity. */

export type Unknown = ContributorActivity['unknown'][number];

const WEEK_MS = 7 * DAY_MS;

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

/** `at least 71 contributions`, where some kind is not known. */
export const describeTotal = (count: number, unknown: readonly unknown[]): string =>
  `${atLeast(unknown)}${plural(count, 'contribution')}`;

/** Before a count or a score that lacks what is not known. */
export const atLeast = (unknown: readonly unknown[]): string =>
  unknown.length > 0 ? 'at least ' : '';

/** Intervals that are named; the chart shows all of them. */
const MOST_NAMED = 3;

/** ` Not known in full: commits from 1 Aug 2026 on.`; empty if all is known. */
export function describeUnknownTime(unknown: readonly Unknown[], until: string): string {
  if (unknown.length === 0) return '';
  const named = unknown.slice(-MOST_NAMED).map(({ from, to, kinds }) => {
    const what = kinds.length === COVERAGE_KINDS.length - 1 ? 'all kinds' : nameKinds(kinds);
    const isNow = Date.parse(to) >= Date.parse(until) - WEEK_MS;
    return `${what} from ${formatDay(from)} ${isNow ? 'on' : `to ${formatDay(to)}`}`;
  });
  return ` Not known in full: ${named.join('; ')}.`;
}
