import {
  CONTRIBUTION_KIND_TABLE,
  type CountColumn,
  countColumn,
} from '../../../pipeline/domain/contribution-kinds.ts';
import type { Entry, Scoring } from '../../../pipeline/published/documents.ts';
import { capitalise } from './format.ts';

/**
 * How each kind of contribution is called, counted, grouped and coloured, everywhere. This is the
 * one list of the site: colours, columns of boards and sums follow from it.
 */

export type Kind = keyof Scoring['base_points'];
export type Part = keyof Entry['points'];

interface KindText {
  readonly one: string;
  readonly group: Group;
  /** The id of the column of a board that it is counted in; see table-columns.ts. Null: in none. */
  readonly column: string | null;
}

/**
 * Nobody can distinguish ten colours; seven groups work. In the order of a bar, which is the usual
 * size of their part, so that the bars of a board share their left edge.
 */
const GROUP_LABELS = {
  pr: 'Pull requests',
  review: 'Reviews',
  commit: 'Commits',
  issue: 'Issues',
  comment: 'Comments',
  release: 'Releases',
  lines: 'Lines',
} as const;

type Group = keyof typeof GROUP_LABELS;

/** In the order in which the parts of a score are listed. */
const TEXTS = {
  PR_MERGED: {
    one: 'pull request merged',
    group: 'pr',
    column: 'merged',
  },
  PR_OPENED: {
    one: 'pull request opened',
    group: 'pr',
    column: null,
  },
  PR_REVIEWED: {
    one: 'review',
    group: 'review',
    column: 'reviews',
  },
  COMMIT: {
    one: 'commit',
    group: 'commit',
    column: 'commits',
  },
  ISSUE_OPENED: {
    one: 'issue opened',
    group: 'issue',
    column: 'issues',
  },
  ISSUE_CLOSED: {
    one: 'issue closed',
    group: 'issue',
    column: 'issues',
  },
  PR_REVIEW_COMMENT: {
    one: 'review comment',
    group: 'comment',
    column: 'comments',
  },
  COMMENT: {
    one: 'comment',
    group: 'comment',
    column: 'comments',
  },
  RELEASE: {
    one: 'release',
    group: 'release',
    column: 'releases',
  },
} as const satisfies Readonly<Record<Kind, KindText>>;

export type Counts = Pick<Entry, CountColumn>;

export const kindText = (kind: Kind) => ({
  label: capitalise(CONTRIBUTION_KIND_TABLE[kind].name),
  ...TEXTS[kind],
});

/** `count` is the field of a document that counts the kind. */
export const KINDS = (Object.keys(TEXTS) as Kind[]).map((kind) => ({
  kind,
  count: countColumn(kind),
  ...kindText(kind),
}));

/** All contributions that were counted, of any kind. */
export const countContributions = (counts: Counts): number =>
  KINDS.reduce((sum, { count }) => sum + counts[count], 0);

/** The group of a part of a score, which gives it its colour. */
export const groupOf = (part: Part): Group => (part === 'line_bonus' ? 'lines' : TEXTS[part].group);

const PARTS: readonly Part[] = [...KINDS.map(({ kind }) => kind), 'line_bonus'];

export const GROUPS = (Object.keys(GROUP_LABELS) as Group[]).map((id, place) => ({
  id,
  /** Its colour in tokens.css, and its class where each byte counts: `a` for the first. */
  code: 'abcdefg'[place] ?? '',
  label: GROUP_LABELS[id],
  parts: PARTS.filter((part) => groupOf(part) === id),
}));

const CODES = new Map(GROUPS.flatMap(({ code, parts }) => parts.map((part) => [part, code])));

/** The code of a part's group. */
export const codeOf = (part: Part): string => CODES.get(part) ?? '';

/** Points of each group, in the order of GROUPS. */
export const groupPoints = (points: Entry['points']): number[] =>
  GROUPS.map(({ parts }) => parts.reduce((sum, part) => sum + points[part], 0));

/**
 * The usual label of an event: the number of its issue or pull request, or the start of a
 * commit's hash. Null for a review, a comment and a release: GitHub does not show their number.
 */
export function eventLabel(eventId: string): string | null {
  const [what, id = ''] = eventId.split(':');
  if (what === 'pr' || what === 'issue') return `#${id}`;
  return what === 'commit' ? id.slice(0, 7) : null;
}
