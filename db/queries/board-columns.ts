import type { ContributionKind } from '../../pipeline/domain/contribution.ts';

/** The column of a board that counts each kind of contribution. */
export const COUNT_COLUMNS = {
  RELEASE: 'releases_count',
  PR_MERGED: 'pr_merged_count',
  PR_REVIEWED: 'pr_reviewed_count',
  PR_OPENED: 'pr_opened_count',
  COMMIT: 'commit_count',
  ISSUE_OPENED: 'issues_opened_count',
  ISSUE_CLOSED: 'issues_closed_count',
  PR_REVIEW_COMMENT: 'pr_review_comment_count',
  COMMENT: 'comments_count',
} as const satisfies Record<ContributionKind, string>;

export const KINDS = Object.keys(COUNT_COLUMNS) as ContributionKind[];

/** What both boards keep of a contributor beside rank, score and parts. */
export const TALLY_COLUMNS = [
  ...Object.values(COUNT_COLUMNS),
  'lines_added',
  'lines_deleted',
  'first_contribution_at',
  'last_contribution_at',
] as const;
