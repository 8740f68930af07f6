import type { RepositoryCoverage } from './coverage.ts';
import { formatCount, formatDay, plural } from './format.ts';

type LeftOut = NonNullable<RepositoryCoverage['left_out']>;

/** Ids that stand in a sentence. */
const MOST_IDS = 3;

/** What is not counted of a repository, and why: one sentence for each reason; none if all counts. */
export function describeLeftOut(leftOut: LeftOut | undefined): string[] {
  if (!leftOut) return [];
  const { other_repositories: others, commits_before_window, commits_after_window } = leftOut;
  return [
    ...describeOthers(others),
    ...describeCommits(commits_before_window, 'before the time that is read'),
    ...describeCommits(commits_after_window, 'a day or more after the last run'),
  ];
}

function describeOthers(others: LeftOut['other_repositories']): string[] {
  const latest = others
    .map(({ last_seen_at }) => last_seen_at)
    .toSorted()
    .at(-1);
  if (latest === undefined) return [];
  const ids = others
    .slice(0, MOST_IDS)
    .map(({ github_id }) => github_id)
    .join(', ');
  const more = others.length > MOST_IDS ? ` and ${formatCount(others.length - MOST_IDS)} more` : '';
  const who =
    others.length === 1
      ? `Another repository had this name (id ${ids}`
      : `${formatCount(others.length)} other repositories had this name (ids ${ids}${more}`;
  return [`${who}, last seen on ${formatDay(latest)}): what was done there does not count.`];
}

function describeCommits(commits: number | null, when: string): string[] {
  if (!commits) return [];
  const [dated, count] = commits === 1 ? ['is dated', 'does'] : ['are dated', 'do'];
  return [`${plural(commits, 'commit')} of the branch ${dated} ${when}, and ${count} not count.`];
}
