import { COVERAGE_KINDS, nameKinds } from '../../../pipeline/domain/coverage-kinds.ts';
import { formatDay, plural, WEEK_MS } from './format.ts';
import type { Unknown } from './unknown-weeks.ts';

/** What is not known of an activity, in words. */

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
