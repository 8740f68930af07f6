import type {
  Board,
  RepositoryActivity,
  RepositoryDocument,
} from '../../../pipeline/published/documents.ts';
import {
  type Compared,
  counted,
  countMeasures,
  countParts,
  lacksCounts,
  type Measure,
  periodHead,
  WEEKS,
  type Weeks,
  weekMeasures,
} from './compared.ts';
import { formatSpan, plural, WEEK_MS } from './format.ts';
import { KINDS } from './kinds.ts';
import type { Period, SiteFacts } from './site.ts';
import { unknownSince } from './unknown-weeks.ts';

/** A repository as the page that compares shows it. */

/** The documents of a repository: itself, what happens in it, and its board of the period, whole. */
export interface RepositoryDocuments {
  readonly document: RepositoryDocument;
  readonly activity: RepositoryActivity;
  readonly board: readonly [Board, ...Board[]];
}

export function comparedRepository(
  scoring: SiteFacts['scoring'],
  documents: RepositoryDocuments,
  addresses: Pick<Compared, 'href' | 'json'>,
  period: Period,
): Compared {
  const { document, activity, board } = documents;
  const { full_name } = document.repository;
  const start = Date.parse(activity.weeks.from);
  const weeks: Weeks = {
    weeks: sumWeeks(activity, start),
    last: start + (WEEKS - 1) * WEEK_MS,
    unknown: unknownSince(start, activity.unknown),
  };
  const [{ total, unranked, unknown_kinds: unknown }] = board;
  const totals = period === 'all' ? document.totals : sumKinds(board);
  const group = periodHead(scoring, period);
  const people = { group, best: 'most' } as const;
  const isPartly = lacksCounts(unknown);
  return {
    ...weeks,
    ...addresses,
    name: full_name,
    label: full_name,
    measures: [
      { ...people, label: 'People with points', ...counted(total, isPartly) },
      { ...people, label: 'Contributors', ...counted(total + unranked.contributors, isPartly) },
      ...countMeasures(group, totals, unknown),
      ...weekMeasures(weeks),
      ...manners(activity),
    ],
    points: null,
    counts: countParts(totals, unknown),
  };
}

/** How many of each kind all people of a board have, with those who have no rank. */
const sumKinds = (board: readonly Board[]) =>
  Object.fromEntries(
    KINDS.map(({ kind, count }) => [
      kind,
      sumOf(board.flatMap(({ columns }) => columns.counts[count] ?? [])),
    ]),
  );

const sumOf = (column: readonly (number | null)[]) =>
  column.reduce<number>((sum, one) => sum + (one ?? 0), 0);

/** Contributions of all kinds in each week. */
function sumWeeks({ weeks }: RepositoryActivity, start: number): Map<number, number> {
  const columns = Object.values(weeks.counts);
  return new Map(
    Array.from({ length: WEEKS }, (_, week) => [
      start + week * WEEK_MS,
      columns.reduce((sum, column) => sum + (column[week] ?? 0), 0),
    ]),
  );
}

/** How work is done: none of it is better than another's. */
function manners({ concentration, first_review, merge }: RepositoryActivity): Measure[] {
  const said = (label: string, text: string | null | undefined): Measure => ({
    group: 'How work is done',
    ...{ label, best: null, text: text ?? '–', value: null },
  });
  return [
    said('Half of all points', concentration && plural(concentration.half, 'person', 'people')),
    said('First review after, median', first_review && formatSpan(first_review.seconds)),
    said('Merged after, median', merge && formatSpan(merge.seconds)),
  ];
}
