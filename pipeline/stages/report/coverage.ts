import {
  type MonthCount,
  readDatedOutside,
  readMonthCounts,
  readMonthNumbers,
} from '../../../db/queries/report/coverage.ts';
import type { PublishedRepository, WindowRow } from '../../../db/queries/report/repositories.ts';
import { readOtherIds } from '../../../db/queries/repository-ids.ts';
import {
  coverMonths,
  type MonthCoverage,
  monthsBetween,
  type ScrapedWindow,
} from '../../domain/coverage.ts';
import { fullName } from '../../domain/names.ts';
import { type Coverage, coverageSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import type { Redact } from './operations.ts';
import { listPutAside } from './put-aside.ts';
import type { WindowsById } from './repositories.ts';

/** Writes the coverage of each repository and month. */
export async function writeCoverage(
  { db, head, now, folder }: Report,
  rows: readonly PublishedRepository[],
  windowsById: WindowsById,
  redact: Redact,
): Promise<void> {
  const countsById = Map.groupBy(await readMonthCounts(db, now), (row) => row.repository_id);
  const numbersById = Map.groupBy(await readMonthNumbers(db), (row) => row.repository_id);
  const outsideById = new Map(
    (await readDatedOutside(db)).map(({ id, ...counts }) => [id, counts]),
  );
  const othersById = Map.groupBy(await readOtherIds(db), (row) => row.repository_id);
  const repositories = rows.map((row) => {
    const windows = (windowsById.get(row.id) ?? []).map(toScrapedWindow);
    const counts = countsById.get(row.id) ?? [];
    const months = monthsBetween(windows, counts);
    const covered = coverMonths(months, windows, numbersById.get(row.id) ?? [], now);
    const leftOut = buildLeftOut(othersById.get(row.id) ?? [], outsideById.get(row.id));
    return {
      repository: fullName(row),
      left_out: leftOut,
      months: covered.map((month) => buildMonth(month, counts)),
    };
  });
  const put_aside = await listPutAside(db, rows, redact);
  const document: Coverage = { ...head, repositories, put_aside };
  folder.write(documentPath('coverage'), coverageSchema, document);
}

function buildLeftOut(
  others: Awaited<ReturnType<typeof readOtherIds>>,
  { commits_before_window = null, commits_after_window = null }: Partial<DatedOutsideCounts> = {},
): NonNullable<Coverage['repositories'][number]['left_out']> {
  const repositories = others.map((other) => ({
    github_id: other.github_id,
    first_seen_at: other.first_seen_at.toISOString(),
    last_seen_at: other.last_seen_at.toISOString(),
  }));
  return { other_repositories: repositories, commits_before_window, commits_after_window };
}

type DatedOutsideCounts = Omit<Awaited<ReturnType<typeof readDatedOutside>>[number], 'id'>;

function toScrapedWindow(row: WindowRow): ScrapedWindow {
  const { source, window_from, window_to, completeness, gaps } = row;
  return {
    source,
    completeness,
    window: { from: window_from, to: window_to },
    gaps: gaps.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) })),
  };
}

function buildMonth(
  covered: MonthCoverage,
  counts: readonly MonthCount[],
): Coverage['repositories'][number]['months'][number] {
  const own = counts.filter((count) => count.month === covered.month);
  return {
    month: covered.month,
    coverage: covered.coverage,
    damaged: covered.isDamaged,
    contributions_by_source: Object.fromEntries(own.map((row) => [row.source, row.contributions])),
    missing_hours: covered.missingHours,
    missing_numbers: covered.missingNumbers,
    unattributed: own.reduce((sum, row) => sum + row.unattributed, 0),
  };
}
