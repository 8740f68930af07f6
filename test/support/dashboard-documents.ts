import { mapCoverageKinds } from '../../pipeline/domain/known-kinds.ts';
import { PERIODS } from '../../pipeline/domain/time.ts';
import * as published from '../../pipeline/published/documents.ts';
import { createRng, REPOSITORIES } from './community.ts';
import type { Add } from './documents.ts';
import { unknownOf } from './unknown-kinds.ts';

/** The documents of the dashboard: runs, jobs, errors, costs, coverage. */
export function buildDashboard(add: Add, now: Date, sample: boolean): void {
  add('dashboard/stats.json', published.statsSchema, buildStats(now));
  for (const id of [9, 8, 7]) add(`runs/${id}.json`, published.runSchema, buildRun(now, id));
  add('jobs.json', published.jobsSchema, { jobs: buildJobs(now) });
  add('dashboard/errors.json', published.errorsSchema, {
    classes: buildErrorClasses(now),
    errors: buildErrors(now),
  });
  add('dashboard/trends.json', published.trendsSchema, buildTrends(now));
  add('dashboard/costs.json', published.costsSchema, buildCosts(now));
  add('dashboard/coverage.json', published.coverageSchema, {
    summary: sample ? '' : 'For 1 of 3 repositories, <b>commits</b> are not known.',
    repositories: REPOSITORIES.map((name, place) => ({
      ...buildCoverage(name, place),
      unknown_kinds: Object.fromEntries(
        PERIODS.map((period) => [period, unknownOf(sample, name, period)] as const).filter(
          ([, kinds]) => kinds.length > 0,
        ),
      ),
    })),
  });
}

const daysAgo = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000);

function buildStats(now: Date): object {
  const run = (id: number) => runOf(now, id);
  const counts = { contributors: 130, contributions: 48_211, bots: 12, unattributed: 311 };
  return { repositories: 3, ...counts, runs: [9, 8, 7, 6, 5].map(run), github_usage: buildUsage() };
}

const runOf = (now: Date, id: number) => ({
  id,
  status: id === 7 ? 'FAILED' : 'COMPLETED',
  sources: ['github', 'bigquery'],
  started_at: daysAgo(now, 9 - id).toISOString(),
  finished_at: new Date(daysAgo(now, 9 - id).getTime() + 431_000).toISOString(),
  error_message: id === 7 ? 'GitHub answered <502>; the run stopped' : null,
});

/** The latest put an item aside; the seventh failed, and the eighth has no log any more. */
function buildRun(now: Date, id: number): object {
  const failure = { error_class: 'connection', message: 'GitHub answered <502>' };
  const at = daysAgo(now, 9 - id).toISOString();
  const line = (level: string, message: string, fields = '') => ({
    ...{ at, level, stage: 'scrape', job_id: 57, message, fields },
  });
  return {
    ...runOf(now, id),
    counts: { jobs_completed: 3, jobs_failed: id === 7 ? 1 : 0 },
    stages: [
      { stage: 'discovery', status: 'COMPLETED', seconds: 0.412, error_class: null, message: null },
      id === 7
        ? { stage: 'scrape', status: 'FAILED', seconds: 61.5, ...failure }
        : { stage: 'scrape', status: 'COMPLETED', seconds: 61.5, error_class: null, message: null },
    ],
    repositories: REPOSITORIES.map((full_name, index) => ({
      full_name,
      status: id === 7 && index === 0 ? 'FAILED' : 'COMPLETED',
      events: 1_234,
      kept: 1_000,
      ...(id === 7 && index === 0 ? failure : { error_class: null, message: null }),
    })),
    put_aside:
      id === 9
        ? [
            {
              source: 'github',
              repository: REPOSITORIES[0],
              part: 'pr:12:opened',
              error_class: 'constraint',
              message: '<b>too long</b>',
              job_id: 57,
            },
          ]
        : [],
    log_lines: id === 8 ? 0 : 2_002,
    log:
      id === 8
        ? []
        : [
            line('info', 'job started', '{"source":"github"}'),
            line('warn', 'job failed: retry in 60 s <script>alert(5)</script>'),
          ],
  };
}

/** One more repository than the dashboard shows at first. */
function buildUsage(): object[] {
  const names = ['<b>meadow</b>/garden', ...REPOSITORIES.slice(1)];
  const more = Array.from({ length: 8 }, (_, index) => `meadow/bed-${index + 1}`);
  return [...names, ...more].map((repository, index) => ({
    repository,
    points: 12_402 - 1_107 * index,
    requests: 19_020 - 1_633 * index,
    last_read_on: index === 10 ? '2025-10-02' : '2025-11-19',
  }));
}

function buildJobs(now: Date): object[] {
  const statuses = ['RUNNING', 'QUEUED', 'RETRYING', 'FAILED', 'COMPLETED', 'COMPLETED'] as const;
  return statuses.map((status, index) => ({
    id: 60 - index,
    source: index % 2 ? 'github' : 'bigquery',
    job_type: index > 3 ? 'full' : 'incremental',
    status,
    repositories: index === 2 ? [...REPOSITORIES] : [REPOSITORIES[index % 3]],
    window_from: daysAgo(now, 30 * (index + 1)).toISOString(),
    window_to: daysAgo(now, 30 * index).toISOString(),
    attempts: index === 3 ? 4 : 1,
    error_class: index === 3 ? 'quota' : null,
    error_message: index === 3 ? 'Quota <exceeded> & stopped' : null,
    events_processed: index > 2 ? 12_345 : 0,
    contributions_kept: index > 2 ? 9_001 : 0,
    users_processed: 120,
    bots_filtered: 9,
    renamed: 1,
    skipped: { 'not a contribution': 3_344 },
    noticed: {},
    started_at: index === 1 ? null : daysAgo(now, 1).toISOString(),
    finished_at: index > 2 ? now.toISOString() : null,
  }));
}

function buildErrorClasses(now: Date): object[] {
  const last_at = daysAgo(now, 2).toISOString();
  return [
    { error_class: 'timeout', action: 'RETRY', severity: 'LOW', count: 1234, last_at },
    { error_class: 'quota', action: 'RETRY', severity: 'MEDIUM', count: 1, last_at },
  ];
}

/** The seventh run failed, a job of the eighth was tried again, and of the fifth no log is kept. */
function buildTrends(now: Date): object {
  const random = createRng(7);
  const at = (days: number) => daysAgo(now, days).toISOString();
  const failure = { source: 'bigquery', error_class: 'quota', job_id: 57 };
  return {
    next_run_at: at(-1),
    runs: [9, 8, 7, 6, 5].map((id) => ({
      id,
      stages:
        id === 5
          ? []
          : [
              { stage: 'discovery', seconds: 12.412 },
              { stage: 'scrape', seconds: id === 7 ? 61.5 : 301.25 },
              { stage: 'calculate', seconds: 88 },
            ],
      jobs_completed: id === 7 ? 2 : 3,
      jobs_failed: id === 7 ? 1 : 0,
      jobs_open: 0,
      jobs_tried_again: id === 8 ? 1 : 0,
      events: 3_702,
      contributions_kept: 3_000,
    })),
    days: Array.from({ length: 60 }, (_, place) => ({
      date: at(59 - place).slice(0, 10),
      contributions: Math.round(random() * 300),
      missing_hours: place === 40 ? 5 : 0,
      github_points: place > 30 ? Math.round(random() * 900) : 0,
      github_requests: place > 30 ? Math.round(random() * 1_200) : 0,
    })),
    breakers: [
      { source: 'bigquery', state: 'OPEN', failures: 5, opened_at: at(0.01), closed_at: at(9) },
      { source: 'github', state: 'CLOSED', failures: 0, opened_at: null, closed_at: null },
    ],
    failures: [
      { ...failure, at: at(2), attempt: 4, solved_at: null },
      { ...failure, at: at(3), error_class: 'timeout', job_id: 51, attempt: 1, solved_at: at(2.9) },
    ],
  };
}

function buildErrors(now: Date): object[] {
  return [
    {
      at: daysAgo(now, 2).toISOString(),
      source: 'bigquery',
      error_class: 'quota',
      message: 'Quota <exceeded> & stopped',
      job_id: 57,
    },
  ];
}

function buildCosts(now: Date): object {
  const random = createRng(5);
  const days = Array.from({ length: 30 }, (_, index) => ({
    date: daysAgo(now, 29 - index)
      .toISOString()
      .slice(0, 10),
    usd: Math.round(random() * 300) / 100,
    bytes_billed: Math.round(random() * 5e11),
    queries: Math.round(random() * 4),
  }));
  return {
    daily: { limit_usd: 5, spent_usd: 1.21, reserved_usd: 0.4, used: 0.322 },
    monthly: { limit_usd: 50, spent_usd: 41.3, reserved_usd: 0.4, used: 0.834 },
    warning_threshold: 0.8,
    days,
    repositories: REPOSITORIES.map((repository, index) => ({ repository, usd: 20 - 6 * index })),
    projected_month_usd: 58.4,
    backfill: {
      done_days: 518,
      spent_usd: 61.2,
      remaining_days: 212,
      estimated_usd: 18.9,
      whole_on: '2026-01-14',
    },
  };
}

/** The first repository alone has a damaged month: October 2025. */
function buildCoverage(repository: string, place: number): object {
  const random = createRng(place + 11);
  const months = Array.from({ length: 24 }, (_, index) => {
    const month = new Date(Date.UTC(2023, 11 + index, 1)).toISOString().slice(0, 7);
    const damaged = index === 22 && place === 0;
    const full = random() > 0.3;
    return {
      month,
      coverage: damaged ? 31.5 : full ? 100 : Math.round(random() * 1000) / 10,
      kinds: { ...mapCoverageKinds(() => 100), ...(damaged && { COMMIT: 0, LINES: 0 }) },
      damaged,
      contributions_by_source: { github: Math.round(random() * 300), gharchive: 40 },
      missing_hours: full ? 0 : Math.round(random() * 200),
      missing_numbers: full ? 0 : Math.round(random() * 30),
      unattributed: Math.round(random() * 9),
    };
  });
  return {
    repository,
    oldest_look: place === 2 ? null : `2025-11-0${place + 1}T02:00:00.000Z`,
    ...(place === 0 && { left_out: LEFT_OUT }),
    months,
  };
}

const LEFT_OUT = {
  other_repositories: [
    {
      github_id: 77,
      first_seen_at: '2024-01-02T03:04:05.000Z',
      last_seen_at: '2024-02-02T03:04:05.000Z',
    },
  ],
  commits_before_window: 1,
  commits_after_window: 0,
};
