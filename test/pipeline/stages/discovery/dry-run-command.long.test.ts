import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createServerDatabase } from '../../../support/databases.ts';
import { startLocalGithub } from '../../../support/github/local-github.ts';
import { at, makeWorld } from '../../../support/github/made-up-world.ts';
import { runCommand } from '../../../support/run-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-dry-'));
  writeFileSync(join(folder, 'repos.yaml'), 'repositories:\n  - guild/engine\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (env: Record<string, string>, ...more: string[]) => {
  const args = ['--dry-run', '--config', folder, '--now', at(32), '--log', 'json', ...more];
  return runCommand('pipeline', args, { cwd: folder, env });
};

it('says all that would stop the run at once: no token, no database, no folder', async () => {
  writeFileSync(join(folder, 'a-file'), '');
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  const { code, output } = await run(env, '--out', join(folder, 'a-file'));
  expect(code).toBe(1);
  expect(output).toContain('The run would stop:');
  expect(output).toContain('database: DATABASE_URL: no PostgreSQL lets us in at 127.0.0.1:1');
  expect(output).toContain('it is a file; name a folder');
  expect(output).toContain('github: the source github needs a token: set GITHUB_TOKEN');
});

it('shows the plan even so, and makes nothing', async () => {
  const { code, output } = await run({});
  expect([code, output]).toEqual([1, expect.stringContaining('guild/engine')]);
  expect(output).toContain('The run would stop:\ngithub: the source github needs a token');
  expect([existsSync(join(folder, '.data')), existsSync(join(folder, 'site'))]).toEqual([
    false,
    false,
  ]);
});

it.runIf(inject('postgresUrl'))('is content where only the tables are to be made', async () => {
  const github = await startLocalGithub({ world: makeWorld(), now: at(32) });
  const { code, output } = await run({
    DATABASE_URL: await createServerDatabase(),
    GITHUB_TOKEN: 'a-token',
    GITHUB_API_URL: github.apiUrl,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
  }).finally(() => github.close());
  expect([code, output]).toEqual([
    0,
    expect.stringContaining('a run brings the tables up to date first (0001-first-tables'),
  ]);
});
