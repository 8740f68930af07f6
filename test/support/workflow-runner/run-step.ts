import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A step with `run:`, by real bash, as the runner starts it. */

export interface ShellStep {
  readonly code: number | null;
  /** Both outputs. */
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
}

const FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'] as const;

/** A person cancels the run, once something has happened. */
export interface Cancelling {
  /** The step that is at work by then. */
  readonly step: string;
  readonly when: Promise<unknown>;
  isCancelled: boolean;
  /** Milliseconds that the step took to end. */
  tookMs: number;
}

interface ShellOptions {
  readonly cwd: string;
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stop?: Cancelling | undefined;
}

/** What the runner gives the process of a step before it kills it. */
const GRACE_MS = 7_500;

export async function runShell(
  script: string,
  { cwd, temp, env, stop }: ShellOptions,
): Promise<ShellStep> {
  const folder = mkdtempSync(join(temp, 'step-'));
  const path = (name: string) => join(folder, name);
  for (const name of FILES) writeFileSync(path(name), '');
  writeFileSync(path('script.sh'), script);
  const files = Object.fromEntries(FILES.map((name) => [name, path(name)]));
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', path('script.sh')], {
    cwd,
    env: { ...env, ...files },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (text: Buffer) => {
    output += text;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (stop) await cancel(child, stop, ended);
  const code = await ended;
  return {
    code,
    output,
    outputs: parseFile(readFileSync(path('GITHUB_OUTPUT'), 'utf8')),
    variables: parseFile(readFileSync(path('GITHUB_ENV'), 'utf8')),
    summary: readFileSync(path('GITHUB_STEP_SUMMARY'), 'utf8'),
  };
}

async function cancel(child: ChildProcess, stop: Cancelling, ended: Promise<unknown>) {
  await Promise.race([stop.when, ended]);
  stop.isCancelled = true;
  const start = performance.now();
  // The first process of the step alone, as the runner does.
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended;
  clearTimeout(timer);
  stop.tookMs = performance.now() - start;
}

/** `name=value`, or `name<<END`, lines of the value and `END`. */
export function parseFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, name, end] = /^([^=]+?)<<(\S+)$/.exec(line) ?? [];
    if (name && end) {
      const close = lines.indexOf(end, at);
      values[name] = lines.slice(at + 1, close).join('\n');
      at = close;
    } else if (line.includes('=')) {
      values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return values;
}
