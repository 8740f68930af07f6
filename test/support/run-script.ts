import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { CLI, startedVariables } from './run-command.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Settings {
  /** Another Node than that of the tests. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the output so far, and a function that sends a signal. */
  readonly onOutput?: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs a script, and waits for its end; `path` may be all words after `node`. */
export function runScript(
  path: string | readonly string[],
  args: readonly string[] = [],
  settings: Settings = {},
): Promise<Ended> {
  const { node = process.execPath, env = {}, onOutput } = settings;
  const child = spawn(node, [path, args].flat(), {
    env: { ...process.env, ...startedVariables(), ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
    onOutput?.(output.stdout, (signal) => child.kill(signal));
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal, ...output }));
  });
}

/** Runs a command of the project (`config:check`) as the npm scripts do. */
export const runCli = (name: string, args: readonly string[] = [], settings: Settings = {}) =>
  runScript(CLI, [name, ...args], settings);

/** A script with `runMain` around these lines. */
export function createScript(body: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'script-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'script.mts');
  const runtime = resolve('pipeline/runtime');
  writeFileSync(
    path,
    `import { runMain } from '${runtime}/main.ts';
     import { UsageError } from '${resolve('pipeline/util')}/usage-error.ts';
     import { createCommand, parseOptions } from '${runtime}/options.ts';
     import { createLog } from '${runtime}/log.ts';
     await runMain(async (signal) => { ${body} });`,
  );
  return path;
}
