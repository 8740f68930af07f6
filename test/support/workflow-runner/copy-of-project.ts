import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { parse } from 'yaml';
import { type Copy, createCopy, workflowId } from '../github/copy.ts';
import { type LocalGithub, startLocalGithub } from '../github/local-github.ts';
import { makeWorld } from '../github/made-up-world.ts';
import { type PagesServer, startPages } from './pages-server.ts';
import { type FinishedWorkflow, runWorkflow, type WorkflowOptions } from './run-workflow.ts';

/** A copy of the project on the local GitHub, whose workflows can be run one after the other. */
export interface CopyOfProject {
  readonly github: LocalGithub;
  readonly copy: Copy;
  /** Serves a folder as the site of the copy. */
  publish(folder: string): void;
  /** Runs a workflow; without an event, that of its schedule. */
  run(file: string, options?: RunOptions): Promise<FinishedWorkflow>;
  /** Runs `run-report.yml` on the end of a run of `pipeline.yml`. */
  report(run: FinishedWorkflow, options?: RunOptions): Promise<FinishedWorkflow>;
}

export type RunOptions = Partial<
  Pick<
    WorkflowOptions,
    | 'event'
    | 'secrets'
    | 'vars'
    | 'commands'
    | 'variables'
    | 'again'
    | 'files'
    | 'hosts'
    | 'ports'
    | 'cancelling'
  >
>;

/** The site is not what is tested: a page takes its place, so that a run takes seconds. */
export const NO_SITE = {
  'site:build':
    'mkdir -p site/dist; echo site > site/dist/index.html; cp -r site/data/api site/dist',
  'site:check': 'test -f site/dist/index.html',
};

/** Nothing is read, calculated and written: what happens to the kept database is tested. */
export const NO_READING = {
  ...NO_SITE,
  pipeline: 'mkdir -p site/data/api; echo {} > site/data/api/a.json',
};

/** The database is none, either: what the jobs do with the documents is tested. */
export const NO_PIPELINE = {
  ...NO_READING,
  'actions:state': `
    if [ "$1" = keep ]; then
      mkdir -p .state
      echo rows > .state/database.dump
      echo kept=true >> "$GITHUB_OUTPUT"
    fi`,
};

/** The files of the copy. */
export const FILES = { 'config/repos.yaml': 'repositories:\n  - guild/engine\n' };

/** Where GitHub serves the site of the copy. */
const PAGES = 'https://guild.github.io';

/** What holds for all tests of a block: they build on each other, as nights do. */
export function useCopy(changes: Partial<Copy> = {}): CopyOfProject {
  const state: { github?: LocalGithub; pages?: PagesServer; folder: string } = { folder: '' };
  const copy = createCopy(changes);
  beforeAll(async () => {
    state.folder = mkdtempSync(join(tmpdir(), 'workflows-'));
    state.github = await startLocalGithub({ world: makeWorld(), copy });
    state.pages = await startPages(`/${copy.repo}/`);
  });
  afterAll(async () => {
    await state.github?.close();
    state.pages?.close();
    rmSync(state.folder, { recursive: true, force: true });
  });
  const github = () => {
    if (!state.github) throw new Error('the local GitHub is there from beforeAll on');
    return state.github;
  };
  const run = (file: string, options: RunOptions = {}) =>
    runWorkflow({
      file,
      event: { name: 'schedule' },
      copy,
      apiUrl: github().apiUrl,
      folder: state.folder,
      files: FILES,
      onDeploy: (folder) => state.pages?.deploy(folder),
      ...options,
      hosts: { [PAGES]: state.pages?.url ?? '', ...options.hosts },
    });
  return {
    get github() {
      return github();
    },
    copy,
    publish: (folder) => state.pages?.deploy(folder),
    run,
    report: (finished, options) =>
      run('run-report.yml', {
        event: { name: 'workflow_run', payload: eventOf(finished, copy) },
        ...options,
      }),
  };
}

/** The event `workflow_run` about a run of `pipeline.yml`. */
function eventOf({ id, number, attempt, conclusion }: FinishedWorkflow, { owner, repo }: Copy) {
  return {
    workflow_run: {
      id,
      name: 'Pipeline',
      workflow_id: workflowId('pipeline.yml'),
      run_number: number,
      run_attempt: attempt,
      conclusion,
      head_branch: 'main',
      html_url: `https://github.com/${owner}/${repo}/actions/runs/${id}`,
    },
  };
}

/** The results of the jobs, for one look. */
export const resultsOf = ({ jobs }: FinishedWorkflow) =>
  Object.fromEntries(Object.entries(jobs).map(([id, { result }]) => [id, result]));

/** The steps of a job that were not skipped, and how they ended. */
export const stepsOf = ({ jobs }: FinishedWorkflow, id: string) =>
  Object.fromEntries(
    (jobs[id]?.instances ?? [])
      .flatMap(({ steps }) => steps)
      .filter(({ outcome }) => outcome !== 'skipped')
      .map(({ name, outcome }) => [name, outcome]),
  );

/** All that a run has printed. */
export const outputOf = ({ jobs }: FinishedWorkflow) =>
  Object.values(jobs)
    .flatMap(({ instances }) => instances)
    .flatMap(({ steps }) => steps)
    .map(({ output }) => output)
    .join('\n');

/** All summaries of a run. */
export const summaryOf = ({ jobs }: FinishedWorkflow) =>
  Object.values(jobs)
    .flatMap(({ instances }) => instances)
    .flatMap(({ steps }) => steps)
    .map(({ summary }) => summary)
    .join('');

/** A published document of the deployed site. */
export const readDeployed = (run: FinishedWorkflow, path: string) =>
  parse(readFileSync(join(run.deployed ?? '/nowhere', path), 'utf8'));

/** The records that the jobs of its runs left. */
export const recordsIn = ({ artifacts }: Copy) =>
  [...new Set(artifacts.map(({ name }) => name))]
    .filter((name) => name.startsWith('run-record'))
    .toSorted();

/** A run started by hand, with what was typed into its form. */
export const form = (inputs: Record<string, string>) => ({
  event: { name: 'workflow_dispatch', payload: { inputs } },
});

/** The runs that were published, the last one first. */
export const runsOf = (night: Parameters<typeof readDeployed>[0]) =>
  readDeployed(night, 'api/v1/dashboard/stats.json').runs as { id: number; status: string }[];
