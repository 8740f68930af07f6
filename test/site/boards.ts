import type { Entry } from '../../pipeline/published/documents.ts';
import type { Deed, Kind, Person } from './community.ts';

/** From deeds to ranked entries, as the pipeline would publish them. */

export const BASE_POINTS: Readonly<Record<Kind, number>> = {
  RELEASE: 30,
  PR_MERGED: 25,
  PR_REVIEWED: 20,
  PR_OPENED: 15,
  COMMIT: 10,
  ISSUE_OPENED: 8,
  ISSUE_CLOSED: 5,
  PR_REVIEW_COMMENT: 5,
  COMMENT: 3,
};
export const LINES = { added: 0.01, deleted: 0.005, cap: 500, from: 'PR_MERGED' } as const;

const KINDS = Object.keys(BASE_POINTS) as Kind[];
const round = (value: number) => Math.round(value * 1000) / 1000;

export function weekStart(now: Date, week: number): Date {
  const monday = now.getTime() - ((now.getUTCDay() + 6) % 7) * 86_400_000;
  return new Date(new Date(monday - week * 7 * 86_400_000).setUTCHours(0, 0, 0, 0));
}

function countKinds(deeds: readonly Deed[]): Record<Kind, number> {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const deed of deeds) for (const kind of KINDS) counts[kind] += deed.counts[kind] ?? 0;
  return counts;
}

/** Capped for each repository by itself. */
function lineBonus(deeds: readonly Deed[]): number {
  const byRepository = Map.groupBy(deeds, (deed) => deed.repository).values();
  const bonuses = byRepository.map((own) => {
    const sum = own.reduce((all, { added, deleted }) => all + added * 0.01 + deleted * 0.005, 0);
    return Math.min(LINES.cap, sum);
  });
  return round(bonuses.reduce((all, bonus) => all + bonus, 0));
}

function scorePoints(deeds: readonly Deed[]): Entry['points'] {
  const counts = countKinds(deeds);
  const points = KINDS.map((kind) => [kind, counts[kind] * BASE_POINTS[kind]]);
  return { ...Object.fromEntries(points), line_bonus: lineBonus(deeds) } as Entry['points'];
}

export function toPerson(person: Person) {
  return {
    username: person.login,
    github_id: person.id % 10 === 9 ? null : person.id,
    display_name: person.name,
    avatar_url: null,
    profile_url: `https://github.com/${encodeURIComponent(person.login)}`,
  };
}

function tally(deeds: readonly Deed[], now: Date): Omit<Entry, keyof ReturnType<typeof toPerson>> {
  const counts = countKinds(deeds);
  const points = scorePoints(deeds);
  const weeks = deeds.map((deed) => deed.week);
  return {
    rank: 1,
    previous_rank: null,
    total_score: round(Object.values(points).reduce((all, part) => all + part, 0)),
    commit_count: counts.COMMIT,
    pr_opened_count: counts.PR_OPENED,
    pr_merged_count: counts.PR_MERGED,
    pr_reviewed_count: counts.PR_REVIEWED,
    pr_review_comment_count: counts.PR_REVIEW_COMMENT,
    issues_opened_count: counts.ISSUE_OPENED,
    issues_closed_count: counts.ISSUE_CLOSED,
    comments_count: counts.COMMENT,
    releases_count: counts.RELEASE,
    lines_added: deeds.reduce((all, deed) => all + deed.added, 0),
    lines_deleted: deeds.reduce((all, deed) => all + deed.deleted, 0),
    first_contribution_at: weekStart(now, Math.max(...weeks)).toISOString(),
    last_contribution_at: weekStart(now, Math.min(...weeks)).toISOString(),
    points,
  };
}

/** Some climbed, some fell, some are new: by a rule, so that tests can rely on it. */
function previousRank(rank: number): number | null {
  if (rank % 7 === 0) return null;
  return Math.max(1, rank + ([0, 1, -1, 0, 2][rank % 5] ?? 0));
}

/** The board of these deeds: ties share a rank, then the latest contribution, then the login. */
export function rankEntries(deeds: readonly Deed[], now: Date, scope: string): Entry[] {
  const entries = [...Map.groupBy(deeds, (deed) => deed.person).entries()].map(([person, own]) => ({
    ...toPerson(person),
    ...tally(own, now),
    ...(scope === 'global' && {
      repositories_contributed: new Set(own.map((deed) => deed.repository)).size,
    }),
  }));
  entries.sort(
    (a, b) =>
      b.total_score - a.total_score ||
      b.last_contribution_at.localeCompare(a.last_contribution_at) ||
      a.username.localeCompare(b.username),
  );
  entries.forEach((entry, index) => {
    const above = entries[index - 1];
    entry.rank = above?.total_score === entry.total_score ? above.rank : index + 1;
    entry.previous_rank = previousRank(entry.rank);
  });
  return entries;
}
