/** The lists of a repository on GitHub, besides its commits, in the order in which they are read. */
export const LIST_NAMES = [
  'pull_requests',
  'issues',
  'releases',
  'issue_comments',
  'review_comments',
  'commit_comments',
] as const;

export type ListName = (typeof LIST_NAMES)[number];

/** All whose whole can be looked at again. */
export const RECHECKED_LISTS: readonly string[] = ['commits', ...LIST_NAMES];
