import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../../support/run-command.ts';

/** Two copies of the project: with some of the packages, and with none. */
let folder: string;
const some = () => join(folder, 'some');
const none = () => join(folder, 'none');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dev-guard-'));
  for (const copy of [some, none])
    for (const name of ['package.json', 'pipeline', 'site/options.ts', 'test/bench', 'test/soak'])
      cpSync(join(projectFolder, name), join(copy(), name), { recursive: true });
  for (const name of ['commander', 'zod'])
    cpSync(join(projectFolder, 'node_modules', name), join(some(), 'node_modules', name), {
      recursive: true,
    });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));

/** As npm runs a script, but for the Node that is found first. */
const run = (script: string, cwd: string) => {
  const PATH = `${join(process.execPath, '..')}:${process.env.PATH?.split(':')
    .filter((path) => !path.includes('node_modules'))
    .join(':')}`;
  return spawnSync('sh', ['-c', scripts[script]], { cwd, encoding: 'utf8', env: { PATH } });
};

it.each(['test', 'check', 'bench', 'soak'])(
  'npm run %s says which packages are missing after an install without them',
  (script) => {
    const { status, stdout, stderr } = run(script, some());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'The packages for development are missing: run `npm ci` (without `--omit=dev`), and then this again.\n',
    );
  },
);

it.each(['start', 'pipeline', 'test'])(
  'npm run %s says so where no package is installed',
  (script) => {
    const { status, stderr } = run(script, none());
    expect(status).toBe(2);
    expect(stderr).toBe(
      'The packages are missing: run `npm ci` in this folder, and then this again.\n',
    );
  },
);
