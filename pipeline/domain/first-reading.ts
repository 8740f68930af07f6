/** What the first reading of repositories from GitHub takes, by how much they have. */

/** How much a repository has, as GitHub counts it. Comments and reviews have no such count. */
export interface RepositorySize {
  readonly stars: number;
  readonly pull_requests: number;
  readonly issues: number;
  readonly commits: number;
  readonly releases: number;
}

/**
 * Points of GitHub's rate limit for a thousand of each, at most: what a page of each costs by GitHub's
 * formula of points. A pull request is read with its reviews, an issue with the person who closed it.
 */
const POINTS_BY_THOUSAND = { pull_requests: 40, issues: 10, commits: 10, releases: 10 } as const;

/** One point is about one request, which takes GitHub a second or two. An estimate. */
const SECONDS_A_POINT = 1.5;

/** Minutes that a nightly run reads on GitHub Actions: the allowance of an hour, and time to publish. */
export const NIGHT_MINUTES = 40;

/** Points an hour of a workflow's token. */
const TOKEN_POINTS = 1_000;

export interface FirstReading {
  /** At most: older ones than the configured years are not all read. */
  readonly points: number;
  readonly seconds: number;
}

export function firstReadingOf(size: RepositorySize): FirstReading {
  const kinds = Object.entries(POINTS_BY_THOUSAND) as [keyof typeof POINTS_BY_THOUSAND, number][];
  const points = kinds.reduce(
    (sum, [kind, price]) => sum + Math.ceil((size[kind] * price) / 1000),
    0,
  );
  return { points, seconds: Math.ceil(points * SECONDS_A_POINT) };
}

/** How many nightly runs that takes. @param share of the rate limit that is ours */
export function nightsFor({ points, seconds }: FirstReading, share: number): number {
  const byTime = Math.ceil(seconds / (NIGHT_MINUTES * 60));
  return Math.max(1, byTime, share > 0 ? Math.ceil(points / (TOKEN_POINTS * share)) : 1);
}
