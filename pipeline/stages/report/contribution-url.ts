/** What an address is made from. */
export interface ContributionKey {
  /** `owner/name`. */
  readonly repository: string;
  readonly event_id: string;
  /** Number of the issue or pull request it belongs to. */
  readonly subject_number: number | null;
}

/**
 * Where a contribution can be seen on GitHub, or null where its natural key does not tell:
 * a release is found by its tag, a comment on a commit by the commit.
 */
export function contributionUrl(key: ContributionKey): string | null {
  const path = contributionPath(key.event_id, key.subject_number);
  return path === null ? null : `https://github.com/${key.repository}/${path}`;
}

function contributionPath(eventId: string, subject: number | null): string | null {
  const [what, id = ''] = eventId.split(':');
  if (!/^[0-9a-f]+$/.test(id)) return null;
  if (what === 'commit') return `commit/${id}`;
  if (what === 'pr') return `pull/${id}`;
  if (what === 'issue') return `issues/${id}`;
  if (subject === null) return null;
  if (what === 'review') return `pull/${subject}#pullrequestreview-${id}`;
  if (what === 'review_comment') return `pull/${subject}#discussion_r${id}`;
  // GitHub leads on to the pull request if that is what the number is.
  if (what === 'comment') return `issues/${subject}#issuecomment-${id}`;
  return null;
}
