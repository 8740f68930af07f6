/**
 * Every kind of contribution, most valuable first. The enum, the default weights, the columns of
 * the boards, the schemas of the documents and the lists of the site are all made from this list.
 */
export const CONTRIBUTION_KIND_TABLE = {
  RELEASE: {
    /** The column of a board, and the field of a document, that counts this kind. */
    column: 'releases_count',
    /** What several of this kind are called. */
    name: 'releases',
    /** The place of that field among the counts of a document. A new kind takes the next number. */
    position: 9,
    /** Default points for one contribution. */
    points: 30,
    /** What counts, and who is credited; a text in the JSON Schema of `config/weights.yaml`. */
    meaning: 'A release, for its author.',
  },
  PR_MERGED: {
    column: 'pr_merged_count',
    name: 'pull requests merged',
    position: 3,
    points: 25,
    meaning: 'A merged pull request, for its author.',
  },
  PR_REVIEWED: {
    column: 'pr_reviewed_count',
    name: 'reviews',
    position: 4,
    points: 20,
    meaning: "A review of someone else's pull request, for the reviewer.",
  },
  PR_OPENED: {
    column: 'pr_opened_count',
    name: 'pull requests opened',
    position: 2,
    points: 15,
    meaning: 'An opened pull request, for its author.',
  },
  COMMIT: {
    column: 'commit_count',
    name: 'commits',
    position: 1,
    points: 10,
    meaning: 'A commit that reached the default branch, for its author.',
  },
  ISSUE_OPENED: {
    column: 'issues_opened_count',
    name: 'issues opened',
    position: 6,
    points: 8,
    meaning: 'An opened issue, for its author.',
  },
  ISSUE_CLOSED: {
    column: 'issues_closed_count',
    name: 'issues closed',
    position: 7,
    points: 5,
    meaning: 'A closed issue, for who closed it.',
  },
  PR_REVIEW_COMMENT: {
    column: 'pr_review_comment_count',
    name: 'review comments',
    position: 5,
    points: 5,
    meaning: 'A comment on a line of a pull request, for its author.',
  },
  COMMENT: {
    column: 'comments_count',
    name: 'comments',
    position: 8,
    points: 3,
    meaning: 'A comment on an issue, a pull request or a commit, for its author.',
  },
} as const;

export type ContributionKind = keyof typeof CONTRIBUTION_KIND_TABLE;
export type CountColumn = (typeof CONTRIBUTION_KIND_TABLE)[ContributionKind]['column'];

/** The parts of a score: the points of each kind, and the capped bonus for lines. */
export type ScorePart = ContributionKind | 'line_bonus';

export const CONTRIBUTION_KINDS = Object.keys(CONTRIBUTION_KIND_TABLE) as ContributionKind[];

export const SCORE_PARTS: readonly ScorePart[] = [...CONTRIBUTION_KINDS, 'line_bonus'];

export const countColumn = (kind: ContributionKind): CountColumn =>
  CONTRIBUTION_KIND_TABLE[kind].column;

/** The counts in the order of a document's fields. */
export const COUNT_COLUMNS: readonly CountColumn[] = CONTRIBUTION_KINDS.toSorted(
  (a, b) => CONTRIBUTION_KIND_TABLE[a].position - CONTRIBUTION_KIND_TABLE[b].position,
).map(countColumn);

/** An object with a value for each kind. */
export function mapKinds<T>(value: (kind: ContributionKind) => T): Record<ContributionKind, T> {
  return Object.fromEntries(CONTRIBUTION_KINDS.map((kind) => [kind, value(kind)])) as Record<
    ContributionKind,
    T
  >;
}

/** The points of a count of contributions. Exact: weights have at most three decimals. */
export const pointsFor = (count: number, weight: number): number =>
  Math.round(count * weight * 1000) / 1000;
