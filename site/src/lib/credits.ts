import type { Kind } from './kinds.ts';

/** Who is credited with a contribution, as the scoring page says it: no other page loads it. */
export const CREDITS: Readonly<Record<Kind, string>> = {
  PR_MERGED: 'the author of the pull request, not the person who merged it',
  PR_OPENED: 'its author',
  PR_REVIEWED: 'the reviewer, unless they review their own pull request',
  COMMIT: 'the author of the commit; the person who pushed it, if only the archive has it',
  ISSUE_OPENED: 'its author',
  ISSUE_CLOSED: 'the person who closed it',
  PR_REVIEW_COMMENT: 'its author',
  COMMENT: 'its author',
  RELEASE: 'its author',
};
