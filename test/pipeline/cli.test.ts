import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadedWith } from '../support/imports.ts';
import { CLI, projectFolder } from '../support/run-command.ts';
import { runCli } from '../support/run-script.ts';

const run = promisify(execFile);

const scripts: Record<string, string> = JSON.parse(
  readFileSync(join(projectFolder, 'package.json'), 'utf8'),
).scripts;
const names = Object.keys(scripts).filter((name) => scripts[name]?.includes('pipeline/cli.ts'));

describe('the commands', () => {
  it('are each an npm script of the same name', () => {
    expect(names.length).toBeGreaterThan(12);
    for (const name of names) {
      expect(scripts[name]).toBe(
        `node --import ./pipeline/runtime/node-guard.mjs pipeline/cli.ts ${name}`,
      );
    }
  });

  it('include every npm script that starts the pipeline, and no other', async () => {
    const { code, stderr } = await runCli('no-such-command');
    expect(code).toBe(2);
    const [, listed = ''] = /expected one of (.*)\n/.exec(stderr) ?? [];
    expect(listed.split(', ').toSorted()).toEqual(names.toSorted());
  });

  it('suggest the nearest name for a mistyped one', async () => {
    const { code, stderr } = await runCli('clculate');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no command `clculate`');
    expect(stderr).toContain('did you mean `calculate`?');
  });

  it.skipIf(process.platform === 'win32')('end quietly where nobody reads on', async () => {
    const piped = '"$@" | true; exit "${PIPESTATUS[0]}"';
    const command = [process.execPath, ...CLI, 'backup', '--help'];
    const ended = run('bash', ['-c', piped, 'bash', ...command]);
    await expect(ended).rejects.toMatchObject({ code: 141, stderr: '' });
  });
});

/** Start-up is short because a command loads only what it uses. */
describe('loaded', () => {
  const filesOf = (entry: string) => [...loadedWith(entry)];

  it('with the map of commands: no stage, no source, no database', () => {
    const files = filesOf('pipeline/cli.ts');
    expect(files.filter((file) => /^(db|pipeline\/(stages|sources))\//.test(file))).toEqual([]);
  });

  it('with the report: no source and no generator of the sample', () => {
    const files = [
      ...filesOf('pipeline/stages/report/index.ts'),
      ...filesOf('pipeline/runtime/context.ts'),
    ];
    expect(files.filter((file) => file.startsWith('pipeline/sources/'))).toEqual([]);
  });

  it('with the check of the configuration: no database', () => {
    const files = filesOf('pipeline/config/commands.ts');
    expect(files.filter((file) => file.startsWith('db/'))).toEqual([]);
  });
});
