import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { writeDumpFile } from '../../db/dump/dump-file.ts';
import { dumpDatabase } from '../../db/dump/write-dump.ts';
import { migrate } from '../../db/migrate.ts';
import { addRepository, addUser, contribute, NOW } from '../support/community.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { startReceiver } from '../support/receiver.ts';
import {
  NO_PIPELINE,
  outputOf,
  resultsOf,
  stepsOf,
  summaryOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';
import { runShell } from '../support/workflow-runner/run-step.ts';
import { parseWorkflowText, readWorkflowText } from '../support/workflows/workflow-file.ts';
import { zip } from '../support/zip.ts';
import '../support/embedded-cluster.ts';

/** `maintenance.yml` and `setup-check.yml`, executed. */

const TIDY = { maintenance: 'echo tidied' };

/** A portable dump of an embedded database with rows, as an earlier run kept it. */
async function dumpOfCommunity(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  const db = await openDatabase('memory:');
  await migrate(db);
  const repository = await addRepository(db, 'guild', 'engine');
  await addUser(db, 1, 'ada');
  await contribute(db, repository, 1, 'COMMIT', 3);
  await writeDumpFile(join(folder, 'dump'), dumpDatabase(db, { withEmails: false, now: NOW }));
  await db.destroy();
  const dump = readFileSync(join(folder, 'dump'));
  rmSync(folder, { recursive: true });
  return dump;
}

describe('the weekly maintenance', () => {
  const project = useCopy();
  const { copy, run } = project;

  it('says that there is no backup without a key, and is not red', async () => {
    const week = await run('maintenance.yml', { commands: { ...NO_PIPELINE, ...TIDY } });
    expect(resultsOf(week), outputOf(week)).toEqual({
      database: 'success',
      'keep-alive': 'success',
      week: 'success',
    });
    expect(outputOf(week)).toContain('::notice::There is no backup: set the secret BACKUP_KEY');
    expect(stepsOf(week, 'database')).not.toHaveProperty('Back up');
    expect(stepsOf(week, 'database')).toHaveProperty('Keep the embedded database');
    expect(copy.enabled).toEqual(['pipeline.yml', 'maintenance.yml']);
    expect(project.github.violations).toEqual([]);
  });

  it('sends the summary of the week', async () => {
    const receiver = await startReceiver();
    copy.pages = { type: 'workflow', url: 'http://127.0.0.1:9/leaderboard/' };
    const secrets = { WEBHOOK_URL: receiver.url };
    const commands = { ...NO_PIPELINE, ...TIDY };
    await run('pipeline.yml', { commands });
    const week = await run('maintenance.yml', { commands, secrets });
    expect(receiver.bodies, outputOf(week)).toMatchObject([
      { kind: 'week', lines: ['Runs: 1 success.', 'The published site does not answer.'] },
    ]);
    await receiver.close();
  });
});

describe.skipIf(inject('postgresUrl') === null)('the backup of the week', () => {
  const { copy, run } = useCopy();
  const BACKUP_KEY = 'a long random text with a $ and a "';
  const scratch: { server?: PostgresServer } = {};
  beforeAll(async () => {
    scratch.server = await startPostgres();
    const archive = zip({ 'database.dump': await dumpOfCommunity() });
    const made = { id: 1, name: 'database', runId: 1, branch: 'main' };
    copy.artifacts.push({ ...made, createdAt: NOW.toISOString(), zip: archive });
  });
  afterAll(() => scratch.server?.stop());

  it('is encrypted, and was restored', async () => {
    const week = await run('maintenance.yml', {
      secrets: { BACKUP_KEY },
      variables: { PGPASSWORD: 'password' },
      ports: { '5432': Number(new URL(scratch.server?.url ?? '').port) },
      commands: TIDY,
    });
    expect(stepsOf(week, 'database'), outputOf(week)).toMatchObject({
      Encrypt: 'success',
      'Restore into the scratch database, as a proof': 'success',
      'Keep the backup': 'success',
      'Keep the embedded database': 'success',
    });
    const db = await openDatabase(scratch.server?.url ?? '');
    const rows = await db.selectFrom('contribution_events').select('kind').execute();
    await db.destroy();
    expect(rows).toHaveLength(3);
    const [{ workspace } = { workspace: '' }] = week.jobs.database?.instances ?? [];
    expect(readdirSync(join(workspace, '.data'))).not.toContain('leaderboard.backup');
    const backup = copy.artifacts.find(({ name }) => name === 'backup');
    expect(backup?.zip.includes('leaderboard.backup.gpg')).toBe(true);
    expect(backup?.zip.includes('contribution_events')).toBe(false);
    expect(outputOf(week)).not.toContain(BACKUP_KEY);
    expect(summaryOf(week)).toContain('gpg --output leaderboard.backup --decrypt');
  });
});

describe('the encryption of the backup', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'encrypted-'));
  afterAll(() => rmSync(cwd, { recursive: true }));
  const steps = parseWorkflowText(readWorkflowText('maintenance.yml')).jobs.database?.steps ?? [];
  const at = (name: string) => join(cwd, '.data', name);
  const step = async (name: string) => {
    const script = steps.find((one) => one.name === name)?.run ?? '';
    const env = { PATH: process.env.PATH ?? '', HOME: cwd, BACKUP_KEY: 'a long random text' };
    const { code } = await runShell(script, { cwd, temp: cwd, env });
    return code;
  };

  it('gives the same bytes back, and notices a changed byte wherever it is', async () => {
    const content = randomBytes(2_000);
    mkdirSync(at(''));
    writeFileSync(at('leaderboard.backup'), content);
    expect(await step('Encrypt')).toBe(0);
    expect(await step('Decrypt, as a proof')).toBe(0);
    expect(readFileSync(at('proof.backup'))).toEqual(content);
    const encrypted = readFileSync(at('leaderboard.backup.gpg'));
    for (let place = 0; place < encrypted.length; place += 211) {
      const changed = Buffer.from(encrypted);
      changed[place] = (changed[place] ?? 0) ^ 1;
      writeFileSync(at('leaderboard.backup.gpg'), changed);
      rmSync(at('proof.backup'), { force: true });
      expect([place, await step('Decrypt, as a proof')]).not.toEqual([place, 0]);
    }
  });
});

describe('the set-up check', () => {
  const project = useCopy({ pages: null, hasIssues: false });
  const { copy, run } = project;

  it('shows every switch with its state, and is not red', async () => {
    copy.workflows.set('pipeline.yml', 'disabled_fork');
    copy.workflows.set('maintenance.yml', 'disabled_inactivity');
    const check = await run('setup-check.yml', { secrets: { WEBHOOK_URL: 'a-secret-address' } });
    expect(check.conclusion, outputOf(check)).toBe('success');
    const lines = outputOf(check).split('\n');
    const stateOf = (name: string) => lines.find((line) => line.slice(8).startsWith(name));
    expect(stateOf('Issues:')).toMatch(/^to do .*switch Issues on at/);
    expect(stateOf('Pages:')).toMatch(/^to do .*Source: GitHub Actions/);
    expect(stateOf('Workflow pipeline.yml')).toMatch(/^to do .*because this is a fork/);
    expect(stateOf('Workflow maintenance.yml')).toMatch(/^to do .*60 days/);
    expect(stateOf('Workflow run-report.yml')).toMatch(/^ok /);
    expect(stateOf('Default branch')).toMatch(/^ok /);
    expect(stateOf('Pull requests of forms')).toMatch(
      /^unknown .*create and approve pull requests/,
    );
    expect(stateOf('Secret WEBHOOK_URL')).toMatch(/^ok /);
    expect(stateOf('Secret DATABASE_URL')).toMatch(/^off /);
    expect(outputOf(check)).not.toContain('a-secret-address');
    expect(project.github.violations).toEqual([]);
  });

  it('shows the rest when a right is missing', async () => {
    project.github.setFault(({ name }) =>
      name.endsWith('/pages')
        ? {
            type: 'answer',
            status: 403,
            body: { message: 'Resource not accessible by integration' },
          }
        : undefined,
    );
    copy.forge.pulls.push({
      number: 1,
      head: 'form/issue-1',
      title: '',
      body: '',
      state: 'closed',
    });
    const check = await run('setup-check.yml');
    project.github.setFault(() => undefined);
    expect(outputOf(check)).toMatch(/^ok {6}Pull requests of forms: A workflow has opened/m);
    expect(check.conclusion).toBe('success');
    expect(outputOf(check)).toMatch(/^unknown Pages: The token may not read this/m);
    expect(outputOf(check)).toMatch(/^off {5}Secret BACKUP_KEY/m);
  });

  it('leaves nothing behind', async () => {
    const check = await run('setup-check.yml');
    const [{ workspace } = { workspace: '' }] = check.jobs.check?.instances ?? [];
    expect(readdirSync(workspace)).toEqual(['config']);
  });
});
