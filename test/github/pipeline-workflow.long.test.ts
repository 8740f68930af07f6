// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is an expression of a workflow.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, inject, it } from 'vitest';
import { unzipFile } from '../../pipeline/actions/unzip.ts';
import { apiErrors } from '../support/bigquery/api-error.ts';
import { archiveTables } from '../support/bigquery/archive-tables.ts';
import { useLocalBigQuery } from '../support/bigquery/harness.ts';
import type { RecordedRequest } from '../support/bigquery/server.ts';
import { createServerDatabase } from '../support/databases.ts';
import type { Copy } from '../support/github/copy.ts';
import type { RawEvent } from '../support/read-events.ts';
import { startReceiver } from '../support/receiver.ts';
import {
  FILES,
  NO_PIPELINE,
  NO_READING,
  NO_SITE,
  outputOf,
  readDeployed,
  resultsOf,
  stepsOf,
  summaryOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';
import { zip } from '../support/zip.ts';

/** `pipeline.yml`, executed. */

/** The newest database that was kept. */
const keptIn = ({ artifacts }: Copy) => artifacts.findLast(({ name }) => name === 'database');

/** The records that the jobs of its runs left. */
const recordsIn = ({ artifacts }: Copy) =>
  [...new Set(artifacts.map(({ name }) => name))]
    .filter((name) => name.startsWith('run-record'))
    .toSorted();

/** The dump in it. */
async function dumpIn(copy: Copy): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-'));
  const file = join(folder, 'dump');
  writeFileSync(join(folder, 'zip'), keptIn(copy)?.zip ?? '');
  await unzipFile(join(folder, 'zip'), 'database.dump', file, 1e9);
  const dump = readFileSync(file);
  rmSync(folder, { recursive: true });
  return dump;
}

/** As if a run had kept it. */
function keep(copy: Copy, dump: Buffer): void {
  const id = 1 + Math.max(...copy.artifacts.map((artifact) => artifact.id));
  const archive = zip({ 'database.dump': dump });
  const made = { name: 'database', runId: id, branch: 'main', zip: archive };
  copy.artifacts.push({ ...made, id, createdAt: new Date().toISOString() });
}

const form = (inputs: Record<string, string>) => ({
  event: { name: 'workflow_dispatch', payload: { inputs } },
});

/** Where a list should be. */
const NO_LIST = { type: 'answer', status: 200, body: { message: 'no list' } } as const;

/** The entries of the board that the first night of a copy publishes, with the embedded database. */
const first: { board?: object } = {};

type Night = Parameters<typeof readDeployed>[0];

const runsOf = (night: Night) =>
  readDeployed(night, 'api/v1/dashboard/stats.json').runs as { id: number; status: string }[];

describe('a copy without a secret', () => {
  const project = useCopy();
  const { copy, run } = project;
  const asked = { points: 0, requests: 0 };
  const countAsked = () => {
    const ofSources = project.github.requests.filter(
      ({ name }) => !name.startsWith('/repos/guild/leaderboard'),
    );
    const before = { ...asked };
    asked.points = ofSources.reduce((sum, { points }) => sum + points, 0);
    asked.requests = ofSources.length;
    return { points: asked.points - before.points, requests: asked.requests - before.requests };
  };

  it('publishes in its first night', async () => {
    const night = await run('pipeline.yml', form({ job_type: 'automatic', from: '' }));
    expect(resultsOf(night), outputOf(night)).toEqual({
      plan: 'success',
      scrape: 'skipped',
      publish: 'success',
      build: 'success',
      deploy: 'success',
    });
    expect(outputOf(night)).toContain('No earlier run has kept one: this run reads everything');
    expect(summaryOf(night)).toContain('Nothing was kept by an earlier run: reads for 6 minutes');
    const home = readFileSync(join(night.deployed ?? '', 'index.html'), 'utf8');
    // The address in config/site.yaml is still that of the example.
    expect(home).toContain('href="/leaderboard/');
    first.board = readDeployed(night, 'api/v1/leaderboard/global.json').entries;
    expect(first.board).toHaveProperty('length', 7);
    expect(copy.artifacts.map(({ name }) => name).toSorted()).toEqual([
      'database',
      'documents',
      'github-pages',
      'run-record-1-publish',
    ]);
    expect(project.github.violations).toEqual([]);
    expect(countAsked().points).toBeGreaterThan(10);
  });

  it('asks for next to nothing in a night with nothing new, and publishes the same', async () => {
    const night = await run('pipeline.yml', { commands: NO_SITE });
    expect(resultsOf(night)).toMatchObject({ publish: 'success', deploy: 'success' });
    expect(outputOf(night)).toMatch(/Restored the database of .*: \d+ contributions/);
    expect(night.jobs.plan?.outputs.pipeline_args).toBe('--time-limit\n40');
    expect(readDeployed(night, 'api/v1/leaderboard/global.json').entries).toEqual(first.board);
    expect(runsOf(night).map(({ id }) => id)).toEqual([2, 1]);
    const { points, requests } = countAsked();
    expect(points).toBeLessThanOrEqual(10);
    expect(requests).toBeLessThanOrEqual(20);
  });

  it('calculates and publishes without reading, when that is asked for', async () => {
    const gateway = await startReceiver();
    const night = await run('pipeline.yml', {
      ...form({ skip_scraping: 'true' }),
      secrets: { METRICS_PUSH_URL: gateway.url },
      commands: NO_SITE,
    });
    await gateway.close();
    expect(gateway.bodies).toEqual([expect.stringMatching(/^leaderboard_run_success\b.* 1$/m)]);
    expect(resultsOf(night), outputOf(night)).toMatchObject({
      publish: 'success',
      deploy: 'success',
    });
    expect(night.jobs.plan?.outputs.pipeline_args).toBe('--skip-scraping\n--time-limit\n40');
    expect(outputOf(night)).not.toContain('jobs queued');
    expect(runsOf(night)[0]).toMatchObject({ id: 3, status: 'COMPLETED' });
    // One point asks, before the run, whether the repositories can be read.
    expect(countAsked()).toMatchObject({ points: 1 });
  });

  it('does nothing in a dry run', async () => {
    const before = copy.artifacts.length;
    const night = await run('pipeline.yml', {
      event: {
        name: 'repository_dispatch',
        payload: { action: 'update-leaderboard', client_payload: { dry_run: true } },
      },
    });
    expect(resultsOf(night), outputOf(night)).toEqual({
      plan: 'success',
      scrape: 'skipped',
      publish: 'skipped',
      build: 'skipped',
      deploy: 'skipped',
    });
    expect(stepsOf(night, 'plan')).toHaveProperty('Dry run');
    expect(copy.artifacts).toHaveLength(before);
  });

  it('publishes the rest when a repository can not be read, and ends red', async () => {
    project.github.setFault(({ name }) => (name.endsWith('/comments') ? NO_LIST : undefined));
    const files = { ...FILES, 'config/pipeline.yaml': 'retries:\n  delays_seconds: []\n' };
    const red = await run('pipeline.yml', {
      ...form({ job_type: 'full' }),
      files,
      commands: NO_SITE,
    });
    project.github.setFault(() => undefined);
    expect(red.conclusion, outputOf(red)).toBe('failure');
    expect(resultsOf(red)).toMatchObject({
      publish: 'failure',
      build: 'success',
      deploy: 'success',
    });
    expect(stepsOf(red, 'publish')).toMatchObject({ 'Keep the embedded database': 'success' });
  });

  it('goes on from a red night, past a kept database that is damaged and one that is newer', async () => {
    const dump = await dumpIn(copy);
    const newer = gunzipSync(dump)
      .toString()
      .replace(/"migration":"[^"]+"/, '"migration":"9999-future"');
    keep(copy, gzipSync(newer));
    keep(copy, dump.subarray(0, -40));
    const good = await run('pipeline.yml', { commands: NO_SITE });
    expect(good.conclusion, outputOf(good)).toBe('success');
    expect(outputOf(good).match(/An older one is tried/g)).toHaveLength(2);
    expect(outputOf(good)).toContain('newer version of this project');
    expect(runsOf(good).slice(0, 2)).toMatchObject([{ status: 'COMPLETED' }, { status: 'FAILED' }]);
    expect(readDeployed(good, 'api/v1/leaderboard/global.json').entries).toEqual(first.board);
  });

  it('stops in time when it is cancelled, and keeps what was stored', async () => {
    const before = keptIn(copy);
    const reading = Promise.withResolvers<void>();
    project.github.setFault(({ kind, index }) => {
      if (kind !== 'graphql' || index < 3) return undefined;
      reading.resolve();
      return { type: 'slow', milliseconds: 60_000 };
    });
    const cancelling = {
      step: 'Pipeline',
      when: reading.promise,
      isCancelled: false,
      tookMs: 0,
    };
    const night = await run('pipeline.yml', { ...form({ job_type: 'full' }), cancelling });
    project.github.setFault(() => undefined);
    expect(night.conclusion, outputOf(night)).toBe('cancelled');
    expect(outputOf(night)).toContain('Stopped by SIGTERM. What was finished is kept');
    expect(cancelling.tookMs).toBeLessThan(7_500);
    expect(stepsOf(night, 'publish')).toMatchObject({ 'Keep the embedded database': 'success' });
    expect(keptIn(copy)?.id).toBeGreaterThan(before?.id ?? 0);
    expect(resultsOf(night)).toMatchObject({ build: 'skipped', deploy: 'skipped' });
  });

  it('takes the ranks of the past from the site when the database is gone, and says so', async () => {
    for (const artifact of copy.artifacts) artifact.expired = true;
    const files = {
      'config/repos.yaml': 'repositories:\n  - guild/engine\n',
      'config/site.yaml': 'url: https://guild.github.io/leaderboard/\n',
    };
    const night = await run('pipeline.yml', { files, commands: NO_READING });
    expect(night.conclusion, outputOf(night)).toBe('success');
    expect(outputOf(night)).toContain('No earlier run has kept one: this run reads everything');
    expect(outputOf(night)).toMatch(/The published history of \d+ weeks? gave \d+ ranks? back/);
  });

  it('keeps what was stored when it stops before the documents, and deploys nothing', async () => {
    const before = keptIn(copy);
    const night = await run('pipeline.yml', { commands: { ...NO_PIPELINE, pipeline: 'exit 1' } });
    expect(resultsOf(night)).toMatchObject({
      publish: 'failure',
      build: 'skipped',
      deploy: 'skipped',
    });
    expect(keptIn(copy)?.id).toBeGreaterThan(before?.id ?? 0);
  });

  it('keeps nothing when the kept database can not be read', async () => {
    const before = copy.artifacts.length;
    const night = await run('pipeline.yml', { commands: { 'actions:state': 'exit 1' } });
    expect(stepsOf(night, 'publish')).not.toHaveProperty('Pack the embedded database');
    expect(copy.artifacts).toHaveLength(before);
  });
});

describe('a copy whose Pages is off', () => {
  const { copy, run } = useCopy({ pages: null });

  it('keeps the site as an artifact, says what to switch on, and is not red', async () => {
    const night = await run('pipeline.yml', { commands: NO_PIPELINE });
    expect(night.conclusion).toBe('success');
    expect(resultsOf(night)).toMatchObject({ build: 'success', deploy: 'skipped' });
    expect(summaryOf(night)).toContain('GitHub Pages is off: switch it on at');
    expect(copy.artifacts.map(({ name }) => name)).toContain('github-pages');
  });
});

describe.skipIf(inject('postgresUrl') === null)('a copy with a server', () => {
  const project = useCopy();
  const { run } = project;
  const server: { url?: string } = {};
  const secrets = async () => {
    server.url ??= await createServerDatabase();
    return { DATABASE_URL: server.url };
  };

  it('reads with workers, and publishes', async () => {
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
    if (first.board) expect(entries).toEqual(first.board);
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
