import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Copy } from '../github/copy.ts';
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '../workflows/github-packages.ts';
import {
  parseWorkflowText,
  readWorkflowText,
  type Workflow,
  type WorkflowJob,
} from '../workflows/workflow-file.ts';
import { type Contexts, isTrue, resolveValue, type Status } from './expressions.ts';
import { createNpm } from './npm-shim.ts';
import { type JobInstance, runJob } from './run-job.ts';
import type { Cancelling } from './run-step.ts';

/**
 * Executes a workflow file on this machine: GitHub's parser and its evaluator of expressions, real
 * bash for `run:`, stand-ins for `uses:`, and the local GitHub. It proves the graph of jobs, the
 * conditions, outputs, artifacts and the project's own commands. It proves nothing about rights,
 * environments, concurrency and the image of the runner.
 */

export interface WorkflowOptions {
  /** `pipeline.yml`. */
  readonly file: string;
  readonly event: { readonly name: string; readonly payload?: object; readonly sha?: string };
  readonly copy: Copy;
  readonly apiUrl: string;
  /** A folder that all runs of a test share: artifacts outlive their run in it. */
  readonly folder: string;
  /** The files of the repository, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Those of the environment. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Scripts of bash in the place of commands. */
  readonly commands?: Readonly<Record<string, string>>;
  /** More variables of the machine. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Another attempt of an earlier run. */
  readonly again?: FinishedWorkflow;
  /** The servers on this machine that stand for hosts on the internet, by origin. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** The ports of this machine for those of service containers. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly cancelling?: Cancelling;
  readonly onDeploy?: (folder: string) => void;
}

export interface JobEnd {
  readonly result: 'success' | 'failure' | 'cancelled' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
  /** One for each row of the matrix. */
  readonly instances: readonly JobInstance[];
}

export interface FinishedWorkflow {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  readonly jobs: Readonly<Record<string, JobEnd>>;
  /** The folder of the deployed site; null: nothing was deployed. */
  readonly deployed: string | null;
}

/** What all jobs of a run share. */
export interface Setting {
  readonly folder: string;
  readonly artifacts: string;
  readonly bin: string;
  readonly copy: Copy;
  readonly apiUrl: string;
  readonly files: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly hosts: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  readonly cancelling: Cancelling | undefined;
  readonly run: { readonly id: number; readonly number: number; readonly attempt: number };
  readonly github: ReturnType<typeof githubContext>;
  readonly count: () => number;
  readonly deploy: (folder: string) => void;
}

type Run = Setting['run'];

export async function runWorkflow(options: WorkflowOptions): Promise<FinishedWorkflow> {
  const text = readWorkflowText(options.file);
  const workflow = parseWorkflowText(text);
  const conditions = await readConditions(options.file, text);
  const run = nextRun(options);
  const site: { folder: string | null } = { folder: null };
  const setting = createSetting(options, run, (folder) => {
    site.folder = folder;
    options.onDeploy?.(folder);
  });
  const contexts: Contexts = {
    github: setting.github,
    secrets: options.secrets ?? {},
    vars: options.vars ?? {},
    inputs: inputsOf(options),
    runner: { os: 'Linux', temp: setting.folder },
  };
  const jobs = await runJobs(setting, workflow, conditions, contexts);
  const conclusion = worstOf(Object.values(jobs));
  const finished = { ...run, conclusion, jobs, deployed: site.folder } as const;
  recordRun(options, finished);
  return finished;
}

interface JobConditions {
  readonly job: string;
  readonly steps: readonly string[];
}

/** The conditions of jobs and steps, whole: `success() && (…)` where no status is asked for. */
async function readConditions(name: string, text: string): Promise<Map<string, JobConditions>> {
  const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
  if (!value) throw new Error(`${name} can't be parsed`);
  const template = await convertWorkflowTemplate(context, value);
  const errors = context.errors.getErrors();
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return new Map(
    template.jobs.map((job) => {
      const steps = 'steps' in job ? job.steps : [];
      const ofSteps = steps.map((step) => step.if?.expression ?? 'success()');
      return [job.id.value, { job: job.if.expression, steps: ofSteps }];
    }),
  );
}

const FIRST_RUN_ID = 1000;

function nextRun({ copy, file, again }: WorkflowOptions): Run {
  if (again) return { id: again.id, number: again.number, attempt: again.attempt + 1 };
  const own = copy.runs.filter(({ workflow }) => workflow === file);
  const id = Math.max(FIRST_RUN_ID, ...copy.runs.map((one) => one.id)) + 1;
  return { id, number: Math.max(0, ...own.map(({ number }) => number)) + 1, attempt: 1 };
}

function createSetting(
  options: WorkflowOptions,
  run: Run,
  deploy: (folder: string) => void,
): Setting {
  const folder = mkdtempSync(join(options.folder, 'run-'));
  const artifacts = join(options.folder, 'artifacts');
  mkdirSync(artifacts, { recursive: true });
  let counted = 0;
  return {
    folder,
    artifacts,
    bin: createNpm(folder, options.commands ?? {}),
    copy: options.copy,
    apiUrl: options.apiUrl,
    files: options.files,
    variables: options.variables ?? {},
    hosts: options.hosts ?? {},
    ports: options.ports ?? {},
    cancelling: options.cancelling,
    run,
    github: githubContext(options, run),
    count: () => ++counted,
    deploy,
  };
}

function githubContext({ event, copy }: WorkflowOptions, run: Run) {
  const repository = `${copy.owner}/${copy.repo}`;
  return {
    event_name: event.name,
    event: { repository: { full_name: repository, default_branch: 'main' }, ...event.payload },
    repository,
    ref_name: 'main',
    sha: event.sha ?? 'f'.repeat(40),
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    token: 'token-of-the-workflow',
  };
}

const inputsOf = ({ event }: WorkflowOptions) =>
  (event.payload as { inputs?: object } | undefined)?.inputs ?? {};

/** The jobs in the order of their needs. */
async function runJobs(
  setting: Setting,
  { jobs }: Workflow,
  conditions: ReadonlyMap<string, JobConditions>,
  contexts: Contexts,
): Promise<Record<string, JobEnd>> {
  const ends: Record<string, JobEnd> = {};
  const open = new Map(Object.entries(jobs));
  while (open.size > 0) {
    const ready = [...open].find(([, job]) => needsOf(job).every((name) => name in ends));
    if (!ready) throw new Error('the needs of the jobs go round in a circle');
    const [id, job] = ready;
    open.delete(id);
    const own = conditions.get(id) ?? { job: 'success()', steps: [] };
    ends[id] = await runMatrix(setting, id, job, own, contexts, { jobs, ends });
  }
  return ends;
}

const needsOf = ({ needs = [] }: WorkflowJob) => [needs].flat() as string[];

interface Ended {
  readonly jobs: Workflow['jobs'];
  readonly ends: Readonly<Record<string, JobEnd>>;
}

/** All that a job needs, and what those need. */
function ancestorsOf(id: string, { jobs }: Ended): Set<string> {
  const all = new Set<string>();
  const visit = (name: string) => {
    for (const need of needsOf(jobs[name] ?? {})) {
      if (all.has(need)) continue;
      all.add(need);
      visit(need);
    }
  };
  visit(id);
  return all;
}

async function runMatrix(
  setting: Setting,
  id: string,
  job: WorkflowJob,
  conditions: JobConditions,
  contexts: Contexts,
  ended: Ended,
): Promise<JobEnd> {
  const needs = Object.fromEntries(needsOf(job).map((name) => [name, ended.ends[name]]));
  const results = [...ancestorsOf(id, ended)].map((name) => ended.ends[name]?.result);
  // A skipped job is no success, either.
  const status: Status = {
    isFailed: results.some((result) => result !== 'success'),
    isCancelled: setting.cancelling?.isCancelled ?? false,
  };
  const all = { ...contexts, needs };
  if (!isTrue(conditions.job, all, status))
    return { result: 'skipped', outputs: {}, instances: [] };
  const rows = rowsOf(resolveValue(job.strategy?.matrix ?? {}, all, status));
  const instances = await Promise.all(
    rows.map((matrix) => runJob(setting, id, job, conditions.steps, { ...all, matrix })),
  );
  const outputs = Object.assign({}, ...instances.map((instance) => instance.outputs));
  return { result: worstOf(instances), outputs, instances };
}

function worstOf(all: readonly { readonly result: JobEnd['result'] }[]) {
  const has = (wanted: JobEnd['result']) => all.some(({ result }) => result === wanted);
  if (has('cancelled')) return 'cancelled';
  return has('failure') ? 'failure' : 'success';
}

/** Every combination of the values of a matrix. */
function rowsOf(matrix: unknown): Record<string, unknown>[] {
  return Object.entries(matrix as Record<string, unknown[]>).reduce<Record<string, unknown>[]>(
    (rows, [key, values]) =>
      rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
}

/** What GitHub knows of the run afterwards. */
function recordRun({ copy, file }: WorkflowOptions, run: FinishedWorkflow): void {
  const { id, number, attempt, conclusion } = run;
  copy.runs.push({ id, number, attempt, workflow: file, conclusion });
  for (const { instances } of Object.values(run.jobs)) {
    for (const { name, result, steps } of instances) {
      const shown = steps.map((step) => ({ name: step.name, conclusion: step.outcome }));
      const jobId = copy.jobs.length + 1;
      const log = steps.map(logOf).join('');
      copy.jobs.push({
        id: jobId,
        runId: id,
        attempt,
        name,
        conclusion: result,
        steps: shown,
        log,
      });
    }
  }
}

function logOf({ name, output, outcome }: JobInstance['steps'][number]): string {
  const end = outcome === 'failure' ? '##[error]Process completed with exit code 1.\n' : '';
  return `##[group]Run ${name}\n##[endgroup]\n${output}\n${end}`;
}
