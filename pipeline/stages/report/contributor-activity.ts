import {
  type OwnContribution,
  readContributions,
  readContributorWeeks,
} from '../../../db/queries/report/contributors.ts';
import type { StoredWeek } from '../../../db/schema.ts';
import { listMilestones } from '../../domain/milestones.ts';
import { DAY_MS, isoDate, mondayOf } from '../../domain/time.ts';
import { contributionUrl } from '../../published/contribution-url.ts';
import type { ContributorActivity } from '../../published/documents.ts';
import { RECENT } from '../../published/sizes.ts';
import type { Report } from './context.ts';

/** What a person's own document of activity, or the part in a shard, has of it. */
export type Activity = Pick<ContributorActivity, 'weeks' | 'days' | 'ranks' | 'milestones'>;

/** The activity of a person, and the contributions, newest first. */
export interface WholeActivity {
  readonly activity: Activity;
  /** The last ones, which each person's document has. */
  readonly recent: readonly OwnContribution[];
  readonly older: readonly OwnContribution[];
}

/** The activity of each of the given people, by all their contributions. */
export async function readActivities(
  report: Report,
  ids: readonly number[],
): Promise<(id: number) => WholeActivity> {
  const { db, now, ranksOf } = report;
  const weeks = await readContributorWeeks(db, ids);
  const contributions = await readContributions(db, ids, now);
  return (id) => {
    const own = contributions.get(id) ?? [];
    const ranks = ranksOf(id);
    const milestones = listMilestones(own);
    const activity = {
      weeks: buildWeeks(weeks.get(id) ?? []),
      ...buildDays(own, now),
      ...(ranks && { ranks }),
      ...(milestones.length > 0 && { milestones }),
    };
    return { activity, recent: own.slice(0, RECENT), older: own.slice(RECENT) };
  };
}

/** When some kinds are not known of at least one repository. */
export const unknownIntervals = ({ knowledge }: Report): ContributorActivity['unknown'] =>
  knowledge.intervals.map(({ from, to, kinds }) => ({
    from: from.toISOString(),
    to: to.toISOString(),
    kinds: [...kinds],
  }));

type Recent = ContributorActivity['recent'][number];

function buildWeeks(weeks: readonly StoredWeek[]): ContributorActivity['weeks'] {
  return weeks.map(({ week, counts }) => ({
    week,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
  }));
}

/** Weeks of the picture of days: a year and the week that goes on. */
export const SHOWN_WEEKS = 53;

/** The Monday on which the first of the last 53 weeks begins, in milliseconds since 1970. */
export function firstMonday(now: Date): number {
  return (mondayOf(now) - 7 * (SHOWN_WEEKS - 1)) * DAY_MS;
}

function buildDays(own: readonly OwnContribution[], now: Date): Pick<Activity, 'days'> {
  const from = firstMonday(now);
  const counts = new Map<number, number>();
  for (const { occurred_at } of own) {
    const day = Math.floor((occurred_at - from) / DAY_MS);
    if (day >= 0) counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  if (counts.size === 0) return {};
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const at = sorted.map(([day]) => day);
  return {
    days: { from: isoDate(new Date(from)), at, counts: sorted.map(([, count]) => count) },
  };
}

export function buildRecent(row: OwnContribution, report: Report): Recent {
  const { appearance, hideMentions, weights, repositoryNames } = report;
  const repository = repositoryNames.get(row.repository_id) ?? '';
  return {
    repository,
    event_id: row.event_id,
    kind: row.kind,
    occurred_at: new Date(row.occurred_at).toISOString(),
    points: weights.base_points[row.kind],
    source: row.source,
    url: appearance.sample ? null : contributionUrl({ ...row, repository }, appearance.server),
    ...(row.subject_number !== null && row.subject_number > 0 && { number: row.subject_number }),
    title: row.title && hideMentions(row.title),
  };
}
