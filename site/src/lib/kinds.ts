import type { CountColumn } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Entry, Scoring } from '../../../pipeline/published/documents.ts';

/** How each kind of contribution is called, counted and coloured, everywhere. */

export type Kind = keyof Scoring['base_points'];
export type Part = keyof Entry['points'];
export type Counts = Pick<Entry, CountColumn>;

interface KindText {
  readonly kind: Kind;
  readonly label: string;
  readonly one: string;
  readonly count: keyof Counts;
  /** Who is credited, as the scoring page says it. */
  readonly credit: string;
}

const kind = (
  kind: Kind,
  label: string,
  one: string,
  count: keyof Counts,
  credit: string,
): KindText => ({ kind, label, one, count, credit });

export const KINDS: readonly KindText[] = [
  kind('RELEASE', 'Releases', 'release', 'releases_count', 'its author'),
  kind(
    'PR_MERGED',
    'Pull requests merged',
    'pull request merged',
    'pr_merged_count',
    'the author of the pull request, not whoever pressed the button',
  ),
  kind('PR_OPENED', 'Pull requests opened', 'pull request opened', 'pr_opened_count', 'its author'),
  kind(
    'PR_REVIEWED',
    'Reviews',
    'review',
    'pr_reviewed_count',
    'the reviewer, unless they review their own pull request',
  ),
  kind(
    'COMMIT',
    'Commits',
    'commit',
    'commit_count',
    'the author of the commit; whoever pushed it where only the archive tells of it',
  ),
  kind('ISSUE_OPENED', 'Issues opened', 'issue opened', 'issues_opened_count', 'its author'),
  kind('ISSUE_CLOSED', 'Issues closed', 'issue closed', 'issues_closed_count', 'whoever closed it'),
  kind(
    'PR_REVIEW_COMMENT',
    'Review comments',
    'review comment',
    'pr_review_comment_count',
    'its author',
  ),
  kind('COMMENT', 'Comments', 'comment', 'comments_count', 'its author'),
];

export const kindText = (kind: Kind): KindText =>
  KINDS.find((text) => text.kind === kind) as KindText;

/** All contributions of a tally, whatever their kind. */
export const countContributions = (counts: Counts): number =>
  KINDS.reduce((sum, { count }) => sum + counts[count], 0);

/** Ten parts are too many colours to tell apart; seven groups are not. A board has their columns. */
export const GROUPS = [
  { id: 'release', label: 'Releases', parts: ['RELEASE'] },
  { id: 'pr', label: 'Pull requests', parts: ['PR_MERGED', 'PR_OPENED'] },
  { id: 'review', label: 'Reviews', parts: ['PR_REVIEWED'] },
  { id: 'commit', label: 'Commits', parts: ['COMMIT'] },
  { id: 'issue', label: 'Issues', parts: ['ISSUE_OPENED', 'ISSUE_CLOSED'] },
  { id: 'comment', label: 'Comments', parts: ['PR_REVIEW_COMMENT', 'COMMENT'] },
  { id: 'lines', label: 'Lines', parts: ['line_bonus'] },
] as const satisfies readonly { id: string; label: string; parts: readonly Part[] }[];

export type Group = (typeof GROUPS)[number]['id'];

export const groupOf = (part: Part): Group =>
  (GROUPS.find(({ parts }) => (parts as readonly Part[]).includes(part)) ?? GROUPS[6]).id;

export const groupColour = (group: Group) => `var(--c-${group})`;

/** Points of each group, in the order of GROUPS. */
export const groupPoints = (points: Entry['points']): number[] =>
  GROUPS.map(({ parts }) =>
    (parts as readonly Part[]).reduce((sum, part) => sum + points[part], 0),
  );
