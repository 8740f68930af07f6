/** What the address of a contribution is made from. */
interface Addressed {
  /** `owner/name` */
  readonly repository: string;
  readonly event_id: string;
  /** The number of its issue or pull request. */
  readonly subject_number: number | null;
  /** The tag of a release, the commit of a comment on a commit. */
  readonly reference: string | null;
}

/**
 * The address of a contribution on GitHub. Null if what is known is not enough for it: that of a
 * release needs its tag, that of a comment on a commit needs the commit.
 */
export function contributionUrl(row: Addressed, server: string): string | null {
  const path = contributionPath(row);
  return path === null ? null : `${server}/${row.repository}/${path}`;
}

function contributionPath({
  event_id,
  subject_number: subject,
  reference,
}: Addressed): string | null {
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
