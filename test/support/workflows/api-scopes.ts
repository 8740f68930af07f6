import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadedWith } from '../imports.ts';
import { projectFolder } from '../run-command.ts';
import { KNOWN_ACTIONS } from './known-actions.ts';
import type { WorkflowJob, WorkflowStep } from './workflow-file.ts';

/** Which rights the jobs of a workflow need: from the calls to GitHub's API that their code makes. */

export type Scopes = Readonly<Record<string, 'read' | 'write'>>;

/**
 * Each method in use with its right, as GitHub's "Permissions required for GitHub Apps" has it.
 * `metadata` is what every token has.
 */
const METHOD_SCOPES: Readonly<Record<string, Scopes>> = {
  'actions.listArtifactsForRepo': { actions: 'read' },
  'actions.listWorkflowRunArtifacts': { actions: 'read' },
  'actions.getWorkflowRun': { actions: 'read' },
  'actions.downloadArtifact': { actions: 'read' },
  'actions.listJobsForWorkflowRunAttempt': { actions: 'read' },
  'actions.downloadJobLogsForWorkflowRun': { actions: 'read' },
  'actions.listWorkflowRuns': { actions: 'read' },
  'actions.listRepoWorkflows': { actions: 'read' },
  'actions.enableWorkflow': { actions: 'write' },
  'actions.createWorkflowDispatch': { actions: 'write' },
  'git.getRef': { contents: 'read' },
  'git.getCommit': { contents: 'read' },
  'git.createTree': { contents: 'write' },
  'git.createCommit': { contents: 'write' },
  'git.createRef': { contents: 'write' },
  'git.updateRef': { contents: 'write' },
  'issues.get': { issues: 'read' },
  'issues.listComments': { issues: 'read' },
  'issues.updateComment': { issues: 'write' },
  'pulls.list': { 'pull-requests': 'read' },
  'pulls.create': { 'pull-requests': 'write' },
  'pulls.update': { 'pull-requests': 'write' },
  'repos.getContent': { contents: 'read' },
  'users.getByUsername': {},
  'issues.listForRepo': { issues: 'read' },
  'issues.getLabel': { issues: 'read' },
  'issues.createLabel': { issues: 'write' },
  'issues.create': { issues: 'write' },
  'issues.createComment': { issues: 'write' },
  'issues.update': { issues: 'write' },
  'git.getBlob': { contents: 'read' },
  'git.getTree': { contents: 'read' },
  'pulls.get': { 'pull-requests': 'read' },
  'pulls.listFiles': { 'pull-requests': 'read' },
  'repos.get': {},
  'repos.getPages': { pages: 'read' },
};

/** The comments that these files write and read are on pull requests, for which another right will do. */
const ON_PULL_REQUESTS: Readonly<Record<string, Readonly<Record<string, Scopes>>>> = {
  'pipeline/actions/pull-requests.ts': {
    'issues.listComments': { 'pull-requests': 'read' },
    'issues.createComment': { 'pull-requests': 'write' },
    'issues.updateComment': { 'pull-requests': 'write' },
  },
};

const CALL = /\boctokit\.rest\.(\w+\.\w+)\b/g;

/** The file that a command loads, from the map of all commands. */
function entryOf(command: string): string {
  const text = readFileSync(join(projectFolder, 'pipeline/cli.ts'), 'utf8');
  const at = text.indexOf(`'${command}': `);
  const [, path = ''] = /import\('\.\/(actions\/[\w-]+\.ts)'\)/.exec(text.slice(at)) ?? [];
  if (at < 0 || path === '') throw new Error(`there is no command ${command}`);
  return `pipeline/${path}`;
}

/** What a command of `pipeline/actions/` needs. The other commands use no right of the token. */
export function scopesOfCommand(command: string): Scopes {
  if (!command.startsWith('actions:')) return {};
  return together([...loadedWith(entryOf(command))].flatMap(scopesOfFile));
}

/** The right for each call that a file makes. */
export const scopesOfFile = (file: string): Scopes[] =>
  callsOf(file).map((method) => ON_PULL_REQUESTS[file]?.[method] ?? scopesOfMethod(method));

/** The methods of the API that a file names. */
export function callsOf(file: string): string[] {
  const text = readFileSync(join(projectFolder, file), 'utf8');
  return [...text.matchAll(CALL)].map(([, method = '']) => method);
}

function scopesOfMethod(method: string): Scopes {
  const scopes = METHOD_SCOPES[method];
  if (!scopes) throw new Error(`the right for ${method} is not in METHOD_SCOPES`);
  return scopes;
}

const COMMAND = /\b(?:npm run|pipeline\/cli\.ts) ([\w:-]+)/g;

/** The commands of the project that a script starts. */
export const commandsOf = (script: string) =>
  [...script.matchAll(COMMAND)].map(([, name = '']) => name);

/** What a job needs: for its actions and its commands. */
export function scopesOfJob({ steps = [] }: WorkflowJob): Scopes {
  return together(steps.map(scopesOfStep));
}

function scopesOfStep({ uses, run = '', with: inputs = {} }: WorkflowStep): Scopes {
  const commands = commandsOf(run).map(scopesOfCommand);
  const [action = ''] = uses?.split('@') ?? [];
  // The artifacts of another run are read by the API.
  const ofOtherRun: Scopes = 'github-token' in inputs ? { actions: 'read' } : {};
  return together([...commands, KNOWN_ACTIONS[action]?.scopes ?? {}, ofOtherRun]);
}

/** All rights together; the right to write includes that to read. */
function together(all: readonly Scopes[]): Scopes {
  const pairs = all.flatMap((scopes) => Object.entries(scopes));
  const names = [...new Set(pairs.map(([name]) => name))].toSorted();
  const has = (name: string) => pairs.some(([one, level]) => one === name && level === 'write');
  return Object.fromEntries(names.map((name) => [name, has(name) ? 'write' : 'read']));
}
