import { readForecast, readSpentUsd } from '../../../db/queries/backfill.ts';
import { readMonthNumbers } from '../../../db/queries/coverage.ts';
import {
  readBudget,
  readCostDays,
  readRepositoryCosts,
  readReserved,
} from '../../../db/queries/published-costs.ts';
import { readMonthCounts } from '../../../db/queries/published-coverage.ts';
import {
  readErrors,
  readJobs,
  readOptedOutLogins,
  readRuns,
  readStats,
} from '../../../db/queries/published-dashboard.ts';
import type {
  TrackedRepositoryRow,
  WindowRow,
  WindowsById,
} from '../../../db/queries/published-repositories.ts';
import { readUsage } from '../../../db/queries/published-usage.ts';
import { coverMonths, monthsBetween, type ReadStretch } from '../../domain/coverage.ts';
import { DAY_MS } from '../../domain/window.ts';
import {
  costsSchema,
  coverageSchema,
  errorsSchema,
  jobsSchema,
  statsSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { redact as hideSecrets } from '../../util/redact.ts';
import { buildCosts } from './costs.ts';
import { buildCoverage } from './coverage.ts';
import { buildErrors, buildJobs, buildStats } from './dashboard-documents.ts';
import { createRedact } from './public-message.ts';
import type { Report } from './report.ts';

/** How much of each list is shown: what an operator looks at, at a glance and a little beyond. */
const RUNS = 30;
const JOBS = 200;
const ERRORS = 200;
/** Days of costs shown: the current month, whole, and some of the one before. */
const COST_DAYS = 60;

/** Writes the dashboard's documents and the list of jobs. */
export async function reportDashboard(
  report: Report,
  repositories: readonly TrackedRepositoryRow[],
  windows: WindowsById,
): Promise<void> {
  await reportWork(report);
  await reportCosts(report);
  await reportCoverage(report, repositories, windows);
}

async function reportWork({ db, head, now, folder }: Report): Promise<void> {
  const withoutPeople = createRedact(await readOptedOutLogins(db));
  const redact = (message: string) => withoutPeople(hideSecrets(message));
  const rows = {
    counts: await readStats(db, now),
    runs: await readRuns(db, RUNS),
    usage: await readUsage(db),
  };
  folder.write(documentPath('stats'), statsSchema, buildStats(head, rows, redact));
  const jobs = buildJobs(head, await readJobs(db, JOBS), redact);
  folder.write(documentPath('jobs'), jobsSchema, jobs);
  const errors = buildErrors(head, await readErrors(db, ERRORS), redact);
  folder.write(documentPath('errors'), errorsSchema, errors);
}

async function reportCosts({ db, head, config, now, folder }: Report): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const from = new Date(now.getTime() - COST_DAYS * DAY_MS).toISOString().slice(0, 10);
  const rows = {
    budget: (await readBudget(db)) ?? config.budget,
    days: await readCostDays(db, from, today),
    reserved: await readReserved(db, today),
    repositories: await readRepositoryCosts(db),
    backfill: await readBackfill(db),
  };
  folder.write(documentPath('costs'), costsSchema, buildCosts(head, rows, now));
}

async function readBackfill(db: Report['db']) {
  const forecast = await readForecast(db);
  return forecast && { ...forecast, spentUsd: await readSpentUsd(db, 'bigquery') };
}

async function reportCoverage(
  { db, head, now, folder }: Report,
  repositories: readonly TrackedRepositoryRow[],
  windows: WindowsById,
): Promise<void> {
  const counts = Map.groupBy(await readMonthCounts(db, now), (row) => row.repository_id);
  const numbers = Map.groupBy(await readMonthNumbers(db), (row) => row.repository_id);
  const rows = repositories.map(({ id, owner, name }) => {
    const stretches = (windows.get(id) ?? []).map(toStretch);
    const own = counts.get(id) ?? [];
    const months = monthsBetween(stretches, own);
    const measured = coverMonths(months, stretches, numbers.get(id) ?? [], now);
    return { repository: `${owner}/${name}`, months: measured, counts: own };
  });
  folder.write(documentPath('coverage'), coverageSchema, buildCoverage(head, rows));
}

function toStretch({ source, window_from, window_to, completeness, gaps }: WindowRow): ReadStretch {
  return {
    source,
    completeness,
    window: { from: window_from, to: window_to },
    gaps: gaps.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) })),
  };
}
