import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { type Db, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { runRecorded } from '../../pipeline/recorded-run.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import { createCommand, parseOptions } from '../../pipeline/runtime/options.ts';
import { archiveEvent, push, sha } from '../support/archive-events.ts';
import { createServerDatabase } from '../support/databases.ts';
import { dumpResults, writeHourFiles } from '../support/pipeline.ts';
import { type CommandEnd, runCommand, startCommand } from '../support/run-command.ts';
import { runHere } from '../support/run-here.ts';

/** Runs the real command in processes that are killed, twice, at once, in parts, in another order. */

const HOURS = 6;
const PER_HOUR = 100;
const PEOPLE = 40;

const trimmed = (action: string, number: number) => ({
  type: 'PullRequestEvent',
  payload: { action, pull_request: { number } },
});

/** A small busy archive: commits, reviews, renames; every second merge is reported before the opening. */
function events() {
  return Array.from({ length: HOURS * PER_HOUR }, (_, i) => {
    const moment = new Date(Date.UTC(2026, 0, 1) + (i / PER_HOUR) * 3_600_000)
      .toISOString()
      .replace('.000', '');
    const person = (i * 7) % PEOPLE;
    const isRenamed = i > (HOURS * PER_HOUR) / 2 && person % 9 === 0;
    const repository = Math.floor(i / 10) % 3;
    const common = {
      id: `${i}`,
      actor: { id: person + 1, login: `user${person}${isRenamed ? '-renamed' : ''}` },
      repo: { id: 10 + repository, name: `acme/tool${repository}` },
      created_at: moment,
    };
    const own = Math.floor(i / 5) + 1;
    const other = own % 2 === 0 ? own - 1 : own + 1;
    if (i % 5 === 0) return archiveEvent({ ...common, ...trimmed('merged', other) });
    if (i % 5 === 1) return archiveEvent({ ...common, ...trimmed('opened', own) });
    if (i % 5 === 2) {
      const review = { id: i + 1, submitted_at: moment };
      const payload = { action: 'created', review, pull_request: { number: own } };
      return archiveEvent({ ...common, type: 'PullRequestReviewEvent', payload });
    }
    return archiveEvent({
      ...common,
      ...push('refs/heads/main', [{ sha: sha(i), distinct: true }]),
    });
  });
}

let folder: string;
let expected: Record<string, string[]>;
let expectedDocument: string;
/** How long the job takes here when it is not killed. */
let jobMs: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-killed-'));
  mkdirSync(join(folder, 'hours'));
  mkdirSync(join(folder, 'config'));
  writeHourFiles(join(folder, 'hours'), events());
  // From the first hour on: looking for files that are not there takes longer than reading these.
  const since = 'never_rescrape_before: 2026-01-01';
  const repositories = [0, 1, 2].map((n) => `  - {repo: acme/tool${n}, ${since}}\n`);
  writeFileSync(join(folder, 'config', 'repos.yaml'), `repositories:\n${repositories.join('')}`);
  writeFileSync(join(folder, 'config', 'pipeline.yaml'), 'batch_size: 5\n');
  const whole = workplace('whole');
  const { code, output } = await runCommand(...command(whole));
  expect([code, code === 0 ? '' : output]).toEqual([0, '']);
  jobMs = timeOf('job completed', output) - timeOf('job started', output);
  expected = await dump(whole);
  expect(expected.contribution_events?.length).toBeGreaterThan((HOURS * PER_HOUR) / 2);
  expectedDocument = document(whole);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function workplace(name: string): string {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  return cwd;
}

function command(cwd: string, more: string[] = [], url = ''): Parameters<typeof startCommand> {
  const args = ['--source', 'gharchive', '--config', join(folder, 'config')];
  const fixed = ['--out', join(cwd, 'out'), '--now', '2026-01-01T06:00:00Z', '--log', 'json'];
  const env = { GHARCHIVE_URL: pathToFileURL(join(folder, 'hours/')).href, DATABASE_URL: url };
  return ['pipeline', [...args, ...fixed, ...more], { cwd, env }];
}

const PIPELINE = { plansWindows: true, worksOffQueue: true };

/** Runs the command in this process, where only its results matter. */
function runWhole(...[name, args, options]: Parameters<typeof startCommand>): Promise<CommandEnd> {
  const given = parseOptions(createCommand(name, '', PIPELINE), args);
  const { signal } = new AbortController();
  return runHere(() => runRecorded(name, given, signal, runPipeline), {
    ...options,
    env: { ...options.env, LOG_LEVEL: 'silent' },
  });
}

/** When a line was logged, in milliseconds. */
function timeOf(message: string, output: string): number {
  const line = output.split('\n').find((each) => each.includes(`"msg":"${message}"`));
  return Date.parse(JSON.parse(line ?? '{}').time);
}

/** Resolves once the process has logged a line. */
function logged(child: ChildProcess, message: string): Promise<true> {
  let output = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (text: Buffer) => {
      output += text;
      if (output.includes(`"msg":"${message}"`)) resolve(true);
    });
  });
}

/**
 * Starts the command, and kills it once it has logged a line and `then` has resolved. Only the log
 * shows that it is at work: the start takes a second on one machine and half a minute on another.
 * It may end without that line.
 */
async function killAfter(
  message: string,
  then: (child: ChildProcess) => Promise<unknown>,
  ...[script, args, options]: Parameters<typeof startCommand>
): Promise<void> {
  const { child, ended } = startCommand(script, args, options);
  const isThere = await Promise.race([logged(child, message), ended.then(() => false)]);
  if (isThere) await then(child);
  child.kill('SIGKILL');
  await ended;
}

async function look<T>(cwd: string, url: string, read: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(url || join(cwd, '.data/live'));
  try {
    return await read(db);
  } finally {
    await db.destroy();
  }
}

const dump = (cwd: string, url = '') => look(cwd, url, dumpResults);

const readJobs = (db: Db) =>
  db.selectFrom('scrape_jobs').select(['status', 'contributions_kept']).execute();

/** Makes each batch take a while, so that the end of the job is far from its first batch. */
async function slowDown(db: Db): Promise<() => Promise<void>> {
  await sql`CREATE FUNCTION take_a_while() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$`.execute(db);
  await sql`CREATE TRIGGER take_a_while AFTER INSERT ON contribution_events
    EXECUTE FUNCTION take_a_while()`.execute(db);
  return async () => {
    await sql`DROP TRIGGER take_a_while ON contribution_events`.execute(db);
  };
}

const document = (cwd: string) =>
  readFileSync(join(cwd, 'out/api/v1/leaderboard/global.json'), 'utf8');

/** The run after the kill waits until the killed one's lease has ended; other tests run meanwhile. */
let afterKill: { cwd: string; url: string; ended: Promise<CommandEnd> } | undefined;

describe.runIf(inject('postgresUrl'))('the pipeline, killed on a server', () => {
  it('has a part of the job stored', async () => {
    const cwd = workplace('server');
    const url = await createServerDatabase();
    const db = await openDatabase(url);
    onTestFinished(() => db.destroy());
    await migrate(db);
    const hasStored = async () => (await readJobs(db)).some((job) => job.contributions_kept > 0);
    const partlyStored = async (child: ChildProcess) => {
      while (child.exitCode === null && !(await hasStored())) await sleep(10);
    };
    const hurry = await slowDown(db);
    await killAfter('job started', partlyStored, ...command(cwd, [], url));
    await hurry();
    const [job, ...others] = await readJobs(db);
    expect([job?.status, others]).toEqual(['RUNNING', []]);
    expect(job?.contributions_kept).toBeGreaterThan(0);
    expect(job?.contributions_kept).toBeLessThan(HOURS * PER_HOUR);
    afterKill = { cwd, url, ended: runCommand(...command(cwd, [], url)) };
  }, 180_000);
});

describe.runIf(inject('postgresUrl'))('the pipeline, asked to stop on a server', () => {
  it('stops between two batches within 7.5 s, and gives its job and its lock back', async () => {
    const cwd = workplace('stopped');
    const url = await createServerDatabase();
    const db = await openDatabase(url);
    onTestFinished(() => db.destroy());
    await migrate(db);
    const hurry = await slowDown(db);
    const { child, ended } = startCommand(...command(cwd, [], url));
    const hasStored = async () => (await readJobs(db)).some((job) => job.contributions_kept > 0);
    while (child.exitCode === null && !(await hasStored())) await sleep(10);
    const asked = performance.now();
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(performance.now() - asked).toBeLessThan(7_500);
    expect([code, output]).toEqual([1, expect.stringContaining('Stopped by SIGTERM')]);
    expect((await readJobs(db)).map(({ status }) => status)).toEqual(['QUEUED']);
    expect(await db.selectFrom('run_locks').selectAll().execute()).toEqual([]);
    await hurry();
    expect(await runWhole(...command(cwd, [], url))).toMatchObject({ code: 0 });
    expect(await dump(cwd, url)).toEqual(expected);
  }, 180_000);
});

describe('the pipeline, embedded', () => {
  it('gives the same tables and documents when it runs twice', async () => {
    const cwd = join(folder, 'whole');
    expect(await runWhole(...command(cwd, ['--job-type', 'full']))).toMatchObject({ code: 0 });
    expect(await dump(cwd)).toEqual(expected);
    expect(document(cwd)).toBe(expectedDocument);
  });

  it('gives the same tables after it was killed at random moments of its work', async () => {
    const cwd = workplace('killed');
    // What is killed is its work, not the making of its database.
    await look(cwd, '', migrate);
    /** Whether each kill left a job that was being worked on. */
    const held: boolean[] = [];
    for (const [message, most] of [
      ['job started', 0],
      ['job started', jobMs / 2],
      ['job started', jobMs],
      ['job completed', 500],
      ['boards calculated', 500],
    ] as const) {
      const wait = () => sleep(Math.random() * most);
      await killAfter(message, wait, ...command(cwd));
      const jobs = await look(cwd, '', readJobs);
      held.push(jobs.some(({ status }) => status === 'RUNNING'));
    }
    expect(held, `a job of ${jobMs} ms`).toContain(true);
    expect(await runWhole(...command(cwd))).toMatchObject({ code: 0 });
    expect(await dump(cwd)).toEqual(expected);
    expect(document(cwd)).toBe(expectedDocument);
  }, 300_000);

  it('lets only one process in, and says so to the other', async () => {
    const cwd = workplace('both');
    const both = [startCommand(...command(cwd)), startCommand(...command(cwd))];
    const ends = await Promise.all(both.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 1]);
    const refused = ends.find(({ code }) => code === 1);
    expect(refused?.output).toMatch(/the embedded database .* is in use by process \d+/);
    expect(await dump(cwd)).toEqual(expected);
  });

  it('gives the same tables in parts, in another order, and overlapping', async () => {
    const cwd = workplace('parts');
    const parts = [
      ['2026-01-01T03:30:00Z', '2026-01-01T06:00:00Z'],
      ['2026-01-01T00:00:00Z', '2026-01-01T02:15:00Z'],
      ['2026-01-01T01:30:00Z', '2026-01-01T04:30:00Z'],
    ] as const;
    for (const [from, to] of parts) {
      const { code, output } = await runWhole(...command(cwd, ['--from', from, '--to', to]));
      expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    }
    const { scrape_windows: windows = [], ...tables } = await dump(cwd);
    const { scrape_windows: _, ...expectedTables } = expected;
    expect(tables).toEqual(expectedTables);
    // The parts have become one; the whole run looked for a year that the folder does not hold.
    const whole = {
      window_from: '2026-01-01T00:00:00.000Z',
      window_to: '2026-01-01T06:00:00.000Z',
      completeness: 1,
      gaps: [],
    };
    expect(windows.map((row) => JSON.parse(row))).toMatchObject([whole, whole, whole]);
  }, 180_000);
});

describe.runIf(inject('postgresUrl'))('the pipeline, on a server', () => {
  it('lets one of two runs at once begin, and gives the same tables', async () => {
    const cwd = workplace('server-both');
    const other = workplace('server-other');
    const url = await createServerDatabase();
    await runCommand('preflight', command(cwd)[1], {
      cwd,
      env: { DATABASE_URL: url, GHARCHIVE_URL: pathToFileURL(join(folder, 'hours/')).href },
    });
    const ends = await Promise.all([
      runCommand(...command(cwd, [], url)),
      runCommand(...command(other, [], url)),
    ]);
    expect(ends.map(({ code }) => code).toSorted()).toEqual([0, 1]);
    const refused = ends.find(({ code }) => code === 1);
    expect(refused?.output).toMatch(/another run uses this database: process \d+ of .*, since 20/);
    expect(await dump(cwd, url)).toEqual(expected);
    // Each job once: the second run has queued none.
    const jobs = await look(cwd, url, readJobs);
    expect(jobs.map(({ status }) => status)).toEqual(['COMPLETED']);
  }, 180_000);

  it('gives the same tables after it was killed with a part of the job stored', async () => {
    if (!afterKill) throw new Error('the pipeline was not killed');
    expect(await afterKill.ended).toMatchObject({ code: 0 });
    expect(await dump(afterKill.cwd, afterKill.url)).toEqual(expected);
  }, 180_000);
});
