import {
  type RecentContribution,
  readContributorWeeks,
  readRecentContributions,
} from '../../../db/queries/report/contributors.ts';
import type { StoredWeek } from '../../../db/schema.ts';
import type { ContributorActivity } from '../../published/documents.ts';
import { RECENT } from '../../published/sizes.ts';
import type { Report } from './context.ts';

export type Activity = Pick<ContributorActivity, 'weeks' | 'recent'>;

/** The activity of each of the given people: counts by week, and the last contributions. */
export async function readActivities(
  report: Report,
  ids: readonly number[],
): Promise<(id: number) => Activity> {
  const { db, now } = report;
  const weeks = await readContributorWeeks(db, ids);
  const recent = await readRecentContributions(db, ids, now, RECENT);
  return (id) => ({
    weeks: buildWeeks(weeks.get(id) ?? []),
    recent: (recent.get(id) ?? []).map((row) => buildRecent(row, report)),
  });
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

function buildRecent(row: RecentContribution, report: Report): Recent {
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
    title: row.title && hideMentions(row.title),
  };
}

/** What the address of a contribution is made from. */
interface Addressed extends Pick<RecentContribution, 'event_id' | 'subject_number' | 'reference'> {
  /** `owner/name` */
  readonly repository: string;
}

/**
 * The address of a contribution on GitHub. Null if what is known is not enough for it: that of a
 * release needs its tag, that of a comment on a commit needs the commit.
 */
export function contributionUrl(row: Addressed, server: string): string | null {
  const path = contributionPath(row);
  return path === null ? null : `${server}/${row.repository}/${path}`;
}

function contributionPath({
  event_id,
  subject_number: subject,
  reference,
}: Addressed): string | null {
  const [what, id = ''] = event_id.split(':');
  if (!/^[0-9a-f]+$/.test(id)) return null;
  if (what === 'commit') return `commit/${id}`;
  if (what === 'pr') return `pull/${id}`;
  if (what === 'issue') return `issues/${id}`;
  if (what === 'release') return reference && `releases/tag/${encodeURIComponent(reference)}`;
  if (what === 'commit_comment')
    return reference && `commit/${encodeURIComponent(reference)}#commitcomment-${id}`;
  if (subject === null) return null;
  if (what === 'review') return `pull/${subject}#pullrequestreview-${id}`;
  if (what === 'review_comment') return `pull/${subject}#discussion_r${id}`;
  // GitHub redirects to the pull request if the number belongs to one.
  if (what === 'comment') return `issues/${subject}#issuecomment-${id}`;
  return null;
}
