import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import {
  type ContributorRow,
  readContributorPeriods,
  readContributorRepositories,
} from '../../../db/queries/report/contributors.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import {
  type Contributor,
  type ContributorRepositories,
  contributorActivitySchema,
  contributorRepositoriesSchema,
  contributorSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { readActivities, unknownIntervals } from './contributor-activity.ts';
import { createShards } from './contributor-shards.ts';
import { buildPerson, buildStanding } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';
import type { Plan } from './plan.ts';

/** Contributors read at once: their contributions take a few megabytes. */
const BATCH = 200;

/** People on the global board of each period. */
type Totals = ReadonlyMap<Period, number>;

/** Writes the documents of contributors: profile, repositories and activity. */
export async function writeContributors(
  report: Report,
  { withPage, others, shards }: Plan,
  totals: Totals,
): Promise<void> {
  const unknown = unknownIntervals(report);
  const sharded = createShards(shards);
  for (const batch of inBatches(withPage)) {
    await writeProfiles(report, batch, totals);
    const { repositoriesOf, activityOf } = await readWork(report, batch);
    for (const { github_id, login: username } of batch) {
      const repositories = repositoriesOf(github_id);
      const { folder, head } = report;
      folder.write(
        documentPath('contributor_repositories', { username }),
        contributorRepositoriesSchema,
        { ...head, username, repositories },
      );
      const activity = { ...head, username, ...activityOf(github_id), unknown };
      folder.write(
        documentPath('contributor_activity', { username }),
        contributorActivitySchema,
        activity,
      );
    }
  }
  for (const batch of inBatches(others)) {
    await writeProfiles(report, batch, totals);
    const { repositoriesOf, activityOf } = await readWork(report, batch);
    for (const { github_id, login } of batch) {
      sharded.add(login, repositoriesOf(github_id), activityOf(github_id));
    }
  }
  sharded.write(report, unknown);
}

function* inBatches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
}

async function readWork(report: Report, people: readonly ContributorRow[]) {
  const ids = people.map(({ github_id }) => github_id);
  return {
    repositoriesOf: await readRepositoryLists(report, ids),
    activityOf: await readActivities(report, ids),
  };
}

type PeriodRow = Awaited<ReturnType<typeof readContributorPeriods>>[number];

async function writeProfiles(
  report: Report,
  contributors: readonly ContributorRow[],
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
  row: ContributorRow,
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

async function readRepositoryLists(
  { db, knowledge }: Report,
  ids: readonly number[],
): Promise<(id: number) => ContributorRepositories['repositories']> {
  const rows = Map.groupBy(await readContributorRepositories(db, ids), (row) => row.user_id);
  return (id) =>
    (rows.get(id) ?? []).map(({ user_id: _, repository_id, ...row }) => ({
      ...buildStanding(row),
      unknown_kinds: unknownKindsOf(knowledge, repository_id, 'all'),
    }));
}
