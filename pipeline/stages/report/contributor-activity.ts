import {
  readContributorWeeks,
  readRecentContributions,
  type TopContributor,
} from '../../../db/queries/report/contributors.ts';
import type { StoredWeek } from '../../../db/schema.ts';
import { type ContributorActivity, contributorActivitySchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';

/** The length of `recent` in the contract. */
const RECENT = 100;

/** Writes the activity of each contributor: counts by week, and the last contributions. */
export async function writeActivities(
  { db, now, head, folder }: Report,
  contributors: readonly TopContributor[],
): Promise<void> {
  const ids = contributors.map((contributor) => contributor.github_id);
  const weeks = new Map(
    (await readContributorWeeks(db, ids)).map((row) => [row.user_id, row.weeks]),
  );
  const recent = Map.groupBy(await readRecentContributions(db, ids, now, RECENT), userId);
  for (const { github_id, login: username } of contributors) {
    const document: ContributorActivity = {
      ...head,
      username,
      weeks: buildWeeks(weeks.get(github_id) ?? []),
      recent: (recent.get(github_id) ?? []).map((row) => buildRecent(row, head.sample)),
    };
    const path = documentPath('contributor_activity', { username });
    folder.write(path, contributorActivitySchema, document);
  }
}

const userId = (row: { readonly user_id: number }) => row.user_id;

type RecentRow = Awaited<ReturnType<typeof readRecentContributions>>[number];

function buildWeeks(weeks: readonly StoredWeek[]): ContributorActivity['weeks'] {
  return weeks.map(({ week, counts }) => ({
    week,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
  }));
}

function buildRecent(row: RecentRow, sample: boolean): ContributorActivity['recent'][number] {
  const { user_id: _, subject_number, ...contribution } = row;
  return {
    ...contribution,
    occurred_at: row.occurred_at.toISOString(),
    url: sample ? null : contributionUrl(row),
  };
}

/**
 * The address of a contribution on GitHub. Null if the natural key is not enough for it: the
 * address of a release needs its tag, that of a comment on a commit needs the commit.
 */
export function contributionUrl(
  row: Pick<RecentRow, 'repository' | 'event_id' | 'subject_number'>,
): string | null {
  const path = contributionPath(row.event_id, row.subject_number);
  return path === null ? null : `https://github.com/${row.repository}/${path}`;
}

/** `subject` is the number of the issue or pull request that the contribution belongs to. */
function contributionPath(eventId: string, subject: number | null): string | null {
  const [what, id = ''] = eventId.split(':');
  if (!/^[0-9a-f]+$/.test(id)) return null;
  if (what === 'commit') return `commit/${id}`;
  if (what === 'pr') return `pull/${id}`;
  if (what === 'issue') return `issues/${id}`;
  if (subject === null) return null;
  if (what === 'review') return `pull/${subject}#pullrequestreview-${id}`;
  if (what === 'review_comment') return `pull/${subject}#discussion_r${id}`;
  // GitHub redirects to the pull request if the number belongs to one.
  if (what === 'comment') return `issues/${subject}#issuecomment-${id}`;
  return null;
}
