import { COUNT_COLUMNS, type CountColumn, SCORE_PARTS } from '../../domain/contribution-kinds.ts';
import type { Entry } from '../../published/documents.ts';
import type { Appearance } from './head.ts';
import { buildPerson, type PersonRow } from './person.ts';

/** One contributor's line of a board, as the tables have it. */
export interface TallyRow extends Readonly<Record<CountColumn, number>> {
  readonly rank: number;
  readonly previous_rank: number | null;
  readonly total_score: number;
  readonly lines_added: number;
  readonly lines_deleted: number;
  readonly first_contribution_at: Date;
  readonly last_contribution_at: Date;
  readonly points: Readonly<Record<string, number>>;
}

export interface EntryRow extends PersonRow, TallyRow {
  /** Global board only. */
  readonly repositories_contributed?: number;
}

const countsOf = (row: TallyRow) =>
  Object.fromEntries(COUNT_COLUMNS.map((column) => [column, row[column]])) as Record<
    CountColumn,
    number
  >;

export function buildTally(row: TallyRow) {
  return {
    rank: row.rank,
    previous_rank: row.previous_rank,
    total_score: row.total_score,
    ...countsOf(row),
    lines_added: row.lines_added,
    lines_deleted: row.lines_deleted,
    first_contribution_at: row.first_contribution_at.toISOString(),
    last_contribution_at: row.last_contribution_at.toISOString(),
    points: Object.fromEntries(
      SCORE_PARTS.map((part) => [part, row.points[part]]),
    ) as Entry['points'],
  };
}

export function buildEntry(row: EntryRow, appearance: Appearance): Entry {
  const { repositories_contributed } = row;
  return {
    ...buildPerson(row, appearance),
    ...buildTally(row),
    ...(repositories_contributed === undefined ? {} : { repositories_contributed }),
  };
}
