import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startLocalGithub } from '../support/github/local-github.ts';
import { at, makeWorld } from '../support/github/made-up-world.ts';
import { runCommand } from '../support/run-command.ts';

it('a run whose time is up publishes what it has, says what is left, and the next one goes on', async () => {
  const github = await startLocalGithub({ world: makeWorld(), now: at(32) });
  const cwd = mkdtempSync(join(tmpdir(), 'leaderboard-limit-'));
  onTestFinished(async () => {
    await github.close();
    rmSync(cwd, { recursive: true });
  });
  writeFileSync(join(cwd, 'repos.yaml'), 'repositories:\n  - guild/engine\n');
  const run = (...more: string[]) =>
    runCommand('pipeline', ['--config', cwd, '--now', at(32), '--log', 'json', ...more], {
      cwd,
      env: {
        GITHUB_TOKEN: 'a-token',
        GITHUB_API_URL: github.apiUrl,
        GITHUB_GRAPHQL_URL: github.graphqlUrl,
      },
    });
  const read = (path: string) =>
    JSON.parse(readFileSync(join(cwd, 'site/data/api/v1', path), 'utf8'));

  const first = await run('--time-limit', '0.001', '--workers', '2');
  expect([first.code, first.output]).toEqual([
    0,
    expect.stringMatching(
      /"jobs":1,"repositories":1,"windows":\["guild\/engine: 2023-.* to 2025-04-01.*\(github\)"\],"msg":"the time is up/,
    ),
  ]);
  expect(first.output).toContain('one worker reads: the embedded database takes one only');
  expect(read('jobs.json').jobs).toMatchObject([{ status: 'QUEUED', attempts: 0 }]);

  const second = await run('--time-limit', '10');
  expect([second.code, second.output]).toEqual([0, expect.not.stringContaining('the time is up')]);
  expect(read('jobs.json').jobs).toMatchObject([{ status: 'COMPLETED', attempts: 1 }]);
  expect(read('leaderboard/global.json').entries.length).toBeGreaterThan(3);
});
