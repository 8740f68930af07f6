import { Gauge, Registry } from 'prom-client';
import {
  countErrors,
  countRuns,
  readBreakers,
  readEventsOfRun,
  readUsageOf,
} from '../../../db/queries/report/metrics.ts';
import { readRuns, readStats } from '../../../db/queries/report/operations.ts';
import { readStages } from '../../../db/queries/run-log.ts';
import { isoDate } from '../../domain/time.ts';
import type { Report } from './context.ts';
import { readCosts } from './costs.ts';

/** Where the metrics are published, beside the documents. */
export const METRICS_PATH = 'metrics.prom';

/**
 * A metric: its name without the prefix, what it says, and its values by labels. All are gauges:
 * they are read from tables whose old rows are deleted, so that none only grows.
 */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

/** The metrics of the last run as Prometheus text. The same tables give the same bytes. */
export async function writeMetrics(report: Report): Promise<void> {
  const registry = createRegistry(await readMetrics(report));
  report.folder.writeText(METRICS_PATH, await registry.metrics());
}

async function readMetrics(report: Report): Promise<Metric[]> {
  const { db, now } = report;
  const [run] = await readRuns(db, 1);
  return [
    ...(run ? await readRunMetrics(report, run) : []),
    ...ofTotals(await readStats(db, now), await countRuns(db)),
    ...ofErrors(await countErrors(db)),
    ...ofBreakers(await readBreakers(db)),
    ...ofCosts(await readCosts(report), now),
    ...ofUsage(await readUsageOf(db, isoDate(now))),
  ];
}

const seconds = (moment: Date) => moment.getTime() / 1000;

async function readRunMetrics(
  { db }: Report,
  run: Awaited<ReturnType<typeof readRuns>>[number],
): Promise<Metric[]> {
  const { started_at, finished_at, status } = run;
  const stages = await readStages(db, run.id);
  const took = finished_at === null ? [] : [seconds(finished_at) - seconds(started_at)];
  return [
    one('run_id', 'Id of the last run.', run.id),
    one('run_start_timestamp_seconds', 'Start of the last run.', seconds(started_at)),
    {
      name: 'run_duration_seconds',
      help: 'Duration of the last run; absent while it runs.',
      values: took.map((value) => [{}, value] as const),
    },
    one('run_success', '1 if the last run completed, 0 if not.', status === 'COMPLETED' ? 1 : 0),
    {
      name: 'stage_duration_seconds',
      help: 'Duration of a stage of the last run; of several workers, together.',
      values: sumByStage(stages),
    },
    ...ofJobs(await readEventsOfRun(db, run.id)),
  ];
}

const one = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  values: [[{}, value]],
});

function sumByStage(stages: Awaited<ReturnType<typeof readStages>>): Metric['values'] {
  const byStage = Map.groupBy(stages, ({ stage }) => stage);
  return [...byStage].map(([stage, ends]) => [
    { stage },
    ends.reduce((sum, end) => sum + end.seconds, 0),
  ]);
}

function ofJobs(rows: Awaited<ReturnType<typeof readEventsOfRun>>): Metric[] {
  const by = (value: (row: (typeof rows)[number]) => number) =>
    rows.map((row) => [{ source: row.source, status: row.status }, value(row)] as const);
  return [
    { name: 'jobs', help: 'Jobs of the last run.', values: by(({ jobs }) => jobs) },
    { name: 'events', help: 'Events its jobs have read.', values: by(({ events }) => events) },
    { name: 'events_kept', help: 'Contributions that they kept.', values: by(({ kept }) => kept) },
    {
      name: 'items_put_aside',
      help: 'Items of its jobs that the database refused.',
      values: by(({ refused }) => refused),
    },
  ];
}

function ofTotals(
  stats: Awaited<ReturnType<typeof readStats>>,
  runs: Awaited<ReturnType<typeof countRuns>>,
): Metric[] {
  return [
    one('repositories', 'Repositories that are tracked.', stats.repositories),
    one('contributors', 'People on the board of all time.', stats.contributors),
    one('contributions', 'Contributions on the board of all time.', stats.contributions),
    {
      name: 'runs',
      help: 'Runs that are kept, by how they ended.',
      values: runs.map(({ status, runs: value }) => [{ status }, value]),
    },
  ];
}

function ofErrors(rows: Awaited<ReturnType<typeof countErrors>>): Metric[] {
  const labels = ({ source, error_class }: (typeof rows)[number]) => ({ source, error_class });
  return [
    {
      name: 'errors',
      help: 'Jobs and items that failed for good and are kept.',
      values: rows.map((row) => [labels(row), row.errors]),
    },
    {
      name: 'error_last_timestamp_seconds',
      help: 'The last of them.',
      values: rows.map((row) => [labels(row), seconds(new Date(row.last_at))]),
    },
  ];
}

function ofBreakers(rows: Awaited<ReturnType<typeof readBreakers>>): Metric[] {
  return [
    {
      name: 'breaker_open',
      help: '1 while the circuit breaker of a source keeps it from being called.',
      values: rows.map(({ source, state }) => [{ source }, state === 'OPEN' ? 1 : 0]),
    },
    {
      name: 'breaker_failures',
      help: 'Failures of a source in a row.',
      values: rows.map(({ source, failures }) => [{ source }, failures]),
    },
  ];
}

function ofCosts({ budget, days, reserved }: Awaited<ReturnType<typeof readCosts>>, now: Date) {
  const spent = (start: string) =>
    days.filter(({ date }) => date.startsWith(start)).reduce((sum, { usd }) => sum + usd, 0);
  const [day, month] = [{ period: 'day' }, { period: 'month' }];
  const today = isoDate(now);
  return [
    {
      name: 'cost_usd',
      help: 'What BigQuery cost in this UTC day and month.',
      values: [[day, spent(today)] as const, [month, spent(today.slice(0, 7))] as const],
    },
    {
      name: 'cost_reserved_usd',
      help: 'What running queries may cost.',
      values: [[day, reserved.daily] as const, [month, reserved.monthly] as const],
    },
    {
      name: 'budget_usd',
      help: 'What BigQuery may cost.',
      values: [[day, budget.dailyLimitUsd] as const, [month, budget.monthlyLimitUsd] as const],
    },
  ];
}

function ofUsage({ points, requests }: Awaited<ReturnType<typeof readUsageOf>>): Metric[] {
  return [
    one('github_points', "Points of GitHub's rate limit that this UTC day took.", points),
    one('github_requests', "Requests to GitHub's API of this UTC day.", requests),
  ];
}

const PREFIX = 'leaderboard_';

function createRegistry(metrics: readonly Metric[]): Registry {
  const registry = new Registry();
  for (const { name, help, values } of metrics) {
    const labelNames = Object.keys(values[0]?.[0] ?? {});
    const gauge = new Gauge({ name: PREFIX + name, help, labelNames, registers: [registry] });
    // A gauge without labels starts at 0; one that has no value is absent.
    if (values.length === 0) registry.removeSingleMetric(PREFIX + name);
    for (const [labels, value] of values) gauge.set(labels, value);
  }
  return registry;
}
