import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainOldNode, MIN_NODE_MAJOR } from '../../../pipeline/shell/node-guard.ts';
import { runScript } from './run-script.ts';

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

const majorOf = (node: string) =>
  Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));

/** A Node that is too old, where the machine has one. */
const oldNode = ['/usr/local/bin/node', '/usr/bin/node'].find(
  (node) => existsSync(node) && majorOf(node) < MIN_NODE_MAJOR,
);

test.skipIf(!oldNode).each(['pipeline/config-check.ts', 'pipeline/config-schema.ts'])(
  '%s says so on an old Node, and does nothing else',
  async (script) => {
    const ended = await runScript(script, [], { node: oldNode ?? '' });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^This needs Node 24 or newer, and this is Node \d+\.\d+\.\d+\. .*\n$/,
    );
  },
);
