import type { Errors, Jobs, Stats } from '../../published/documents.ts';
import { type Head, iso } from './head.ts';
import type { Redact } from './public-text.ts';

type Job = Jobs['jobs'][number];
type Run = Stats['runs'][number];

export interface StatsRow {
  readonly repositories: number;
  readonly contributors: number;
  readonly contributions: number;
  readonly bots: number;
  readonly unattributed: number;
}

export interface RunRow extends Omit<Run, 'started_at' | 'finished_at'> {
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

type Moments = 'window_from' | 'window_to' | 'started_at' | 'finished_at';

export interface JobRow extends Omit<Job, Moments | 'skipped' | 'noticed'> {
  readonly window_from: Date;
  readonly window_to: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly skipped: Job['skipped'] | null;
  readonly noticed: Job['noticed'] | null;
}

export interface ErrorRow {
  readonly created_at: Date;
  readonly source: string;
  readonly error_class: string;
  readonly error_message: string;
  readonly job_id: number | null;
}

export interface StatsRows {
  readonly counts: StatsRow;
  readonly runs: readonly RunRow[];
  readonly usage: Stats['github_usage'];
}

export function buildStats(head: Head, { counts, runs, usage }: StatsRows, redact: Redact): Stats {
  return {
    ...head,
    ...counts,
    runs: runs.map((run) => buildRun(run, redact)),
    github_usage: usage,
  };
}

function buildRun(row: RunRow, redact: Redact): Run {
  return {
    ...row,
    started_at: row.started_at.toISOString(),
    finished_at: iso(row.finished_at),
    error_message: row.error_message === null ? null : redact(row.error_message),
  };
}

export function buildJobs(head: Head, rows: readonly JobRow[], redact: Redact): Jobs {
  return { ...head, jobs: rows.map((row) => buildJob(row, redact)) };
}

function buildJob(row: JobRow, redact: Redact): Job {
  return {
    ...row,
    window_from: row.window_from.toISOString(),
    window_to: row.window_to.toISOString(),
    error_message: row.error_message === null ? null : redact(row.error_message),
    skipped: row.skipped ?? {},
    noticed: row.noticed ?? {},
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
  };
}

export function buildErrors(head: Head, rows: readonly ErrorRow[], redact: Redact): Errors {
  const errors = rows.map((row) => ({
    at: row.created_at.toISOString(),
    source: row.source,
    error_class: row.error_class,
    message: redact(row.error_message),
    job_id: row.job_id,
  }));
  return { ...head, errors };
}
