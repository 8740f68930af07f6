import { summary } from '@actions/core';
import { table } from '../util/markdown.ts';
import { print } from '../util/printable.ts';
import { readPages } from './pages.ts';
import { openRepository, type RepositoryApi, statusOf, WORKFLOW_LOGIN } from './repository-api.ts';

/** A switch of a copy: its state, and what it means or what to do, in one sentence. */
export interface Switch {
  readonly name: string;
  readonly state: 'ok' | 'to do' | 'off' | 'unknown';
  readonly sentence: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** `actions:setup-check`: a table of every switch in the summary of the run. It is never red. */
export async function checkSetup(variables: Variables = process.env): Promise<void> {
  // Read
  const api = openRepository(variables);
  const switches = [
    ...(await asked('Issues and branch', () => repositorySwitches(api, variables))),
    ...(await asked('Pages', () => pagesSwitch(api))),
    ...(await asked('Workflows', () => workflowSwitches(api))),
    ...(await asked('Right to read artifacts', () => artifactSwitch(api))),
    ...(await asked('Pull requests of forms', () => pullRequestSwitch(api))),
    ...secretSwitches(variables),
  ];
  // Write
  for (const { name, state, sentence } of switches)
    print(`${state.padEnd(7)} ${name}: ${sentence}`);
  const rows = switches.map(({ name, state, sentence }) => [name, state, sentence]);
  await summary
    .addRaw(`## Set-up check\n\n${table(['Switch', 'State', 'What it means'], rows)}\n\n`)
    .write();
}

/** What GitHub refuses to answer is shown as that, and the rest of the table is there all the same. */
async function asked(name: string, ask: () => Promise<Switch[]>): Promise<Switch[]> {
  try {
    return await ask();
  } catch (error) {
    const status = statusOf(error);
    const sentence =
      status === 403
        ? 'The token of the workflow may not read this: an organisation may limit its rights.'
        : `GitHub did not answer (${status ?? 'no connection'}): run the check again.`;
    return [{ name, state: 'unknown', sentence }];
  }
}

async function repositorySwitches(api: RepositoryApi, variables: Variables): Promise<Switch[]> {
  const { octokit, owner, repo, url } = api;
  const { data } = await octokit.rest.repos.get({ owner, repo });
  const issues: Switch = data.has_issues
    ? { name: 'Issues', state: 'ok', sentence: 'A failed run opens an issue.' }
    : {
        name: 'Issues',
        state: 'to do',
        sentence: `No issue can be opened: switch Issues on at ${url}/settings → Features.`,
      };
  const isDefault = variables.GITHUB_REF_NAME === data.default_branch;
  const branch: Switch = {
    name: 'Default branch',
    state: isDefault ? 'ok' : 'to do',
    sentence: isDefault
      ? `Schedules run from ${data.default_branch}.`
      : `Schedules run from ${data.default_branch} alone: run this check there.`,
  };
  return [issues, branch, visibility(data)];
}

function visibility({ private: isPrivate }: { readonly private: boolean }): Switch {
  return isPrivate
    ? {
        name: 'Visibility',
        state: 'unknown',
        sentence: 'Pages of a private repository needs a paid plan, and the site is public.',
      }
    : { name: 'Visibility', state: 'ok', sentence: 'Public: minutes and Pages cost nothing.' };
}

async function pagesSwitch(api: RepositoryApi): Promise<Switch[]> {
  const pages = await readPages(api);
  const source = `${api.url}/settings/pages → Source: GitHub Actions`;
  const sentences = {
    on: 'The site is deployed after each run.',
    off: `Switch Pages on at ${source}.`,
    branch: `Pages is built from a branch: change it at ${source}.`,
    refused: `The token may not read this: see ${source}.`,
  };
  const state = pages.state === 'on' ? 'ok' : pages.state === 'refused' ? 'unknown' : 'to do';
  return [{ name: 'Pages', state, sentence: sentences[pages.state] }];
}

/** What each state of a workflow means; the address follows where there is something to do. */
const WORKFLOW_STATES: Readonly<Record<string, string>> = {
  disabled_fork: 'It is off because this is a fork: enable it at',
  disabled_inactivity: 'GitHub switched it off after 60 days without a commit: enable it at',
  disabled_manually: 'A person switched it off: enable it at',
};

/** Those that have a schedule or an event of their own. */
const WORKFLOWS = [
  'pipeline.yml',
  'run-report.yml',
  'maintenance.yml',
  'config-preview.yml',
  'config-comment.yml',
  'config-form.yml',
] as const;

async function workflowSwitches(api: RepositoryApi): Promise<Switch[]> {
  const { octokit, owner, repo, url } = api;
  const { data } = await octokit.rest.actions.listRepoWorkflows({ owner, repo, per_page: 100 });
  return WORKFLOWS.map((file) => {
    const name = `Workflow ${file}`;
    const found = data.workflows.find(({ path }) => path === `.github/workflows/${file}`);
    if (found?.state === 'active') return { name, state: 'ok', sentence: 'It is enabled.' };
    const why = WORKFLOW_STATES[found?.state ?? ''] ?? 'GitHub does not know it: see';
    return { name, state: 'to do', sentence: `${why} ${url}/actions/workflows/${file}.` };
  });
}

async function artifactSwitch({ octokit, owner, repo }: RepositoryApi): Promise<Switch[]> {
  const { data } = await octokit.rest.actions.listArtifactsForRepo({
    owner,
    repo,
    name: 'database',
    per_page: 1,
  });
  const sentence =
    data.total_count > 0
      ? 'The embedded database of an earlier run is there.'
      : 'No embedded database was kept yet: the first run makes one.';
  return [{ name: 'Kept database', state: 'ok', sentence }];
}

/** GitHub tells the switch to no workflow; but whether one has opened pull requests can be seen. */
async function pullRequestSwitch({ octokit, owner, repo, url }: RepositoryApi): Promise<Switch[]> {
  const { data } = await octokit.rest.pulls.list({ owner, repo, state: 'all', per_page: 100 });
  const hasOpened = data.some(({ user }) => user?.login === WORKFLOW_LOGIN);
  const sentence = hasOpened
    ? 'A workflow has opened a pull request here.'
    : `Forms need it, and none was opened yet: see ${url}/settings/actions → Workflow permissions → Allow GitHub Actions to create and approve pull requests.`;
  return [{ name: 'Pull requests of forms', state: hasOpened ? 'ok' : 'unknown', sentence }];
}

/** What is optional, and what it is for. The workflow gives `true` or `false`, never the secret. */
const OPTIONAL = [
  ['DATABASE_URL', 'secret', 'a PostgreSQL server; else the database is embedded'],
  ['LEADERBOARD_TOKEN', 'secret', 'repositories that the token of the workflow may not read'],
  ['BACKUP_KEY', 'secret', 'an encrypted backup each week'],
  ['WEBHOOK_URL', 'secret', 'messages to a chat'],
  ['METRICS_PUSH_URL', 'secret', 'metrics in a push gateway'],
  ['GOOGLE_WORKLOAD_IDENTITY_PROVIDER', 'variable', 'the source bigquery'],
  ['GOOGLE_SERVICE_ACCOUNT', 'variable', 'the source bigquery'],
  ['GOOGLE_CLOUD_PROJECT', 'variable', 'the source bigquery'],
] as const;

function secretSwitches(variables: Variables): Switch[] {
  return OPTIONAL.map(([name, kind, use]) => {
    const isSet = variables[`HAS_${name}`] === 'true';
    const label = `${kind === 'secret' ? 'Secret' : 'Variable'} ${name}`;
    return isSet
      ? { name: label, state: 'ok', sentence: `It is set, for ${use}.` }
      : { name: label, state: 'off', sentence: `It is not set. It is for ${use}.` };
  });
}
