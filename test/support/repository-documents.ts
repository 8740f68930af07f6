import * as published from '../../pipeline/published/documents.ts';
import { type Activity, weekStart } from './community.ts';
import { unknownIntervals } from './contributor-documents.ts';
import type { Add } from './documents.ts';
import type { Kind } from './oracle.ts';

const WEEKS = 53;

/** What happens in a repository, from its activities. */
export function addRepositoryActivity(
  add: Add,
  repository: string,
  activities: readonly Activity[],
  { now, sample }: { readonly now: Date; readonly sample: boolean },
): void {
  const own = activities.filter((activity) => activity.repository === repository);
  const counts: Partial<Record<Kind, number[]>> = {};
  for (const activity of own.filter(({ week }) => week < WEEKS)) {
    for (const [kind, count] of Object.entries(activity.counts) as [Kind, number][]) {
      const weeks = counts[kind] ?? new Array<number>(WEEKS).fill(0);
      weeks[WEEKS - 1 - activity.week] = (weeks[WEEKS - 1 - activity.week] ?? 0) + count;
      counts[kind] = weeks;
    }
  }
  const usernames = [...new Set(own.map(({ person }) => person.login))].slice(0, 8);
  add(`repositories/${repository}/activity.json`, published.repositoryActivitySchema, {
    repository,
    weeks: {
      from: weekStart(now, WEEKS - 1)
        .toISOString()
        .slice(0, 10),
      counts,
    },
    unknown: unknownIntervals(sample),
    months: {
      from: '2025-08',
      newcomers: [7, 3, 0, 2],
      returning: [0, 5, 6, 4],
      is_beginning: true,
    },
    concentration: { people: 4, half: 2, shares: [0.4, 0.7, 0.9, 1] },
    concentration_year_ago: null,
    reviews: {
      usernames,
      counts: usernames.map((_, row) => usernames.map((__, column) => (row === column ? 0 : row))),
    },
    first_review: { seconds: 22_800, pull_requests: 12 },
    merge: null,
  });
}
