// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is an expression of a workflow.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createServerDatabase } from '../support/databases.ts';
import {
  NO_PIPELINE,
  NO_SITE,
  outputOf,
  readDeployed,
  resultsOf,
  stepsOf,
  summaryOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';

/** `pipeline.yml`, executed. */

describe('a copy without a secret', () => {
  const project = useCopy();
  const { copy, run } = project;

  it('publishes in its first night', async () => {
    const night = await run('pipeline.yml', {
      event: {
        name: 'workflow_dispatch',
        payload: { inputs: { job_type: 'automatic', from: '' } },
      },
    });
    expect(resultsOf(night), outputOf(night)).toEqual({
      plan: 'success',
      scrape: 'skipped',
      publish: 'success',
      build: 'success',
      deploy: 'success',
    });
    expect(outputOf(night)).toContain('starting again from GitHub');
    expect(summaryOf(night)).toContain('Nothing was kept by an earlier run: reads for 6 minutes');
    const home = readFileSync(join(night.deployed ?? '', 'index.html'), 'utf8');
    // The address in config/site.yaml is still that of the example.
    expect(home).toContain('href="/leaderboard/');
    const board = readDeployed(night, 'api/v1/leaderboard/global.json');
    expect(board.entries.length).toBeGreaterThan(3);
    expect(copy.artifacts.map(({ name }) => name).toSorted()).toEqual([
      'database',
      'documents',
      'github-pages',
      'run-record',
    ]);
    expect(project.github.violations).toEqual([]);
  });

  it('goes on from there in the next', async () => {
    const before = project.github.graphql.total;
    const night = await run('pipeline.yml', { commands: NO_SITE });
    expect(resultsOf(night)).toMatchObject({ publish: 'success', deploy: 'success' });
    expect(outputOf(night)).not.toContain('starting again');
    expect(night.jobs.plan?.outputs.pipeline_args).toBe('--time-limit\n40');
    expect(project.github.graphql.total - before).toBeLessThan(10);
    const [document] = readDeployedRuns(night);
    expect(document?.id).toBe(2);
  });

  it('calculates and publishes without reading, when that is asked for', async () => {
    const before = project.github.requests.length;
    const night = await run('pipeline.yml', {
      event: { name: 'workflow_dispatch', payload: { inputs: { skip_scraping: 'true' } } },
      commands: NO_SITE,
    });
    expect(stepsOf(night, 'publish')).toMatchObject({ Calculate: 'success', Report: 'success' });
    expect(stepsOf(night, 'publish')).not.toHaveProperty('Read, calculate and report');
    expect(resultsOf(night)).toMatchObject({ deploy: 'success' });
    const asked = project.github.requests.slice(before).map(({ name }) => name);
    expect(asked.filter((name) => !name.startsWith('/repos/guild/leaderboard'))).toEqual([]);
  });

  it('does nothing in a dry run', async () => {
    const before = copy.artifacts.length;
    const night = await run('pipeline.yml', {
      event: {
        name: 'repository_dispatch',
        payload: { action: 'update-leaderboard', client_payload: { dry_run: true } },
      },
    });
    expect(resultsOf(night)).toEqual({
      plan: 'success',
      scrape: 'skipped',
      publish: 'skipped',
      build: 'skipped',
      deploy: 'skipped',
    });
    expect(stepsOf(night, 'plan')).toHaveProperty('Dry run');
    expect(copy.artifacts).toHaveLength(before);
  });

  it('publishes what there is when a job fails, keeps what was stored, and ends red', async () => {
    const night = await run('pipeline.yml', {
      commands: { ...NO_PIPELINE, pipeline: `${NO_PIPELINE.pipeline}; exit 1` },
    });
    expect(night.conclusion).toBe('failure');
    expect(resultsOf(night)).toMatchObject({
      publish: 'failure',
      build: 'success',
      deploy: 'success',
    });
    expect(stepsOf(night, 'publish')).toMatchObject({ 'Keep the embedded database': 'success' });
  });

  it('keeps what was stored when it stops before the documents, and deploys nothing', async () => {
    const before = copy.artifacts.filter(({ name }) => name === 'database').length;
    const night = await run('pipeline.yml', { commands: { pipeline: 'exit 1' } });
    expect(resultsOf(night)).toMatchObject({
      publish: 'failure',
      build: 'skipped',
      deploy: 'skipped',
    });
    expect(copy.artifacts.filter(({ name }) => name === 'database')).toHaveLength(before + 1);
  });

  it('keeps nothing when the kept database can not be read', async () => {
    const before = copy.artifacts.length;
    const night = await run('pipeline.yml', { commands: { 'actions:state': 'exit 1' } });
    expect(stepsOf(night, 'publish')).not.toHaveProperty('Pack the embedded database');
    expect(copy.artifacts).toHaveLength(before);
  });
});

const readDeployedRuns = (night: Parameters<typeof readDeployed>[0]) =>
  readDeployed(night, 'api/v1/dashboard/stats.json').runs as { id: number }[];

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
    const board = readDeployed(night, 'api/v1/leaderboard/global.json');
    expect(board.entries.length).toBeGreaterThan(3);
    expect(outputOf(night)).not.toContain(server.url);
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
  });
});

describe('inputs from outside', () => {
  const project = useCopy();
  const dispatch = (client_payload: unknown, action = 'update-leaderboard') =>
    project.run('pipeline.yml', {
      event: { name: 'repository_dispatch', payload: { action, client_payload } },
    });
  const form = (inputs: Record<string, string>) =>
    project.run('pipeline.yml', { event: { name: 'workflow_dispatch', payload: { inputs } } });

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

  it.each(HOSTILE)('are refused in one sentence: %j', async (text) => {
    const nights = await Promise.all([
      dispatch({ repositories: [text] }),
      form({ repositories: text }),
      form({ from: text }),
    ]);
    for (const night of nights) {
      expect(resultsOf(night)).toMatchObject({ plan: 'failure', publish: 'skipped' });
      const lines = outputOf(night).split('\n');
      expect(lines.filter((line) => line.startsWith('The input'))).toHaveLength(1);
      // The only command is the annotation of the sentence itself.
      expect(outputOf(night)).not.toMatch(/^::(?:error(?!::The input )|set-output)/m);
    }
    expect(existsSync('/tmp/flows-was-here')).toBe(false);
  });

  it('are refused for another type of event', async () => {
    const night = await dispatch({}, 'other');
    expect(outputOf(night)).toContain('The event_type is "other": expected update-leaderboard.');
  });

  it('leave no file of another name behind', async () => {
    const night = await dispatch({ sources: ['x'] });
    const [instance] = night.jobs.plan?.instances ?? [];
    expect(readdirSync(instance?.workspace ?? '')).toEqual(['config']);
  });
});
