import type {
  Leaderboard,
  RepositoryActivity,
  RepositoryDocument,
} from '../../../pipeline/published/documents.ts';
import {
  ALL_TIME,
  type Compared,
  counted,
  countMeasures,
  countParts,
  lacksCounts,
  type Measure,
  WEEKS,
  type Weeks,
  weekMeasures,
} from './compared.ts';
import { formatSpan, plural, WEEK_MS } from './format.ts';
import { unknownSince } from './unknown-weeks.ts';

/** A repository as the page that compares shows it. */

/** The documents of a repository: itself, what happens in it, its boards of all time and a month. */
export interface RepositoryDocuments {
  readonly document: RepositoryDocument;
  readonly activity: RepositoryActivity;
  readonly board: Pick<Leaderboard, 'total' | 'unknown_kinds'>;
  readonly month: Pick<Leaderboard, 'total' | 'unknown_kinds'>;
}

export function comparedRepository(
  documents: RepositoryDocuments,
  addresses: Pick<Compared, 'href' | 'json'>,
): Compared {
  const { document, activity, board, month } = documents;
  const { full_name, contributors } = document.repository;
  const start = Date.parse(activity.weeks.from);
  const weeks: Weeks = {
    weeks: sumWeeks(activity, start),
    last: start + (WEEKS - 1) * WEEK_MS,
    unknown: unknownSince(start, activity.unknown),
  };
  const unknown = board.unknown_kinds;
  return {
    ...weeks,
    ...addresses,
    name: full_name,
    label: full_name,
    measures: [
      {
        group: 'Last 30 days',
        label: 'People with points',
        best: 'most',
        ...counted(month.total, lacksCounts(month.unknown_kinds)),
      },
      {
        group: ALL_TIME,
        label: 'Contributors',
        best: 'most',
        ...counted(contributors, lacksCounts(unknown)),
      },
      ...countMeasures(document.totals, unknown),
      ...weekMeasures(weeks),
      ...manners(activity),
    ],
    points: null,
    counts: countParts(document.totals, unknown),
  };
}

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
