/**
 * The usual label of an event: the number of its issue or pull request, or the start of a
 * commit's hash. Null for a review, a comment and a release: GitHub does not show their number.
 */
export function eventLabel(eventId: string): string | null {
  const [what, id = ''] = eventId.split(':');
  if (what === 'pr' || what === 'issue') return `#${id}`;
  return what === 'commit' ? id.slice(0, 7) : null;
}
