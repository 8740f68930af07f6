import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import { readBoardSizes } from '../../../db/queries/published-boards.ts';
import {
  type ContributorRow,
  readContributorPeriods,
  readContributorRepositories,
  readContributorWeeks,
  readRecentContributions,
  readTopContributors,
} from '../../../db/queries/published-contributors.ts';
import { PERIODS, type Period } from '../../domain/period.ts';
import {
  contributorActivitySchema,
  contributorRepositoriesSchema,
  contributorSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import {
  buildContributor,
  buildContributorActivity,
  buildContributorRepositories,
} from './contributor.ts';
import { SAFE_LOGIN } from './person.ts';
import type { Report } from './report.ts';

/** Contributors read at once: few queries, and a few megabytes of their contributions. */
const BATCH = 200;
/** As the contract says of `recent`. */
const RECENT = 100;

/** Writes the documents of the first contributors and returns their usernames. */
export async function reportContributors(report: Report): Promise<string[]> {
  const { db, config } = report;
  const contributors = await readTopContributors(db, SAFE_LOGIN, config.site.contributor_pages);
  const totals = await readPeriodTotals(report);
  for (let start = 0; start < contributors.length; start += BATCH) {
    await reportBatch(report, contributors.slice(start, start + BATCH), totals);
  }
  return contributors.map((contributor) => contributor.login);
}

type Totals = ReadonlyMap<Period, number>;

/** The number of people on each global board. */
async function readPeriodTotals({ db }: Report): Promise<Totals> {
  const sizes = await readBoardSizes(db);
  const global = sizes.filter((size) => size.repository_id === GLOBAL_BOARD);
  return new Map(global.map(({ period, total }) => [period, total]));
}

async function reportBatch(
  report: Report,
  contributors: readonly ContributorRow[],
  totals: Totals,
): Promise<void> {
  const details = await readDetails(report, contributors, totals);
  for (const contributor of contributors) writeContributor(report, contributor, details);
}

type Details = Awaited<ReturnType<typeof readDetails>>;

/** What is known of a batch of contributors, grouped by contributor. */
async function readDetails(
  { db, now }: Report,
  contributors: readonly ContributorRow[],
  totals: Totals,
) {
  const ids = contributors.map((contributor) => contributor.github_id);
  const periods = (await readContributorPeriods(db, ids))
    .map((row) => ({ ...row, total: totals.get(row.period) ?? 0 }))
    .sort((a, b) => PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period));
  return {
    periods: Map.groupBy(periods, userId),
    repositories: Map.groupBy(await readContributorRepositories(db, ids), userId),
    weeks: Map.groupBy(await readContributorWeeks(db, ids, now), userId),
    recent: Map.groupBy(await readRecentContributions(db, ids, now, RECENT), userId),
  };
}

const userId = (row: { readonly user_id: number }) => row.user_id;

function writeContributor(report: Report, contributor: ContributorRow, details: Details): void {
  const { head, appearance, folder } = report;
  const { github_id: id, login: username } = contributor;
  const path = { username };
  folder.write(
    documentPath('contributor', path),
    contributorSchema,
    buildContributor(head, contributor, details.periods.get(id) ?? [], appearance),
  );
  folder.write(
    documentPath('contributor_repositories', path),
    contributorRepositoriesSchema,
    buildContributorRepositories(head, username, details.repositories.get(id) ?? []),
  );
  folder.write(
    documentPath('contributor_activity', path),
    contributorActivitySchema,
    buildContributorActivity(
      head,
      username,
      details.weeks.get(id) ?? [],
      details.recent.get(id) ?? [],
    ),
  );
}
