import type { Coverage } from '../../published/documents.ts';
import type { Head } from './head.ts';

type Month = Coverage['repositories'][number]['months'][number];

export interface MonthCount {
  readonly month: string;
  readonly source: string;
  readonly contributions: number;
  readonly unattributed: number;
}

/** What is known of a month; `pipeline/domain/coverage.ts` says how it is measured. */
export interface MeasuredMonth {
  readonly month: string;
  readonly coverage: number;
  readonly isDamaged: boolean;
  readonly missingHours: number;
  readonly missingNumbers: number;
}

export interface CoverageRow {
  readonly repository: string;
  readonly months: readonly MeasuredMonth[];
  readonly counts: readonly MonthCount[];
}

/** The document about what is known of each repository and month. */
export function buildCoverage(head: Head, rows: readonly CoverageRow[]): Coverage {
  const repositories = rows.map(({ repository, months, counts }) => ({
    repository,
    months: months.map((month) => buildMonth(month, counts)),
  }));
  return { ...head, repositories };
}

function buildMonth(measured: MeasuredMonth, counts: readonly MonthCount[]): Month {
  const own = counts.filter((count) => count.month === measured.month);
  return {
    month: measured.month,
    coverage: measured.coverage,
    damaged: measured.isDamaged,
    contributions_by_source: Object.fromEntries(own.map((row) => [row.source, row.contributions])),
    missing_hours: measured.missingHours,
    missing_numbers: measured.missingNumbers,
    unattributed: own.reduce((sum, row) => sum + row.unattributed, 0),
  };
}
