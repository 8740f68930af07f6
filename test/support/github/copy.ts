import { createHash } from 'node:crypto';
import type { Context } from 'openapi-backend';
import { type CopyGit, createGit } from './copy-pulls.ts';
import { comment, createForge, FORGE_OPERATIONS, type Forge, WORKFLOW_BOT } from './forge.ts';
import { exampleOf } from './openapi.ts';
import type { RestAnswer } from './rest.ts';
import type { Person } from './world.ts';

/**
 * A copy of this project on the local GitHub: the repository whose workflows run. Its issues, labels,
 * artifacts, runs, jobs, Pages and workflows are plain data that tests set and read.
 */

export interface CopyIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly by: 'Bot' | 'User';
  /** Who has filed it. */
  readonly author?: Person;
  readonly comments: string[];
}

export interface CopyArtifact {
  readonly id: number;
  readonly name: string;
  readonly runId: number;
  readonly branch: string;
  readonly createdAt: string;
  expired?: boolean;
  /** The ZIP file that GitHub makes of it. */
  zip: Buffer;
}

export interface CopyRun {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly workflow: string;
  readonly conclusion: string;
  readonly branch?: string;
}

export interface CopyJob {
  readonly id: number;
  readonly runId: number;
  readonly attempt: number;
  readonly name: string;
  readonly conclusion: string;
  readonly steps: readonly { readonly name: string; readonly conclusion: string }[];
  readonly log: string;
}

export interface Copy {
  readonly owner: string;
  readonly repo: string;
  hasIssues: boolean;
  /** Null: Pages is off. */
  pages: null | { readonly type: 'workflow' | 'legacy'; readonly url: string };
  /** The files of its workflows, with their states. */
  readonly workflows: Map<string, string>;
  readonly labels: Set<string>;
  readonly issues: CopyIssue[];
  readonly artifacts: CopyArtifact[];
  readonly runs: CopyRun[];
  readonly jobs: CopyJob[];
  /** The workflows that were enabled, one by one. */
  readonly enabled: string[];
  /** Its branches, pull requests, and comments with their authors. */
  readonly forge: Forge;
  readonly git: CopyGit;
}

export const COPY_FILES: readonly string[] = [
  'pipeline.yml',
  'run-report.yml',
  'maintenance.yml',
  'config-preview.yml',
  'config-comment.yml',
  'config-form.yml',
];

/** As GitHub makes it by *Use this template*, with Pages switched on. */
export function createCopy(changes: Partial<Copy> = {}): Copy {
  return {
    owner: 'guild',
    repo: 'leaderboard',
    hasIssues: true,
    pages: { type: 'workflow', url: 'https://guild.github.io/leaderboard/' },
    workflows: new Map(COPY_FILES.map((file) => [file, 'active'])),
    labels: new Set(),
    issues: [],
    artifacts: [],
    runs: [],
    jobs: [],
    enabled: [],
    forge: createForge(),
    git: createGit(),
    ...changes,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: foreign documents, copied without their types.
type Json = any;

const HERE = '/repos/{owner}/{repo}';
const NOT_FOUND: RestAnswer = { code: 404, body: { message: 'Not Found' } };
const GONE: RestAnswer = { code: 410, body: { message: 'Issues are disabled for this repo' } };

const paramOf = ({ request }: Context, name: string) => String(request.params[name]);
const queryOf = ({ request }: Context, name: string) => request.query[name]?.toString() ?? '';
const bodyOf = ({ request }: Context) => (request.requestBody ?? {}) as Json;

type Operation = (context: Context, copy: Copy) => RestAnswer;

const ok = (body: unknown): RestAnswer => ({ code: 200, body });

/** Whether a repository is ours, for operations on it. */
export const isCopy = (copy: Copy | undefined, context: Context): copy is Copy =>
  copy !== undefined &&
  paramOf(context, 'owner') === copy.owner &&
  paramOf(context, 'repo') === copy.repo;

export const COPY_OPERATIONS: Readonly<Record<string, Operation>> = {
  ...FORGE_OPERATIONS,
  'repos/get-pages': (_context, { pages }) =>
    pages
      ? ok({
          ...exampleOf(`${HERE}/pages`),
          build_type: pages.type,
          html_url: pages.url,
        })
      : NOT_FOUND,
  'actions/list-repo-workflows': (_context, copy) => {
    const [example] = exampleOf(`${HERE}/actions/workflows`).workflows;
    const workflows = [...copy.workflows].map(([file, state], index) => ({
      ...example,
      id: index + 1,
      name: file,
      path: `.github/workflows/${file}`,
      state,
    }));
    return ok({ total_count: workflows.length, workflows });
  },
  'actions/enable-workflow': (context, copy) => {
    copy.enabled.push(paramOf(context, 'workflow_id'));
    return { code: 204, body: undefined };
  },
  'actions/list-artifacts-for-repo': (context, copy) =>
    artifacts(copy.artifacts.filter(({ name }) => matches(context, 'name', name))),
  'actions/list-workflow-run-artifacts': (context, copy) =>
    artifacts(
      copy.artifacts.filter(
        ({ name, runId }) =>
          matches(context, 'name', name) && String(runId) === paramOf(context, 'run_id'),
      ),
    ),
  'actions/download-artifact': (context, copy) => {
    const id = Number(paramOf(context, 'artifact_id'));
    const found = copy.artifacts.find((artifact) => artifact.id === id);
    if (!found) return NOT_FOUND;
    if (found.expired) return { code: 410, body: { message: 'Artifact has expired' } };
    return { code: 302, body: undefined, location: `/blobs/artifacts/${id}` };
  },
  'actions/get-workflow-run': (context, copy) => {
    const found = copy.runs.find(({ id }) => String(id) === paramOf(context, 'run_id'));
    return found ? ok(runBody(found)) : NOT_FOUND;
  },
  'actions/list-workflow-runs': (context, copy) => {
    const found = copy.runs
      .filter(({ workflow }) => isOf(context, workflow))
      .filter(({ conclusion }) => {
        const status = queryOf(context, 'status');
        return status === '' || status === 'completed' || conclusion === status;
      })
      .toReversed();
    return ok({ total_count: found.length, workflow_runs: found.map(runBody) });
  },
  'actions/list-jobs-for-workflow-run-attempt': (context, copy) => {
    const jobs = copy.jobs.filter(
      ({ runId, attempt }) =>
        String(runId) === paramOf(context, 'run_id') &&
        String(attempt) === paramOf(context, 'attempt_number'),
    );
    return ok({ total_count: jobs.length, jobs: jobs.map(jobBody) });
  },
  'actions/download-job-logs-for-workflow-run': (context, copy) => {
    const id = Number(paramOf(context, 'job_id'));
    if (!copy.jobs.some((job) => job.id === id)) return NOT_FOUND;
    return { code: 302, body: undefined, location: `/blobs/logs/${id}` };
  },
  'issues/list-for-repo': (context, copy) => {
    if (!copy.hasIssues) return GONE;
    const label = queryOf(context, 'labels');
    const state = queryOf(context, 'state') || 'open';
    const found = copy.issues
      .filter((issue) => label === '' || issue.labels.includes(label))
      .filter((issue) => state === 'all' || issue.state === state);
    return ok(found.map((issue) => issueBody(`${HERE}/issues`, issue)));
  },
  'issues/create': (context, copy) => {
    if (!copy.hasIssues) return GONE;
    const { title, body, labels } = bodyOf(context);
    const issue: CopyIssue = {
      number: copy.issues.length + 1,
      title,
      body,
      labels,
      state: 'open',
      by: 'Bot',
      comments: [],
    };
    copy.issues.push(issue);
    return { code: 201, body: { ...exampleOf(`${HERE}/issues`, 'post', '201'), ...shown(issue) } };
  },
  'issues/update': (context, copy) =>
    withIssue(context, copy, (issue) => {
      const { title = issue.title, body = issue.body, state = issue.state } = bodyOf(context);
      Object.assign(issue, { title, body, state });
      return ok({ ...exampleOf(`${HERE}/issues/{issue_number}`, 'patch'), ...shown(issue) });
    }),
  'issues/create-comment': (context, copy) =>
    withIssue(context, copy, (issue) => {
      issue.comments.push(bodyOf(context).body);
      comment(copy.forge, issue.number, WORKFLOW_BOT, bodyOf(context).body);
      const path = `${HERE}/issues/{issue_number}/comments`;
      return { code: 201, body: { ...exampleOf(path, 'post', '201'), body: bodyOf(context).body } };
    }),
  'issues/get-label': (context, copy) =>
    copy.labels.has(paramOf(context, 'name'))
      ? ok({ ...exampleOf(`${HERE}/labels/{name}`), name: paramOf(context, 'name') })
      : NOT_FOUND,
  'issues/create-label': (context, copy) => {
    copy.labels.add(bodyOf(context).name);
    const example = exampleOf(`${HERE}/labels`, 'post', '201');
    return { code: 201, body: { ...example, name: bodyOf(context).name } };
  },
};

const matches = (context: Context, name: string, value: string) =>
  queryOf(context, name) === '' || queryOf(context, name) === value;

/** By the name of its file, or by its id. */
function isOf(context: Context, workflow: string): boolean {
  const wanted = paramOf(context, 'workflow_id');
  return wanted === workflow || wanted === String(workflowId(workflow));
}

/** The id of a workflow, as its place in the list. */
export const workflowId = (file: string) => COPY_FILES.indexOf(file) + 1;

function artifacts(found: readonly CopyArtifact[]): RestAnswer {
  const [example] = exampleOf(`${HERE}/actions/artifacts`).artifacts;
  const { id: repository } = exampleOf(HERE);
  const own = { repository_id: repository, head_repository_id: repository };
  // GitHub lists the newest first.
  const bodies = found.toReversed().map(({ id, name, runId, branch, createdAt, expired, zip }) => ({
    ...example,
    id,
    name,
    expired: expired ?? false,
    size_in_bytes: zip.length,
    digest: `sha256:${createHash('sha256').update(zip).digest('hex')}`,
    created_at: createdAt,
    updated_at: createdAt,
    workflow_run: { ...example.workflow_run, ...own, id: runId, head_branch: branch },
  }));
  return ok({ total_count: bodies.length, artifacts: bodies });
}

function runBody({ id, number, attempt, workflow, conclusion, branch = 'main' }: CopyRun) {
  return {
    ...exampleOf(`${HERE}/actions/runs/{run_id}`),
    id,
    name: workflow,
    run_number: number,
    run_attempt: attempt,
    head_branch: branch,
    workflow_id: workflowId(workflow),
    status: 'completed',
    conclusion,
  };
}

function jobBody({ id, runId, attempt, name, conclusion, steps }: CopyJob) {
  const [example] = exampleOf(`${HERE}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`).jobs;
  return {
    ...example,
    id,
    run_id: runId,
    run_attempt: attempt,
    created_at: example.started_at,
    name,
    conclusion,
    steps: steps.map((step, index) => ({
      ...example.steps[0],
      name: step.name,
      number: index + 1,
      status: 'completed',
      conclusion: step.conclusion,
    })),
  };
}

function withIssue(
  context: Context,
  copy: Copy,
  use: (issue: CopyIssue) => RestAnswer,
): RestAnswer {
  if (!copy.hasIssues) return GONE;
  const number = Number(paramOf(context, 'issue_number'));
  const issue = copy.issues.find((one) => one.number === number);
  return issue ? use(issue) : NOT_FOUND;
}

const shown = ({ number, title, body, state }: CopyIssue) => ({ number, title, body, state });

function issueBody(path: string, issue: CopyIssue) {
  const [example] = exampleOf(path);
  return {
    ...example,
    ...shown(issue),
    user: { ...example.user, type: issue.by },
    labels: issue.labels.map((name) => ({ ...example.labels[0], name })),
    comments: issue.comments.length,
  };
}

/** The files that an answer leads to: `/blobs/artifacts/1`, `/blobs/logs/1`. */
export function blobOf(copy: Copy | undefined, path: string): Buffer | undefined {
  const [, kind, id] = /^\/blobs\/(artifacts|logs)\/(\d+)$/.exec(path) ?? [];
  if (kind === 'artifacts') return copy?.artifacts.find((one) => one.id === Number(id))?.zip;
  const job = kind === 'logs' ? copy?.jobs.find((one) => one.id === Number(id)) : undefined;
  return job && Buffer.from(job.log);
}
