import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { runSchema } from '../../pipeline/published/documents.ts';
import { archiveEvent, push } from '../support/archive-events.ts';
import { writeHourFiles } from '../support/pipeline.ts';
import { runCommand, startCommand } from '../support/run-command.ts';

/** What commands leave behind in GitHub Actions, however they end. */

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-recorded-'));
  mkdirSync(join(folder, 'hours'));
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'repos.yaml'), 'repositories: [acme/tool]\n');
  writeFileSync(join(folder, 'config', 'pipeline.yaml'), 'sources: [gharchive]\n');
  writeHourFiles(join(folder, 'hours'), [
    archiveEvent({ created_at: '2026-01-01T00:30:00Z', ...push('refs/heads/main', []) }),
  ]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (more: Record<string, string> = {}) => ({
  GHARCHIVE_URL: pathToFileURL(`${join(folder, 'hours')}/`).href,
  GITHUB_ACTIONS: 'true',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  ...more,
});
const WINDOW = ['--from', '2026-01-01T00:00:00Z', '--to', '2026-01-01T01:00:00Z'];
const CLOCK = ['--now', '2026-01-01T01:00:00Z'];

const run = (name: string, args: readonly string[] = [], more: Record<string, string> = {}) =>
  runCommand(name, args, { cwd: folder, env: environment(more) });
const readRecord = () => JSON.parse(readFileSync(join(folder, '.data/run.json'), 'utf8'));
const readSummary = () => readFileSync(join(folder, 'summary.md'), 'utf8');
const readRun = (id: number) =>
  runSchema.parse(
    JSON.parse(readFileSync(join(folder, `site/data/api/v1/runs/${id}.json`), 'utf8')),
  );

it('all stages: the record, the summary and the document of the run', async () => {
  const { code, output } = await run('pipeline', [...CLOCK, ...WINDOW]);
  expect([code, output]).toEqual([0, expect.stringContaining('::group::calculate\n')]);
  expect(output).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: calculate: done in \d+\.\d s\s*$/m);
  expect(readRecord()).toMatchObject({
    run_id: 1,
    status: 'COMPLETED',
    failed_stage: null,
    repositories: [{ full_name: 'acme/tool', status: 'COMPLETED' }],
    counts: { jobs_completed: 1, jobs_failed: 0 },
    excerpt: '',
  });
  const stages = ['discovery', 'scrape', 'missing-numbers', 'calculate', 'enrich'];
  const document = readRun(1);
  expect(document.stages.map(({ stage }) => stage)).toEqual(['preflight', ...stages]);
  expect(document.log.map(({ message }) => message)).toContain('job completed');
  const job = document.log.find(({ message }) => message === 'job started');
  expect(job).toMatchObject({ stage: 'scrape', job_id: 1 });
  expect(JSON.parse(job?.fields ?? '')).toMatchObject({ repository: 'acme/tool' });
  expect(readSummary()).toMatch(/## Run 1: completed[\s\S]*### Stages[\s\S]*\| acme\/tool \|/);
});

it('one stage after the other: together they are one run', async () => {
  for (const [name, args] of [
    ['preflight', []],
    ['discovery', WINDOW],
    ['scrape', []],
    ['calculate', []],
    ['report', []],
  ] as const) {
    const { code, output } = await run(name, [...CLOCK, ...args]);
    expect([name, code, output]).toEqual([name, 0, expect.any(String)]);
  }
  const commands = ['preflight', 'discovery', 'scrape', 'calculate', 'report'];
  expect(readRecord()).toMatchObject({ run_id: 1, status: 'COMPLETED', commands });
  const { status, stages, counts, repositories } = readRun(1);
  expect({ status, counts, repositories }).toMatchObject({
    status: 'COMPLETED',
    counts: { jobs_completed: 1, jobs_failed: 0, stages_failed: 0 },
    repositories: [{ full_name: 'acme/tool', status: 'COMPLETED' }],
  });
  expect(stages.map(({ stage }) => stage)).toEqual(commands.slice(0, -1));
  const db = await openDatabase(join(folder, '.data/live'));
  const runs = await db.selectFrom('pipeline_runs').select(['id', 'external_id']).execute();
  await db.destroy();
  expect(runs).toEqual([{ id: 1, external_id: 'github:77' }]);
});

it('preflight that fails: the stage, the reason and what to do', async () => {
  const { code, output } = await run('pipeline', ['--source', 'github']);
  expect([code, output]).toEqual([1, expect.stringContaining('::error::github: ')]);
  expect(readRecord()).toMatchObject({
    run_id: null,
    status: 'FAILED',
    failed_stage: 'preflight',
    error_class: 'unauthorized',
    excerpt: expect.stringContaining('set GITHUB_TOKEN'),
    advice: [expect.stringContaining('token')],
  });
  expect(readSummary()).toMatch(/^## pipeline failed in preflight\n[\s\S]*set GITHUB_TOKEN/);
});

it('a configuration that is wrong: the line of the file', async () => {
  writeFileSync(join(folder, 'config', 'repos.yaml'), 'repositories:\n  - 7\n');
  const { code, output } = await run('pipeline');
  expect([code, output]).toEqual([
    2,
    expect.stringMatching(/::error file=config\/repos\.yaml,line=2,col=5::/),
  ]);
  expect(readRecord()).toMatchObject({ status: 'FAILED', failed_stage: 'preflight' });
  expect(readSummary()).toContain('repos.yaml:2:5');
});

it('a command that is stopped: what it was at', async () => {
  const { child, ended } = startCommand('pipeline', ['--source', 'sample'], {
    cwd: folder,
    env: environment(),
  });
  const isAtWork = () =>
    existsSync(join(folder, '.data/run.json')) &&
    readRecord().stages.some((one: { stage: string }) => one.stage === 'scrape');
  for (let wait = 0; wait < 600 && !isAtWork(); wait += 1) await sleep(100);
  expect(readRecord().stages.at(-1)).toMatchObject({ stage: 'scrape', status: 'RUNNING' });
  child.kill('SIGTERM');
  expect((await ended).code).toBe(1);
  expect(readRecord()).toMatchObject({
    status: 'FAILED',
    failed_stage: 'scrape',
    stages: expect.arrayContaining([
      expect.objectContaining({ stage: 'scrape', message: expect.stringContaining('SIGTERM') }),
    ]),
  });
  expect(readSummary()).toContain('Stopped by SIGTERM');
});

it('outside of Actions: no record and no run of a single command', async () => {
  const env = { GITHUB_ACTIONS: '', GITHUB_RUN_ID: '', GITHUB_STEP_SUMMARY: '' };
  const { code, output } = await run('discovery', [...CLOCK, ...WINDOW], env);
  expect([code, output]).toEqual([0, expect.stringContaining('"msg":"jobs queued"')]);
  expect(existsSync(join(folder, '.data/run.json'))).toBe(false);
});
