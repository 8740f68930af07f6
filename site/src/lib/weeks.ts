import type { ContributorActivity } from '../../../pipeline/published/documents.ts';
import { DAY_MS, formatCount, formatDay, plural } from './format.ts';
import { describeUnknownTime, type Unknown, unknownSince } from './unknown-weeks.ts';

/** The weeks of a person's activity: which are shown, and what they say in words. */

export type Week = ContributorActivity['weeks'][number];

export const WEEK_MS = 7 * DAY_MS;

/** A bar needs others to compare it with. */
const LEAST_WEEKS = 12;
/** Two years. */
const MOST_WEEKS = 104;

/** The Monday of a moment's week. */
function weekOf(moment: string): number {
  const date = new Date(moment);
  const monday = date.getUTCDate() - ((date.getUTCDay() + 6) % 7);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), monday);
}

/** How many weeks to show: weeks before the first would look like inactivity. */
export function spanOf(weeks: readonly Week[], until: string): number {
  const first = weeks[0];
  if (!first) return MOST_WEEKS;
  const since = Math.round((weekOf(until) - Date.parse(first.week)) / WEEK_MS) + 1;
  return Math.min(MOST_WEEKS, Math.max(LEAST_WEEKS, since));
}

/** The start of the first of the newest `count` weeks, and the end of the last, in ms since 1970. */
export function rangeOf(count: number, until: string): { start: number; end: number } {
  const end = weekOf(until) + WEEK_MS;
  return { start: end - count * WEEK_MS, end };
}

/** The newest `count` weeks up to the end of the data. */
export function lastWeeks(weeks: readonly Week[], count: number, until: string): Week[] {
  const { start } = rangeOf(count, until);
  return weeks.filter((week) => Date.parse(week.week) >= start);
}

export function describeActivity(weeks: readonly Week[], span: number): string {
  const [first, ...rest] = weeks;
  if (!first) return `No contribution in the last ${span} weeks.`;
  const busiest = rest.reduce((best, week) => (week.total > best.total ? week : best), first);
  const total = weeks.reduce((sum, week) => sum + week.total, 0);
  return (
    `${plural(total, 'contribution')} in ${formatCount(weeks.length)} of the last ${span} weeks. ` +
    `The busiest week began on ${formatDay(busiest.week)}, with ${formatCount(busiest.total)}.`
  );
}

/** What a chart of activity is made from. */
export interface Activity {
  readonly weeks: readonly Week[];
  /** The end of the data. */
  readonly until: string;
  readonly unknown: readonly Unknown[];
}

/** The last `span` weeks in words: what was done, and what is not known. */
export function describeWeeks({ weeks, until, unknown }: Activity, span: number): string {
  const { start } = rangeOf(span, until);
  const lacking = describeUnknownTime(unknownSince(start, unknown), until);
  return describeActivity(lastWeeks(weeks, span, until), span) + lacking;
}
