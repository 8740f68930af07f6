import { readRuns } from '../../../db/queries/report/operations.ts';
import {
  readBreakerChanges,
  readContributionDays,
  readFailures,
  readJobsOfRuns,
  readStageSeconds,
  readUsageDays,
} from '../../../db/queries/report/trends.ts';
import type { KnownSpan } from '../../domain/known-spans.ts';
import { expectNextRun } from '../../domain/run.ts';
import { DAY_MS, HOUR_MS, iso, isoDate } from '../../domain/time.ts';
import { startOfDay } from '../../domain/window.ts';
import { type Trends, trendsSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';

/** Runs, as many as the statistics have. */
const RUNS = 30;
/** Days that are shown: as many as the costs have. */
const DAYS = 60;
const FAILURES = 200;

/** Writes what the last runs and days were like. */
export async function writeTrends({ db, now, head, folder, knowledge }: Report): Promise<void> {
  const runs = await readRuns(db, RUNS);
  const ids = runs.map(({ id }) => id);
  const until = new Date(head.data_until ?? now);
  const first = new Date(until.getTime() - (DAYS - 1) * DAY_MS);
  const next = expectNextRun(runs.map(({ started_at }) => started_at));
  const document: Trends = {
    ...head,
    next_run_at: iso(next),
    runs: buildRuns(ids, await readStageSeconds(db, ids), await readJobsOfRuns(db, ids)),
    days: buildDays(
      first,
      await readContributionDays(db, now, isoDate(first)),
      await readUsageDays(db, isoDate(first)),
      [...knowledge.byId.values()].map(({ spans }) => spans),
    ),
    breakers: (await readBreakerChanges(db)).map(({ opened_at, closed_at, ...breaker }) => ({
      ...breaker,
      opened_at: iso(opened_at),
      closed_at: iso(closed_at),
    })),
    failures: (await readFailures(db, FAILURES)).map(({ at, solved_at, ...failure }) => ({
      ...failure,
      at: at.toISOString(),
      solved_at: iso(solved_at),
    })),
  };
  folder.write(documentPath('trends'), trendsSchema, document);
}

function buildRuns(
  ids: readonly number[],
  stages: Awaited<ReturnType<typeof readStageSeconds>>,
  jobs: Awaited<ReturnType<typeof readJobsOfRuns>>,
): Trends['runs'] {
  const stagesById = Map.groupBy(stages, ({ run_id }) => run_id);
  const jobsById = new Map(jobs.map((own) => [own.run_id, own]));
  return ids.map((id) => {
    const own = jobsById.get(id);
    return {
      id,
      stages: (stagesById.get(id) ?? []).map(({ stage, seconds }) => ({
        stage,
        seconds: Math.round(seconds * 1000) / 1000,
      })),
      jobs_completed: own?.completed ?? 0,
      jobs_failed: own?.failed ?? 0,
      jobs_open: own?.open ?? 0,
      jobs_tried_again: own?.tried_again ?? 0,
      events: own?.events ?? 0,
      contributions_kept: own?.kept ?? 0,
    };
  });
}

function buildDays(
  first: Date,
  contributions: Awaited<ReturnType<typeof readContributionDays>>,
  usage: Awaited<ReturnType<typeof readUsageDays>>,
  repositories: readonly (readonly KnownSpan[])[],
): Trends['days'] {
  const counts = new Map(contributions.map((day) => [day.date, day.contributions]));
  const used = new Map(usage.map((day) => [day.date, day]));
  return Array.from({ length: DAYS }, (_, place) => {
    const day = startOfDay(new Date(first.getTime() + place * DAY_MS)).getTime();
    const date = isoDate(new Date(day));
    return {
      date,
      contributions: counts.get(date) ?? 0,
      missing_hours: Math.max(0, ...repositories.map((spans) => hoursMissing(spans, day))),
      github_points: used.get(date)?.points ?? 0,
      github_requests: used.get(date)?.requests ?? 0,
    };
  });
}

/** Hours of a day, by its beginning, that were not read; before and after all of them none is missing. */
const hoursMissing = (spans: readonly KnownSpan[], day: number): number =>
  spans.reduce((sum, { from, to, known }) => {
    const hours = (Math.min(to, day + DAY_MS) - Math.max(from, day)) / HOUR_MS;
    return known === null && hours > 0 ? sum + hours : sum;
  }, 0);
