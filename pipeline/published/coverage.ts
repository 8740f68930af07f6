import type { Coverage } from './documents.ts';
import type { Head } from './head.ts';

type Month = Coverage['repositories'][number]['months'][number];

export interface CoverageWindow {
  readonly source: string;
  readonly window_from: Date;
  readonly window_to: Date;
  /** Share of the window that could be read, 0 to 1. */
  readonly completeness: number;
}

export interface MonthCount {
  readonly month: string;
  readonly source: string;
  readonly contributions: number;
  readonly unattributed: number;
}

export interface CoverageRow {
  readonly repository: string;
  readonly windows: readonly CoverageWindow[];
  readonly counts: readonly MonthCount[];
}

const HOUR_MS = 3_600_000;
/** From here on the archive lacks most of what happened. */
const DAMAGED_SINCE = Date.UTC(2025, 4, 24);

/** A month's coverage is the share of its hours until now that a window read, by completeness. */
export function buildCoverage(head: Head, rows: readonly CoverageRow[], now: Date): Coverage {
  const repositories = rows.map((row) => ({
    repository: row.repository,
    months: monthsOf(row).map((month) => buildMonth(month, row, now)),
  }));
  return { ...head, repositories };
}

/** Every month that a window touches or that has a contribution, oldest first. */
function monthsOf({ windows, counts }: CoverageRow): string[] {
  const months = new Set(counts.map((count) => count.month));
  for (const { window_from, window_to } of windows) {
    const month = new Date(Date.UTC(window_from.getUTCFullYear(), window_from.getUTCMonth(), 1));
    for (; month < window_to; month.setUTCMonth(month.getUTCMonth() + 1)) {
      months.add(month.toISOString().slice(0, 7));
    }
  }
  return [...months].sort();
}

function buildMonth(month: string, { windows, counts }: CoverageRow, now: Date): Month {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  const end = new Date(from);
  end.setUTCMonth(end.getUTCMonth() + 1);
  const to = Math.max(from + HOUR_MS, Math.min(end.getTime(), now.getTime()));
  const known = hoursKnown(windows, from, to);
  const total = Math.ceil((to - from) / HOUR_MS);
  const own = counts.filter((count) => count.month === month);
  return {
    month,
    coverage: Math.round((known.hours / total) * 1000) / 10,
    damaged: known.hours > 0 && known.onlyArchive && end.getTime() > DAMAGED_SINCE,
    contributions_by_source: Object.fromEntries(own.map((row) => [row.source, row.contributions])),
    missing_hours: Math.round(total - known.hours),
    missing_numbers: 0,
    unattributed: own.reduce((sum, row) => sum + row.unattributed, 0),
  };
}

/** Hours of the span that were read; where windows overlap, the most complete one counts. */
function hoursKnown(windows: readonly CoverageWindow[], from: number, to: number) {
  const touching = windows.filter(
    (window) => window.window_from.getTime() < to && window.window_to.getTime() > from,
  );
  let hours = 0;
  for (let at = from; at < to; at += HOUR_MS) {
    const reading = touching.filter(
      (window) => window.window_from.getTime() <= at && window.window_to.getTime() > at,
    );
    hours += Math.max(0, ...reading.map((window) => window.completeness));
  }
  const onlyArchive = touching.every(
    ({ source }) => source === 'bigquery' || source === 'gharchive',
  );
  return { hours, onlyArchive };
}
