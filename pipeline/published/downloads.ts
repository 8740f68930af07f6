import {
  CONTRIBUTION_KIND_TABLE,
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
} from '../domain/contribution-kinds.ts';
import { PERIODS, type Period } from '../domain/time.ts';
import { spellName } from './path-names.ts';

/** The tables under `downloads/`: their columns are what files, data dictionary and pages are made from. */

export interface DownloadColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'date';
  readonly description: string;
}

const column = (name: string, type: DownloadColumn['type'], description: string) => ({
  name,
  type,
  description,
});

const KIND_OF = new Map(
  CONTRIBUTION_KINDS.map((kind) => [CONTRIBUTION_KIND_TABLE[kind].column, kind] as const),
);

/** What a number of a kind counts, for the data dictionary. */
const counts: readonly DownloadColumn[] = COUNT_COLUMNS.map((name) => {
  const kind = KIND_OF.get(name);
  const { name: what = '', meaning = '' } = kind ? CONTRIBUTION_KIND_TABLE[kind] : {};
  return column(name, 'integer', `Number of ${what}. ${meaning}`);
});

/** A person on a board. */
export const PERSON_COLUMNS: readonly DownloadColumn[] = [
  column('rank', 'integer', 'Ties share a rank; empty: none of the contributions has points.'),
  column('previous_rank', 'integer', 'Rank on the earlier board; empty: none.'),
  column('username', 'string', 'Login on GitHub.'),
  column('github_id', 'integer', 'Number of the account; empty while only a login is known.'),
  column('display_name', 'string', 'Name that the person shows on GitHub; empty: none.'),
  column('total_score', 'number', 'Points of all kinds, and the bonus for lines.'),
  column('line_bonus', 'number', 'The part of the score that lines have earned.'),
  ...counts,
  column('lines_added', 'integer', 'Lines added, as far as they are counted.'),
  column('lines_deleted', 'integer', 'Lines deleted, as far as they are counted.'),
  column('first_contribution', 'date', 'Day of the first contribution in the period (UTC).'),
  column('last_contribution', 'date', 'Day of the last contribution in the period (UTC).'),
];

const scope = column('scope', 'string', '“global” (all repositories) or owner/name.');

/** All boards in one table. */
export const BOARD_COLUMNS: readonly DownloadColumn[] = [
  scope,
  column('period', 'string', `One of ${PERIODS.join(', ')}, counted back from the run.`),
  ...PERSON_COLUMNS,
];

/** Contributions of a repository on a day. */
export const DAY_COLUMNS: readonly DownloadColumn[] = [
  column('repository', 'string', 'owner/name.'),
  column('day', 'date', 'Day of the contributions (UTC). Days without any are left out.'),
  ...counts,
];

/**
 * Periods whose boards are CSV files of their own. All others are in the one Parquet file, which has
 * a tenth of the bytes: a file of each board, period and format would be a quarter of the site.
 */
export const CSV_PERIODS = ['all', 'month'] as const satisfies readonly Period[];

export const hasCsv = (period: Period): boolean => CSV_PERIODS.some((one) => one === period);

/** The CSV file of a board, under `api/v1/`. @param scope `global` or `owner/name` */
export function boardCsv(scope: string, period: Period): string {
  if (scope === 'global') return `downloads/global/${period}.csv`;
  return `downloads/repositories/${scope.split('/').map(spellName).join('/')}/${period}.csv`;
}

export const DOWNLOADS = {
  boards: 'downloads/boards.parquet',
  people: 'downloads/people.ndjson',
  days: 'downloads/days.csv',
  daysParquet: 'downloads/days.parquet',
  personSchema: 'downloads/board.schema.json',
  dictionary: 'downloads/datapackage.json',
} as const;
