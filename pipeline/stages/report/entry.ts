import { type Entry, kindSchema } from '../../published/documents.ts';
import type { Appearance } from './head.ts';
import { buildPerson, type PersonRow } from './person.ts';

/** One contributor's line of a board, as the tables have it. */
export interface TallyRow {
  readonly rank: number;
  readonly previous_rank: number | null;
  readonly total_score: number;
  readonly commit_count: number;
  readonly pr_opened_count: number;
  readonly pr_merged_count: number;
  readonly pr_reviewed_count: number;
  readonly pr_review_comment_count: number;
  readonly issues_opened_count: number;
  readonly issues_closed_count: number;
  readonly comments_count: number;
  readonly releases_count: number;
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

const PARTS = [...kindSchema.options, 'line_bonus'] as const;

export function buildTally(row: TallyRow) {
  return {
    rank: row.rank,
    previous_rank: row.previous_rank,
    total_score: row.total_score,
    commit_count: row.commit_count,
    pr_opened_count: row.pr_opened_count,
    pr_merged_count: row.pr_merged_count,
    pr_reviewed_count: row.pr_reviewed_count,
    pr_review_comment_count: row.pr_review_comment_count,
    issues_opened_count: row.issues_opened_count,
    issues_closed_count: row.issues_closed_count,
    comments_count: row.comments_count,
    releases_count: row.releases_count,
    lines_added: row.lines_added,
    lines_deleted: row.lines_deleted,
    first_contribution_at: row.first_contribution_at.toISOString(),
    last_contribution_at: row.last_contribution_at.toISOString(),
    points: Object.fromEntries(PARTS.map((part) => [part, row.points[part]])) as Entry['points'],
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
