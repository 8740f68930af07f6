// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is an expression of a workflow.
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { apiErrors } from '../support/bigquery/api-error.ts';
import { archiveTables } from '../support/bigquery/archive-tables.ts';
import { useLocalBigQuery } from '../support/bigquery/harness.ts';
import type { RecordedRequest } from '../support/bigquery/server.ts';
import { createServerDatabase } from '../support/databases.ts';
import type { RawEvent } from '../support/read-events.ts';
import {
  form,
  NO_SITE,
  outputOf,
  readDeployed,
  recordsIn,
  resultsOf,
  runsOf,
  stepsOf,
  summaryOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';

/** `pipeline.yml`, executed with a server, with BigQuery, and with hostile inputs. */

describe.skipIf(inject('postgresUrl') === null)('a copy with a server', () => {
  const project = useCopy();
  const { run } = project;
  const server: { url?: string } = {};
  const secrets = async () => {
    server.url ??= await createServerDatabase();
    return { DATABASE_URL: server.url };
  };

  const embedded = useCopy();

  it('reads with workers, and publishes what a copy without a server does', async () => {
    const other = await embedded.run('pipeline.yml', { commands: NO_SITE });
    const night = await run('pipeline.yml', { secrets: await secrets(), commands: NO_SITE });
    expect(resultsOf(night), outputOf(night)).toEqual({
      plan: 'success',
      scrape: 'success',
      publish: 'success',
      build: 'success',
      deploy: 'success',
    });
    expect(night.jobs.plan?.outputs).toMatchObject({ database: 'server', workers: '[1]' });
    expect(stepsOf(night, 'publish')).not.toHaveProperty('Keep the embedded database');
    const { entries } = readDeployed(night, 'api/v1/leaderboard/global.json');
    expect(entries).toHaveLength(7);
    expect(entries).toEqual(readDeployed(other, 'api/v1/leaderboard/global.json').entries);
    // The jobs of the workflow are one run, with all that follows the reading.
    expect(runsOf(night)).toMatchObject([{ id: 1, status: 'COMPLETED' }]);
    for (const stage of ['missing numbers looked up', 'contributors looked up']) {
      expect(outputOf(night)).toContain(stage);
    }
    expect(outputOf(night)).not.toContain(server.url);
    expect(recordsIn(project.copy)).toEqual(['run-record-1-publish', 'run-record-1-scrape-1']);
  });

  it('publishes the rest when a worker fails, and ends red', async () => {
    const night = await run('pipeline.yml', {
      secrets: await secrets(),
      commands: {
        ...NO_SITE,
        'actions:workers': `echo 'workers=[1,2]' >> "$GITHUB_OUTPUT"`,
        scrape: 'if mkdir "$RUNNER_TEMP/first" 2>/dev/null; then exit 1; fi; exec $CLI scrape',
      },
    });
    expect(night.conclusion).toBe('failure');
    expect(resultsOf(night)).toMatchObject({
      scrape: 'failure',
      publish: 'success',
      deploy: 'success',
    });
    const workers = night.jobs.scrape?.instances ?? [];
    expect(workers.map(({ result }) => result).toSorted()).toEqual(['failure', 'success']);
  });

  it('ends at once when the preflight fails, and says why', async () => {
    const night = await run('pipeline.yml', {
      secrets: { DATABASE_URL: 'postgres://somebody:a-secret-word@127.0.0.1:9/nothing' },
    });
    expect(resultsOf(night)).toEqual({
      plan: 'failure',
      scrape: 'skipped',
      publish: 'skipped',
      build: 'skipped',
      deploy: 'skipped',
    });
    expect(outputOf(night)).toContain('DATABASE_URL: no PostgreSQL lets us in');
    expect(outputOf(night)).not.toContain('a-secret-word');
    expect(recordsIn(project.copy)).toContain('run-record-1-plan');
    const report = await project.report(night);
    expect(resultsOf(report), outputOf(report)).toMatchObject({ issue: 'success' });
    const [issue] = project.copy.issues;
    expect(issue?.body).toContain('- Stage: preflight\n- Repositories: none named');
    expect(issue?.body).not.toContain('a-secret-word');
  });
});

/** One issue of the first of February and of March 2025 each, as GH Archive has it. */
const ARCHIVED: RawEvent[] = [2, 3].map((month) => ({
  id: String(month),
  type: 'IssuesEvent',
  created_at: `2025-0${month}-01T12:00:00Z`,
  actor: { id: 7, login: 'ada' },
  repo: { id: 70, name: 'guild/engine' },
  payload: {
    action: 'opened',
    issue: { number: 9000 + month, user: { id: 7, login: 'ada', type: 'User' } },
  },
}));

describe('a copy with BigQuery, by Workload Identity Federation', () => {
  const bigquery = useLocalBigQuery();
  const { copy, run } = useCopy();
  const provider = 'projects/1/locations/global/workloadIdentityPools/github/providers/copy';
  const night = (from: string, to: string, budget: string, secrets = {}) =>
    run('pipeline.yml', {
      ...form({ from, to }),
      secrets,
      vars: {
        GOOGLE_WORKLOAD_IDENTITY_PROVIDER: provider,
        GOOGLE_CLOUD_PROJECT: 'project-of-guild',
      },
      variables: { ACTIONS_ID_TOKEN_REQUEST_URL: `${bigquery.local.url}/id-token` },
      hosts: {
        'https://bigquery.googleapis.com': bigquery.local.url,
        'https://sts.googleapis.com': bigquery.local.url,
      },
      files: {
        'config/repos.yaml': 'repositories:\n  - guild/engine\n',
        'config/pipeline.yaml': 'sources: [github, bigquery]\n',
        'config/budget.yaml': budget,
      },
      commands: NO_SITE,
    });

  it('reads the archive with the token of the job, and leaves no credentials behind', async () => {
    for (const [name, table] of archiveTables(ARCHIVED)) bigquery.local.tables.set(name, table);
    bigquery.local.bytesScale = 1e6;
    const first = await night('2025-02-01', '2025-03-01', 'daily_limit_usd: 5\n');
    expect(first.conclusion, outputOf(first)).toBe('success');
    expect(bigquery.local.jobs.all.length).toBeGreaterThan(0);
    const costs = readDeployed(first, 'api/v1/dashboard/costs.json');
    expect(costs.daily.spent_usd).toBeGreaterThan(0);
    for (const { workspace } of first.jobs.publish?.instances ?? []) {
      expect(readdirSync(workspace).filter((name) => name.startsWith('gha-creds'))).toEqual([]);
    }
    const texts = [outputOf(first), ...copy.artifacts.map(({ zip: bytes }) => bytes.toString())];
    for (const text of texts) expect(text).not.toMatch(/gha-creds|local-(access|subject)-token/);
  });

  it.runIf(inject('postgresUrl'))(
    'reads GitHub and publishes when BigQuery can not say what it costs, and ends red',
    async () => {
      for (const [name, table] of archiveTables(ARCHIVED)) bigquery.local.tables.set(name, table);
      const error = apiErrors.accessDenied('project-of-guild');
      const isEstimate = ({ body }: RecordedRequest) => JSON.stringify(body)?.includes("'0250401'");
      bigquery.local.faults.push({
        when: (request) => isEstimate(request) === true,
        times: 9,
        error,
      });
      const secrets = { DATABASE_URL: await createServerDatabase() };
      const red = await night('2025-04-01', '2025-05-01', 'daily_limit_usd: 5\n', secrets);
      bigquery.local.faults.length = 0;
      expect(red.conclusion, outputOf(red)).toBe('failure');
      expect(resultsOf(red), outputOf(red)).toEqual({
        plan: 'success',
        scrape: 'success',
        publish: 'failure',
        build: 'success',
        deploy: 'success',
      });
      const { jobs } = readDeployed(red, 'api/v1/jobs.json');
      expect(jobs.map(({ source, status }: Record<string, string>) => [source, status])).toEqual([
        ['bigquery', 'FAILED'],
        ['github', 'COMPLETED'],
      ]);
      const { errors } = readDeployed(red, 'api/v1/dashboard/errors.json');
      expect(errors[0].message).toMatch(/^its jobs could not be planned: .*Access Denied/);
      // The people of April alone.
      expect(readDeployed(red, 'api/v1/leaderboard/global.json').entries).toHaveLength(4);
    },
  );

  it('reads only what is free when the budget is used up, says so, and is not red', async () => {
    const before = bigquery.local.jobs.all.length;
    const second = await night('2025-03-01', '2025-04-01', 'daily_limit_usd: 0.000001\n');
    expect(second.conclusion, outputOf(second)).toBe('success');
    expect(bigquery.local.jobs.all).toHaveLength(before);
    expect(summaryOf(second)).toContain('The BigQuery budget of today is nearly used');
    expect(stepsOf(second, 'publish')).toMatchObject({ Pipeline: 'success' });
  });
});

describe('inputs from outside', () => {
  const project = useCopy();
  const dispatch = (client_payload: unknown, action = 'update-leaderboard') =>
    project.run('pipeline.yml', {
      event: { name: 'repository_dispatch', payload: { action, client_payload } },
    });

  const HOSTILE = [
    '$(touch /tmp/flows-was-here)',
    '`touch /tmp/flows-was-here`',
    'a/b; touch /tmp/flows-was-here',
    'a/b\n::set-output name=mode::all',
    "a/b' && touch /tmp/flows-was-here '",
    '--config=/etc',
    '../../etc/passwd',
    '${{ secrets.DATABASE_URL }}',
    '::error::owned',
  ];
  const WAYS = {
    'a payload': (text: string) => dispatch({ repositories: [text] }),
    'a form': (text: string) => project.run('pipeline.yml', form({ repositories: text })),
    'a date': (text: string) => project.run('pipeline.yml', form({ from: text })),
  };
  const names = Object.keys(WAYS) as (keyof typeof WAYS)[];

  // Each text comes by one of the ways: what each way refuses is tested beside its code.
  it.each(HOSTILE.map((text, index) => [text, names[index % names.length] ?? 'a form'] as const))(
    'are refused in one sentence: %j by %s',
    async (text, way) => {
      const night = await WAYS[way](text);
      expect(resultsOf(night)).toMatchObject({ plan: 'failure', publish: 'skipped' });
      const lines = outputOf(night).split('\n');
      expect(lines.filter((line) => line.startsWith('The input'))).toHaveLength(1);
      // The only command is the annotation of the sentence itself.
      expect(outputOf(night)).not.toMatch(/^::(?:error(?!::The input )|set-output)/m);
      expect(existsSync('/tmp/flows-was-here')).toBe(false);
    },
  );

  it('are refused for another type of event', async () => {
    const night = await dispatch({}, 'other');
    expect(outputOf(night)).toContain('The event_type is "other": expected update-leaderboard.');
    const [instance] = night.jobs.plan?.instances ?? [];
    expect(readdirSync(instance?.workspace ?? '')).toEqual(['config']);
  });
});
