// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is an expression of a workflow.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unzipFile } from '../../pipeline/actions/unzip.ts';
import type { Copy } from '../support/github/copy.ts';
import { startReceiver } from '../support/receiver.ts';
import {
  FILES,
  form,
  NO_PIPELINE,
  NO_READING,
  NO_SITE,
  outputOf,
  readDeployed,
  resultsOf,
  runsOf,
  stepsOf,
  summaryOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';
import { zip } from '../support/zip.ts';

/** `pipeline.yml`, executed. */

/** The newest database that was kept. */
const keptIn = ({ artifacts }: Copy) => artifacts.findLast(({ name }) => name === 'database');

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

/** Where a list should be. */
const NO_LIST = { type: 'answer', status: 200, body: { message: 'no list' } } as const;

/** The entries of the board that the first night of a copy publishes, with the embedded database. */
const first: { board?: object } = {};

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
