import { readOldestLooks } from '../../../db/queries/looks.ts';
import {
  type MonthCount,
  readDatedOutside,
  readMonthCounts,
} from '../../../db/queries/report/coverage.ts';
import type { PublishedRepository } from '../../../db/queries/report/repositories.ts';
import { readOtherIds } from '../../../db/queries/repository-ids.ts';
import { coverMonths, type MonthCoverage, monthsBetween } from '../../domain/coverage.ts';
import { RECHECKED_LISTS } from '../../domain/github-lists.ts';
import { fullName } from '../../domain/names.ts';
import { iso } from '../../domain/time.ts';
import { type Coverage, coverageSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { summarizeCoverage } from './coverage-summary.ts';
import type { RepositoryKnowledge } from './knowledge.ts';
import type { Redact } from './operations.ts';
import { listPutAside } from './put-aside.ts';

type RepositoryCoverage = Coverage['repositories'][number];

/** Writes the coverage of each repository, month and kind. */
export async function writeCoverage(
  { db, head, now, folder, knowledge }: Report,
  rows: readonly PublishedRepository[],
  redact: Redact,
): Promise<void> {
  const { byId, settings } = knowledge;
  const countsById = Map.groupBy(await readMonthCounts(db, now), (row) => row.repository_id);
  const looks = await readOldestLooks(db, RECHECKED_LISTS);
  const outsideById = new Map(
    (await readDatedOutside(db)).map(({ id, ...counts }) => [id, counts]),
  );
  const othersById = Map.groupBy(await readOtherIds(db), (row) => row.repository_id);
  const repositories = rows.flatMap((row): RepositoryCoverage[] => {
    const own = byId.get(row.id);
    if (!own) return [];
    const counts = countsById.get(row.id) ?? [];
    const months = monthsBetween(own.windows, counts);
    const covered = coverMonths(months, own.spans, own.numbers, settings, now);
    return [
      {
        repository: fullName(row),
        unknown_kinds: listUnknown(own),
        oldest_look: iso(looks.get(row.id) ?? null),
        left_out: buildLeftOut(othersById.get(row.id) ?? [], outsideById.get(row.id)),
        months: covered.map((month) => buildMonth(month, counts)),
      },
    ];
  });
  const document: Coverage = {
    ...head,
    summary: summarizeCoverage(repositories),
    repositories,
    put_aside: await listPutAside(db, rows, redact),
  };
  folder.write(documentPath('coverage'), coverageSchema, document);
}

function listUnknown({ unknown }: RepositoryKnowledge): RepositoryCoverage['unknown_kinds'] {
  const lacking = [...unknown].filter(([, kinds]) => kinds.length > 0);
  return Object.fromEntries(lacking.map(([period, kinds]) => [period, [...kinds]]));
}

function buildLeftOut(
  others: Awaited<ReturnType<typeof readOtherIds>>,
  { commits_before_window = null, commits_after_window = null }: Partial<DatedOutsideCounts> = {},
): NonNullable<RepositoryCoverage['left_out']> {
  const repositories = others.map((other) => ({
    github_id: other.github_id,
    first_seen_at: other.first_seen_at.toISOString(),
    last_seen_at: other.last_seen_at.toISOString(),
  }));
  return { other_repositories: repositories, commits_before_window, commits_after_window };
}

type DatedOutsideCounts = Omit<Awaited<ReturnType<typeof readDatedOutside>>[number], 'id'>;

function buildMonth(
  covered: MonthCoverage,
  counts: readonly MonthCount[],
): RepositoryCoverage['months'][number] {
  const own = counts.filter((count) => count.month === covered.month);
  return {
    month: covered.month,
    coverage: covered.coverage,
    kinds: covered.kinds,
    damaged: covered.isDamaged,
    contributions_by_source: Object.fromEntries(own.map((row) => [row.source, row.contributions])),
    missing_hours: covered.missingHours,
    missing_numbers: covered.missingNumbers,
    unattributed: own.reduce((sum, row) => sum + row.unattributed, 0),
  };
}
