import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ErrorClass } from '../domain/error-class.ts';
import type { RepositoryApi } from './repository-api.ts';
import { readRunRecord } from './run-record.ts';

/** A run of a workflow that has ended, from the event `workflow_run`. */
const finishedRunSchema = z.object({
  id: z.int().positive(),
  name: z.string(),
  workflow_id: z.int().positive(),
  run_number: z.int().positive(),
  run_attempt: z.int().positive(),
  conclusion: z.string().nullable(),
  html_url: z.string(),
});

export type FinishedRun = z.infer<typeof finishedRunSchema>;

export function readFinishedRun(eventPath: string): FinishedRun {
  const event = JSON.parse(readFileSync(eventPath, 'utf8')) as { workflow_run?: unknown };
  return finishedRunSchema.parse(event.workflow_run);
}

/** What ended and how, for a person. */
export type Outcome = 'failed' | 'succeeded' | 'neither';

const FAILED: readonly (string | null)[] = ['failure', 'timed_out', 'startup_failure'];

/** A run that a person cancelled, or that waits for one, is neither. */
export function outcomeOf({ conclusion }: FinishedRun): Outcome {
  if (FAILED.includes(conclusion)) return 'failed';
  return conclusion === 'success' ? 'succeeded' : 'neither';
}

/** Why a run failed. Every text is from outside. */
export interface RunFailure {
  readonly stages: readonly string[];
  readonly repositories: readonly string[];
  readonly errorClasses: readonly string[];
  /** Lines of the log or messages; empty if there are none. */
  readonly excerpt: string;
}

/** From the records of the run's jobs if one names a failure, else from what GitHub knows of them. */
export async function readFailure(api: RepositoryApi, run: FinishedRun): Promise<RunFailure> {
  const recorded = failureOfRecord();
  const ofJobs = await failureOfJobs(api, run);
  if (!recorded) return ofJobs;
  return { ...recorded, stages: recorded.stages.length > 0 ? recorded.stages : ofJobs.stages };
}

const isFailed = ({ status }: { readonly status: string }) => status.toUpperCase() === 'FAILED';

function failureOfRecord(): RunFailure | null {
  const record = readRunRecord();
  if (!record) return null;
  const stages = record.stages.filter(isFailed);
  const repositories = record.repositories.filter(isFailed);
  if (stages.length + repositories.length === 0) return null;
  const all = [
    ...stages.map((entry) => ({ ...entry, name: entry.stage })),
    ...repositories.map((entry) => ({ ...entry, name: entry.full_name })),
  ];
  return {
    // Several jobs may tell of one failure.
    stages: unique(stages.map(({ stage }) => stage)),
    repositories: unique(repositories.map(({ full_name }) => full_name)),
    errorClasses: unique(all.map(({ error_class }) => error_class ?? 'unknown')),
    excerpt: unique(all.map(({ name, message }) => `${name}: ${message ?? 'no message'}`)).join(
      '\n',
    ),
  };
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

async function failureOfJobs(api: RepositoryApi, run: FinishedRun): Promise<RunFailure> {
  const { octokit, owner, repo } = api;
  const jobs = await octokit.paginate(octokit.rest.actions.listJobsForWorkflowRunAttempt, {
    owner,
    repo,
    run_id: run.id,
    attempt_number: run.run_attempt,
    per_page: 100,
  });
  const failed = jobs.filter(({ conclusion }) => FAILED.includes(conclusion));
  const [first] = failed;
  const excerpt = first ? await readExcerpt(api, first.id) : '';
  return {
    stages: failed.map(({ name, steps }) => {
      const step = steps?.find(({ conclusion }) => FAILED.includes(conclusion));
      return step ? `${name}: ${step.name}` : name;
    }),
    repositories: [],
    errorClasses: failed.length > 0 ? [guessClass(excerpt)] : [],
    excerpt,
  };
}

/** Lines of a log before the error of a step. */
const EXCERPT_LINES = 20;

/** The log of a job is a file of its own elsewhere, which may be gone: then the report has none. */
async function readExcerpt({ octokit, owner, repo }: RepositoryApi, jobId: number) {
  try {
    const { data } = await octokit.rest.actions.downloadJobLogsForWorkflowRun({
      owner,
      repo,
      job_id: jobId,
    });
    return cutExcerpt(String(data));
  } catch {
    return '';
  }
}

/** What stood last before the first `##[error]`, without times, colours and groups. */
export function cutExcerpt(log: string): string {
  const lines = log
    .split(/\r?\n/)
    .map((line) => line.replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /, ''))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal begin so.
    .map((line) => line.replaceAll(/\u001b\[[\d;]*m/g, ''));
  const at = lines.findIndex((line) => line.startsWith('##[error]'));
  const before = at < 0 ? lines : lines.slice(0, at + 1);
  return before
    .filter((line) => line.trim() !== '' && !/^##\[(?:end)?group\]/.test(line))
    .slice(-EXCERPT_LINES)
    .map((line) => line.replace(/^##\[error\]/, 'Error: '))
    .join('\n');
}

/** What a log says of the kind of failure, for the advice in the report. */
const SIGNS: readonly (readonly [ErrorClass, RegExp])[] = [
  ['budget', /budget/i],
  ['unauthorized', /GITHUB_TOKEN|refuses the token|permission|not accessible by integration/i],
  ['quota', /rate limit|quota|allowance/i],
  ['timeout', /timed? ?out|exceeded the maximum execution time/i],
  ['connection', /DATABASE_URL|ECONN|ENOTFOUND|no PostgreSQL|connection/i],
];

const guessClass = (excerpt: string): ErrorClass =>
  SIGNS.find(([, sign]) => sign.test(excerpt))?.[0] ?? 'unknown';
