import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startedVariables } from '../run-command.ts';
import type { WorkflowJob, WorkflowStep } from '../workflows/workflow-file.ts';
import { ACTIONS } from './actions.ts';
import { type Contexts, isTrue, resolveTexts, resolveValue, type Status } from './expressions.ts';
import { runShell, type ShellStep } from './run-step.ts';
import type { Setting } from './run-workflow.ts';

/** One job of a workflow, for one row of its matrix. */

export interface StepResult {
  readonly name: string;
  readonly outcome: 'success' | 'failure' | 'cancelled' | 'skipped';
  readonly output: string;
  readonly summary: string;
}

export interface JobInstance {
  readonly name: string;
  readonly result: 'success' | 'failure' | 'cancelled';
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepResult[];
  readonly workspace: string;
}

/** The conditions of the steps, as GitHub's parser wraps them: `success() && (…)`. */
export type Conditions = readonly string[];

interface JobState {
  readonly steps: Record<string, object>;
  readonly variables: Record<string, string>;
  readonly results: StepResult[];
  readonly endings: (() => void)[];
  isFailed: boolean;
}

export async function runJob(
  setting: Setting,
  id: string,
  job: WorkflowJob,
  conditions: Conditions,
  contexts: Contexts,
): Promise<JobInstance> {
  const workspace = join(setting.folder, `job-${id}-${setting.count()}`);
  mkdirSync(workspace, { recursive: true });
  const state: JobState = { steps: {}, variables: {}, results: [], endings: [], isFailed: false };
  // Secrets and variables are those of an environment: a job without one sees none.
  const own = job.environment ? {} : { secrets: {}, vars: {} };
  const services = Object.fromEntries(
    Object.keys(job.services ?? {}).map((name) => [name, { ports: setting.ports }]),
  );
  const all = { ...contexts, ...own, job: { services } };
  for (const [index, step] of (job.steps ?? []).entries()) {
    await runStep(setting, workspace, step, conditions[index] ?? 'success()', all, state);
  }
  for (const end of state.endings) end();
  const status = statusOf(setting, state);
  return {
    name: String(resolveValue(job.name ?? id, all, status)),
    result: resultOf(status),
    outputs: resolveTexts(job.outputs, { ...all, steps: state.steps }, status),
    steps: state.results,
    workspace,
  };
}

const statusOf = ({ cancelling }: Setting, { isFailed }: JobState): Status => ({
  isFailed,
  isCancelled: cancelling?.isCancelled ?? false,
});

const resultOf = ({ isFailed, isCancelled }: Status) => {
  if (isCancelled) return 'cancelled';
  return isFailed ? 'failure' : 'success';
};

async function runStep(
  setting: Setting,
  workspace: string,
  step: WorkflowStep,
  condition: string,
  jobContexts: Contexts,
  state: JobState,
): Promise<void> {
  const status = statusOf(setting, state);
  const before = { ...jobContexts, steps: state.steps, env: state.variables };
  const name = String(resolveValue(step.name ?? step.uses ?? step.run ?? '', before, status));
  const note = (outcome: StepResult['outcome'], shell: Partial<ShellStep> = {}) => {
    const { output = '', summary = '', outputs = {} } = shell;
    const isForgiven = outcome === 'failure' && step['continue-on-error'] === true;
    if (outcome === 'failure' && !isForgiven) state.isFailed = true;
    if (step.id) {
      const conclusion = isForgiven ? 'success' : outcome;
      state.steps[step.id] = { outputs, outcome, conclusion };
    }
    state.results.push({ name, outcome, output, summary });
  };
  if (!isTrue(condition, before, status)) return note('skipped');
  const variables = resolveTexts(step.env, before, status);
  const contexts = { ...before, env: { ...state.variables, ...variables } };
  if (step.uses) {
    const [outcome, shell] = useAction(setting, workspace, step, contexts, status, state);
    return note(outcome, shell);
  }
  const env = { ...runnerVariables(setting, workspace), ...state.variables, ...variables };
  const script = String(resolveValue(step.run ?? '', contexts, status));
  const stop = setting.cancelling?.step === name ? setting.cancelling : undefined;
  const shell = await runShell(script, { cwd: workspace, temp: setting.folder, env, stop });
  Object.assign(state.variables, shell.variables);
  if (stop) return note('cancelled', shell);
  note(shell.code === 0 ? 'success' : 'failure', shell);
}

function useAction(
  setting: Setting,
  workspace: string,
  step: WorkflowStep,
  contexts: Contexts,
  status: Status,
  state: JobState,
): [StepResult['outcome'], Partial<ShellStep>] {
  const [action = ''] = step.uses?.split('@') ?? [];
  const run = ACTIONS[action];
  if (!run) throw new Error(`nothing stands in for ${action}`);
  const outputs: Record<string, string> = {};
  try {
    run({
      inputs: resolveTexts(step.with, contexts, status),
      workspace,
      runId: setting.run.id,
      copy: setting.copy,
      artifacts: setting.artifacts,
      files: setting.files,
      idTokenUrl: setting.variables.ACTIONS_ID_TOKEN_REQUEST_URL ?? '',
      deploy: setting.deploy,
      setOutput: (name, value) => {
        outputs[name] = value;
      },
      setVariable: (name, value) => {
        state.variables[name] = value;
      },
      atEnd: (work) => state.endings.push(work),
    });
    return ['success', { outputs }];
  } catch (error) {
    return ['failure', { output: String(error), outputs }];
  }
}

/** The variables that the runner itself sets. */
function runnerVariables(setting: Setting, workspace: string): Record<string, string> {
  const { github, folder } = setting;
  const eventPath = join(folder, 'event.json');
  const started = startedVariables();
  writeFileSync(eventPath, JSON.stringify(github.event));
  return {
    PATH: `${setting.bin}:${process.env.PATH}`,
    HOME: folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: github.event_name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_REPOSITORY: github.repository,
    GITHUB_REF_NAME: github.ref_name,
    GITHUB_SHA: github.sha,
    GITHUB_RUN_ID: github.run_id,
    GITHUB_RUN_NUMBER: github.run_number,
    GITHUB_RUN_ATTEMPT: github.run_attempt,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: setting.apiUrl,
    GITHUB_GRAPHQL_URL: `${setting.apiUrl}/graphql`,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: folder,
    ...started,
    NODE_OPTIONS: `${started.NODE_OPTIONS} --import ${new URL('local-hosts.ts', import.meta.url).href}`,
    LOCAL_HOSTS: JSON.stringify(setting.hosts),
    ...setting.variables,
  };
}
