import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import {
  readContributorPeriods,
  readContributorRepositories,
  type TopContributor,
} from '../../../db/queries/report/contributors.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import {
  type Contributor,
  contributorRepositoriesSchema,
  contributorSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { writeActivities } from './contributor-activity.ts';
import { buildPerson, buildStanding } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';

/** Contributors read at once: their contributions take a few megabytes. */
const BATCH = 200;

/** People on the global board of each period. */
type Totals = ReadonlyMap<Period, number>;

/** Writes the documents of contributors: profile, repositories and activity. */
export async function writeContributors(
  report: Report,
  contributors: readonly TopContributor[],
  totals: Totals,
): Promise<void> {
  for (let start = 0; start < contributors.length; start += BATCH) {
    const batch = contributors.slice(start, start + BATCH);
    await writeProfiles(report, batch, totals);
    await writeRepositoryLists(report, batch);
    await writeActivities(report, batch);
  }
}

type PeriodRow = Awaited<ReturnType<typeof readContributorPeriods>>[number];

async function writeProfiles(
  report: Report,
  contributors: readonly TopContributor[],
  totals: Totals,
): Promise<void> {
  const ids = contributors.map((contributor) => contributor.github_id);
  const rows = await readContributorPeriods(report.db, ids);
  const periods = Map.groupBy(rows, (row) => row.user_id);
  for (const row of contributors) {
    const document = buildContributor(report, row, periods.get(row.github_id) ?? [], totals);
    const path = documentPath('contributor', { username: row.login });
    report.folder.write(path, contributorSchema, document);
  }
}

function buildContributor(
  { head, appearance, knowledge }: Report,
  row: TopContributor,
  rows: readonly PeriodRow[],
  totals: Totals,
): Contributor {
  const inOrder = rows.toSorted((a, b) => PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period));
  const periods = inOrder.map(({ period, user_id: _, ...standing }) => [
    period,
    {
      ...buildStanding(standing),
      total: totals.get(period) ?? 0,
      unknown_kinds: unknownKindsOf(knowledge, GLOBAL_BOARD, period),
    },
  ]);
  const { company, location } = row;
  return {
    ...head,
    contributor: { ...buildPerson(row, appearance), company, location },
    periods: Object.fromEntries(periods),
  };
}

async function writeRepositoryLists(
  { db, head, folder, knowledge }: Report,
  contributors: readonly TopContributor[],
): Promise<void> {
  const ids = contributors.map((contributor) => contributor.github_id);
  const rows = Map.groupBy(await readContributorRepositories(db, ids), (row) => row.user_id);
  for (const { github_id, login: username } of contributors) {
    const own = rows.get(github_id) ?? [];
    const repositories = own.map(({ user_id: _, repository_id, ...row }) => ({
      ...buildStanding(row),
      unknown_kinds: unknownKindsOf(knowledge, repository_id, 'all'),
    }));
    const path = documentPath('contributor_repositories', { username });
    folder.write(path, contributorRepositoriesSchema, { ...head, username, repositories });
  }
}
