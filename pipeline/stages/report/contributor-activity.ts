import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
} from '../../published/documents.ts';
import { contributionUrl } from './contribution-url.ts';
import { buildTally, type TallyRow } from './entry.ts';
import type { Appearance, Head } from './head.ts';
import { buildPerson, type PersonRow } from './person.ts';

type Week = ContributorActivity['weeks'][number];
type Recent = ContributorActivity['recent'][number];

export interface ContributorRow extends PersonRow {
  readonly company: string | null;
  readonly location: string | null;
}

export interface PeriodRow extends TallyRow {
  readonly period: keyof Contributor['periods'];
  readonly repositories_contributed: number;
  /** People on the board of that period. */
  readonly total: number;
}

export interface RepositoryTallyRow extends TallyRow {
  readonly repository: string;
}

/** Contributions of one kind in one week. */
export interface WeekRow {
  readonly week: string;
  readonly kind: Recent['kind'];
  readonly count: number;
}

export interface RecentRow {
  readonly repository: string;
  readonly event_id: string;
  readonly kind: Recent['kind'];
  readonly occurred_at: Date;
  readonly subject_number: number | null;
  readonly points: number;
  readonly source: string;
}

export function buildContributor(
  head: Head,
  row: ContributorRow,
  periods: readonly PeriodRow[],
  appearance: Appearance,
): Contributor {
  const person = buildPerson(row, appearance);
  const tallies = periods.map((period) => [
    period.period,
    {
      ...buildTally(period),
      repositories_contributed: period.repositories_contributed,
      total: period.total,
    },
  ]);
  return {
    ...head,
    contributor: { ...person, company: row.company, location: row.location },
    periods: Object.fromEntries(tallies),
  };
}

export function buildContributorRepositories(
  head: Head,
  username: string,
  rows: readonly RepositoryTallyRow[],
): ContributorRepositories {
  const repositories = rows.map((row) => ({ repository: row.repository, ...buildTally(row) }));
  return { ...head, username, repositories };
}

/** `weeks` oldest first, kinds of a week together; `recent` newest first. */
export function buildContributorActivity(
  head: Head,
  username: string,
  weeks: readonly WeekRow[],
  recent: readonly RecentRow[],
): ContributorActivity {
  const byWeek = Map.groupBy(weeks, (row) => row.week);
  return {
    ...head,
    username,
    weeks: [...byWeek].map(([week, rows]) => buildWeek(week, rows)),
    recent: recent.map((row) => buildRecent(row, head.sample)),
  };
}

function buildWeek(week: string, rows: readonly WeekRow[]): Week {
  return {
    week,
    total: rows.reduce((sum, row) => sum + row.count, 0),
    counts: Object.fromEntries(rows.map((row) => [row.kind, row.count])),
  };
}

function buildRecent(row: RecentRow, sample: boolean): Recent {
  return {
    repository: row.repository,
    event_id: row.event_id,
    kind: row.kind,
    occurred_at: row.occurred_at.toISOString(),
    points: row.points,
    source: row.source,
    url: sample ? null : contributionUrl(row),
  };
}
