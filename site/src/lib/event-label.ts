/**
 * What people call the event behind a contribution: the number of its issue or pull request,
 * or the start of a commit's name. Null where GitHub shows nobody the number: of a review,
 * a comment, a release.
 */
export function eventLabel(eventId: string): string | null {
  const [what, id = ''] = eventId.split(':');
  if (what === 'pr' || what === 'issue') return `#${id}`;
  return what === 'commit' ? id.slice(0, 7) : null;
}
