import {
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
  const weeks = new Map(
    (await readContributorWeeks(db, ids)).map((row) => [row.user_id, row.weeks]),
  );
  const recent = Map.groupBy(await readRecentContributions(db, ids, now, RECENT), userId);
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

const userId = (row: { readonly user_id: number }) => row.user_id;

type Recent = ContributorActivity['recent'][number];
type RecentRow = Awaited<ReturnType<typeof readRecentContributions>>[number];

function buildWeeks(weeks: readonly StoredWeek[]): ContributorActivity['weeks'] {
  return weeks.map(({ week, counts }) => ({
    week,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
  }));
}

function buildRecent(row: RecentRow, { appearance, hideMentions }: Report): Recent {
  const { sample, server } = appearance;
  const { user_id: _, subject_number, reference, title, ...contribution } = row;
  return {
    ...contribution,
    occurred_at: row.occurred_at.toISOString(),
    url: sample ? null : contributionUrl(row, server),
    title: title && hideMentions(title),
  };
}

/**
 * The address of a contribution on GitHub. Null if what is known is not enough for it: that of a
 * release needs its tag, that of a comment on a commit needs the commit.
 */
export function contributionUrl(
  row: Pick<RecentRow, 'repository' | 'event_id' | 'subject_number' | 'reference'>,
  server: string,
): string | null {
  const path = contributionPath(row);
  return path === null ? null : `${server}/${row.repository}/${path}`;
}

function contributionPath({
  event_id,
  subject_number: subject,
  reference,
}: Parameters<typeof contributionUrl>[0]): string | null {
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
