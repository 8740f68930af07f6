import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, makeWorld, PEOPLE } from '../../../support/github/made-up-world.ts';
import { runCommand } from '../../../support/run-command.ts';

/** The complete pipeline as users run it, only with a token. */
let github: LocalGithub;
let folder: string;

beforeAll(async () => {
  github = await startLocalGithub({ world: makeWorld(), now: at(32) });
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-github-'));
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config/repos.yaml'), 'repositories:\n  - ada/engine\n');
});
afterAll(async () => {
  await github.close();
  rmSync(folder, { recursive: true });
});

const run = (script: string, token: string, ...args: string[]) =>
  runCommand(script, args, {
    cwd: folder,
    env: {
      GITHUB_TOKEN: token,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    },
  });

const readDocument = (path: string) =>
  JSON.parse(readFileSync(join(folder, 'site/data/api/v1', path), 'utf8'));

it('requires a token first', async () => {
  const { code, output } = await run('pipeline', '', '--now', at(32));
  expect(code).not.toBe(0);
  expect(output).toContain('GITHUB_TOKEN');
  expect(output).not.toContain('    at ');
});

it('reads, scores and publishes', async () => {
  const { code, output } = await run('pipeline', 'a-token', '--now', at(32));
  expect(output).not.toContain('a-token');
  expect(code, output).toBe(0);
  const board = readDocument('leaderboard/global.json');
  expect(board.sample).toBe(false);
  expect(board.entries.map((entry: { username: string }) => entry.username)).toContain('benjamin');
  const ada = board.entries.find((entry: { username: string }) => entry.username === 'ada');
  expect(ada).toMatchObject({ github_id: PEOPLE.ada.id, releases_count: 1 });
  expect(readDocument('repositories.json').repositories).toMatchObject([
    { full_name: 'guild/engine', stars: 42, status: 'ACTIVE', license: 'MIT' },
  ]);
  const [{ months }] = readDocument('dashboard/coverage.json').repositories;
  expect(months.find(({ month }: { month: string }) => month === '2025-03')).toMatchObject({
    coverage: 100,
    damaged: false,
    missing_hours: 0,
    missing_numbers: 0,
  });
  expect(github.violations).toEqual([]);
});

it('costs little the next day', async () => {
  const { graphql, core } = github;
  const before = { points: graphql.total, requests: core.total };
  const { code, output } = await run('pipeline', 'a-token', '--now', at(33, 60));
  expect(code, output).toBe(0);
  expect(graphql.total - before.points).toBeLessThan(8);
  expect(core.total - before.requests).toBeLessThan(10);
});

it('looks up all contributors by a separate command', async () => {
  const { code, output } = await run('enrich', 'a-token', '--now', at(70));
  expect(code, output).toBe(0);
  expect(output).toContain('contributors looked up');
});
