import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import type { Entry } from '../../../pipeline/published/documents.ts';
import { type Counts, KINDS } from './kinds.ts';

/** The columns of a board: one list for its head, its rows and sorting. */
export interface BoardColumn {
  readonly id: string;
  readonly label: string;
  /** What the list of columns to sort by says, if it is not the label. */
  readonly sortLabel?: string;
  readonly hint?: string;
  /** Nothing to sort by. */
  readonly isFixed?: boolean;
  /** A head for screen readers alone. */
  readonly isSilent?: boolean;
}

/** What the columns of numbers are made from. */
type Counted = Counts & Pick<Entry, 'lines_added' | 'lines_deleted'>;

/** A column of numbers. */
export interface TableColumn extends BoardColumn {
  /** The fields that are summed up in it. */
  readonly fields: readonly (keyof Counted)[];
  /** What it counts: where one of these is not known, the column is not. */
  readonly kinds: readonly CoverageKind[];
}

/** A column that counts the kinds which name it in kinds.ts. */
function countColumn(id: string, label: string, hint: string): TableColumn {
  const own = KINDS.filter(({ column }) => column === id);
  return {
    id,
    label,
    hint,
    fields: own.map(({ count }) => count),
    kinds: own.map(({ kind }) => kind),
  };
}

export const TABLE_COLUMNS: readonly TableColumn[] = [
  countColumn('merged', 'Merged', 'Pull requests merged'),
  countColumn('reviews', 'Reviews', 'Reviews of others’ pull requests'),
  countColumn('commits', 'Commits', 'Commits on the default branch'),
  countColumn('issues', 'Issues', 'Issues opened and closed'),
  countColumn('comments', 'Comments', 'Comments and review comments'),
  countColumn('releases', 'Releases', 'Releases published'),
];

export const sumOf = ({ fields }: TableColumn, counted: Counted): number =>
  fields.reduce((sum, field) => sum + counted[field], 0);

/** The ids of the columns that count something of which not all is known. */
export const listUnknownColumns = (unknown: readonly CoverageKind[]): string[] =>
  TABLE_COLUMNS.filter(({ kinds }) => kinds.some((kind) => unknown.includes(kind))).map(
    ({ id }) => id,
  );

/** In the order of a row's cells: what they are called, and what can be sorted by. */
export const BOARD_COLUMNS: readonly BoardColumn[] = [
  { id: 'rank', label: 'Rank' },
  { id: 'move', label: 'Move', isFixed: true },
  { id: 'name', label: 'Contributor', sortLabel: 'Name' },
  { id: 'score', label: 'Score' },
  { id: 'bar', label: 'Parts of the score', isFixed: true, isSilent: true },
  { id: 'delta', label: '+7 days', hint: 'Points of the last seven days' },
  {
    id: 'trend',
    label: '26 weeks',
    hint: 'Contributions by week, up to the present one',
    isFixed: true,
  },
  ...TABLE_COLUMNS,
];
