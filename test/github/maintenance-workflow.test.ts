import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import {
  NO_PIPELINE,
  outputOf,
  resultsOf,
  stepsOf,
  useCopy,
} from '../support/workflow-runner/copy-of-project.ts';

/** `maintenance.yml` and `setup-check.yml`, executed. */

const TIDY = { maintenance: 'echo tidied' };

describe('the weekly maintenance', () => {
  const project = useCopy();
  const { copy, run } = project;

  it('says that there is no backup without a key, and is not red', async () => {
    await run('pipeline.yml', { commands: NO_PIPELINE });
    const week = await run('maintenance.yml', { commands: TIDY });
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

  it('keeps a backup that is encrypted and was restored', async () => {
    const secrets = { BACKUP_KEY: 'a long random text' };
    const week = await run('maintenance.yml', { commands: TIDY, secrets });
    expect(stepsOf(week, 'database'), outputOf(week)).toMatchObject({
      Encrypt: 'success',
      'Restore into the scratch database, as a proof': 'success',
      'Keep the backup': 'success',
    });
    const [{ workspace } = { workspace: '' }] = week.jobs.database?.instances ?? [];
    expect(existsSync(join(workspace, '.data/leaderboard.backup'))).toBe(false);
    const backup = copy.artifacts.find(({ name }) => name === 'backup');
    expect(backup?.zip.includes('Salted__')).toBe(true);
    expect(outputOf(week)).not.toContain(secrets.BACKUP_KEY);
  });

  it('sends the summary of the week', async () => {
    const receiver = await startReceiver();
    copy.pages = { type: 'workflow', url: 'http://127.0.0.1:9/leaderboard/' };
    const secrets = { WEBHOOK_URL: receiver.url };
    const week = await run('maintenance.yml', { commands: TIDY, secrets });
    expect(receiver.bodies, outputOf(week)).toMatchObject([
      { kind: 'week', lines: ['Runs: 1 success.', 'The published site does not answer.'] },
    ]);
    await receiver.close();
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
    const check = await run('setup-check.yml');
    project.github.setFault(() => undefined);
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
