import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { explainOldNode, MIN_NODE_MAJOR } from '../../../pipeline/runtime/node-guard.mjs';
import { runCli } from '../../support/run-script.ts';

test.each(['24.0.0', '24.21.0', '26.0.0', '100.0.0'])('Node %s is new enough', (version) => {
  expect(explainOldNode(version)).toBeNull();
});

test.each(['4.9.1', '20.20.2', '22.12.0', '23.11.1'])('Node %s is too old', (version) => {
  expect(explainOldNode(version)).toBe(
    `This needs Node 24 or newer, and this is Node ${version}. ` +
      'Run `npm ci`, which brings one along, then start with `npm run …`; ' +
      'or install one from https://nodejs.org/.',
  );
});

// What the tests load before each process is TypeScript, which an old Node can't read.
vi.stubEnv('NODE_OPTIONS', '');
afterAll(() => void vi.unstubAllEnvs());

const majorOf = (node: string) =>
  Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));

/** A Node that is too old, where the machine has one. */
const oldNode = [process.env.OLD_NODE_PATH ?? '', '/usr/local/bin/node', '/usr/bin/node'].find(
  (node) => existsSync(node) && majorOf(node) < MIN_NODE_MAJOR,
);

/** Without one the tests are skipped, unless LEADERBOARD_REQUIRE_ALL=1 allows that of no test. */
const mustSkip = !oldNode && process.env.LEADERBOARD_REQUIRE_ALL !== '1';

test.skipIf(mustSkip).each(['config:check', 'config:schema'])(
  '%s says so on an old Node, and does nothing else',
  async (script) => {
    if (!oldNode) throw new Error('No old Node was found: set OLD_NODE_PATH to one.');
    const ended = await runCli(script, [], { node: oldNode, env: { NODE_OPTIONS: '' } });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^This needs Node 24 or newer, and this is Node \d+\.\d+\.\d+\. .*\n$/,
    );
  },
);
