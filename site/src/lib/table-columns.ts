import type { Entry } from '../../../pipeline/published/documents.ts';

/** The number columns of a board: one list for the table, the columns file and sorting. */
export interface TableColumn {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: (entry: Entry) => number;
}

const column = (
  id: string,
  label: string,
  hint: string,
  value: (entry: Entry) => number,
): TableColumn => ({ id, label, hint, value });

export const TABLE_COLUMNS: readonly TableColumn[] = [
  column('commits', 'Commits', 'Commits on the default branch', (e) => e.commit_count),
  column('merged', 'Merged', 'Pull requests merged', (e) => e.pr_merged_count),
  column('opened', 'Opened', 'Pull requests opened', (e) => e.pr_opened_count),
  column('reviews', 'Reviews', 'Reviews of others’ pull requests', (e) => e.pr_reviewed_count),
  column(
    'issues',
    'Issues',
    'Issues opened and closed',
    (e) => e.issues_opened_count + e.issues_closed_count,
  ),
  column(
    'comments',
    'Comments',
    'Comments and review comments',
    (e) => e.comments_count + e.pr_review_comment_count,
  ),
  column('releases', 'Releases', 'Releases published', (e) => e.releases_count),
  column('lines', 'Lines', 'Lines added and deleted', (e) => e.lines_added + e.lines_deleted),
];
