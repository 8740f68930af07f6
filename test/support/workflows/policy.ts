import { scopesOfJob } from './api-scopes.ts';
import { KNOWN_ACTIONS } from './known-actions.ts';
import {
  parseWorkflowText,
  type Workflow,
  type WorkflowJob,
  type WorkflowStep,
} from './workflow-file.ts';

/** Security rules over workflow files, named as zizmor names them where it has them. */

export interface Finding {
  readonly rule: string;
  /** The job and the number of the step, or `workflow`. */
  readonly where: string;
  readonly what: string;
}

type Problem = readonly [rule: string, what: string];

/** All findings of a file but those that it says to ignore, with a reason, in a comment. */
export function findFaults(text: string): Finding[] {
  const ignored = ignoredRules(text);
  return allFindings(text).filter(({ rule }) => !ignored.includes(rule));
}

/** The rules of `# zizmor: ignore[rule]`. */
export const ignoredRules = (text: string) =>
  [...text.matchAll(/# zizmor: ignore\[([\w-]+)\]/g)].map(([, rule = '']) => rule);

function allFindings(text: string): Finding[] {
  const workflow = parseWorkflowText(text);
  const at = (where: string, problems: readonly Problem[]) =>
    problems.map(([rule, what]) => ({ rule, where, what }));
  return [
    ...at('workflow', [...problemsOfWorkflow(workflow), ...problemsOfPins(text)]),
    ...Object.entries(workflow.jobs).flatMap(([id, job]) => [
      ...at(id, problemsOfJob(job)),
      ...(job.steps ?? []).flatMap((step, index) =>
        at(`${id}[${index}]`, problemsOfStep(step, job)),
      ),
    ]),
  ];
}

const DANGEROUS = ['pull_request_target', 'workflow_run', 'issue_comment', 'discussion_comment'];

function triggersOf({ on }: Workflow): string[] {
  if (typeof on === 'string') return [on];
  return Array.isArray(on) ? on.map(String) : Object.keys(on as object);
}

const isEmptyObject = (value: unknown) => JSON.stringify(value) === '{}';
const json = (value: unknown) => JSON.stringify(value ?? null);

function problemsOfWorkflow(workflow: Workflow): Problem[] {
  const { concurrency } = workflow;
  return when([
    [!isEmptyObject(workflow.permissions), 'excessive-permissions', 'not permissions: {} on top'],
    [concurrency === undefined, 'concurrency-limits', 'no concurrency'],
    [
      concurrency !== undefined && concurrency['cancel-in-progress'] !== true,
      'concurrency-limits',
      'a run is not cancelled by a later one',
    ],
    [json(workflow.env).includes('secrets'), 'overprovisioned-secrets', 'a secret for all jobs'],
    ...triggersOf(workflow).map(
      (trigger) => [DANGEROUS.includes(trigger), 'dangerous-triggers', trigger] as const,
    ),
  ]);
}

const when = (rows: readonly (readonly [boolean, string, string])[]): Problem[] =>
  rows.filter(([isWrong]) => isWrong).map(([, rule, what]) => [rule, what]);

/** Beside each hash stands the version that it is, and it is the one in our table. */
function problemsOfPins(text: string): Problem[] {
  const lines = text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line));
  return lines.flatMap((line) => {
    const [, action = '', version = ''] = /uses: ([^@\s]+)@\S+ # (v\S+)$/.exec(line) ?? [];
    const isRight = version !== '' && KNOWN_ACTIONS[action]?.version === version;
    return isRight ? [] : [['ref-version-mismatch', line.trim()] as const];
  });
}

/** A secret of the repository; the token of the workflow is none. */
const SECRET = /\bsecrets\s*(?:\.(?!GITHUB_TOKEN\b)|\[)/;
const ALL_SECRETS = /toJSON\(\s*secrets\s*\)|\bsecrets\s*\[|secrets\.\*/i;

function problemsOfJob(job: WorkflowJob): Problem[] {
  const { permissions } = job;
  const isMapping = typeof permissions === 'object' && permissions !== null;
  const images = Object.values(job.services ?? {}).map(({ image = '' }) => image);
  return [
    ...when([
      [!('timeout-minutes' in job), 'missing-timeout', 'no timeout-minutes'],
      [!isMapping, 'excessive-permissions', 'no permissions of its own'],
      [/-latest\b/.test(json(job['runs-on'])), 'floating-runner', json(job['runs-on'])],
      [SECRET.test(json(job)) && !job.environment, 'secrets-outside-env', 'no environment'],
      [ALL_SECRETS.test(json(job)), 'overprovisioned-secrets', 'all secrets at once'],
      [json(job.env).includes('secrets'), 'overprovisioned-secrets', 'a secret for all steps'],
      [job.secrets === 'inherit', 'secrets-inherit', 'all secrets for another workflow'],
      ...images.map(
        (image) => [!/^[^:]+:(?!latest$)./.test(image), 'unpinned-images', image] as const,
      ),
    ]),
    ...(isMapping ? compareScopes(job, permissions as Readonly<Record<string, unknown>>) : []),
  ];
}

/** Exactly the rights that its code uses. */
function compareScopes(job: WorkflowJob, given: Readonly<Record<string, unknown>>): Problem[] {
  const needed = scopesOfJob(job);
  const missing = Object.entries(needed).filter(([name, level]) => given[name] !== level);
  const idle = Object.keys(given).filter((name) => !(name in needed));
  return [
    ...missing.map(([name, level]) => ['missing-permissions', `${name}: ${level}`] as const),
    ...idle.map((name) => ['excessive-permissions', `${name} is not used`] as const),
  ];
}

const isPrivileged = (job: WorkflowJob) =>
  SECRET.test(json(job)) || json(job.permissions).includes('"write"');

const PACKAGES =
  /\b(?:npm (?:install|i)\b|npx\b|yarn\b|pnpm\b|pip3? install|apt-get install|gem install)/;
const PIPED = /\b(?:curl|wget)\b[^\n]*\|\s*(?:ba|z)?sh\b/;

function problemsOfStep(step: WorkflowStep, job: WorkflowJob): Problem[] {
  const { run = '', uses = '', with: inputs = {} } = step;
  const [action = '', ref = ''] = uses.split('@');
  const known = KNOWN_ACTIONS[action];
  const install = /\bnpm ci\b[^\n]*/.exec(run)?.[0] ?? '';
  const isBare = install !== '' && !/--omit=dev --ignore-scripts/.test(install);
  return when([
    [uses !== '' && !/^[0-9a-f]{40}$/.test(ref), 'unpinned-uses', uses],
    [uses !== '' && !known, 'unknown-action', uses],
    ...Object.keys(known ? inputs : {}).map(
      (name) => [!known?.inputs.includes(name), 'unknown-input', `${action}: ${name}`] as const,
    ),
    [
      action === 'actions/checkout' && inputs['persist-credentials'] !== false,
      'artipacked',
      'the token stays in .git',
    ],
    [cachesPackages(action, inputs), 'cache-poisoning', 'a cache that other runs write'],
    [run.includes('${{'), 'template-injection', run.trim()],
    [PACKAGES.test(run) || PIPED.test(run), 'adhoc-packages', run.trim()],
    [isBare && isPrivileged(job), 'adhoc-packages', 'npm ci runs scripts beside secrets or rights'],
    [/>>\s*"?\$\{?GITHUB_(?:ENV|PATH)\b/.test(run), 'github-env', run.trim()],
    [/::(?:set-output|set-env|add-path)\b/.test(run), 'insecure-commands', run.trim()],
  ]);
}

function cachesPackages(action: string, inputs: Readonly<Record<string, unknown>>): boolean {
  if (action.startsWith('actions/cache')) return true;
  return action === 'actions/setup-node' && inputs['package-manager-cache'] !== false;
}
