import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOAK_VARIABLES } from '../support/runs.ts';
import { grows, leastByPart } from './memory.ts';
import type { Finding } from './soak.ts';

/** How often each property is tried. */
const RUNS = 80;

/** The properties of all borders of input: no crash, no hang, no stack, and memory that stays flat. */
export async function soakBorders(seed: number): Promise<Finding> {
  const memory: string[] = [];
  const violations: string[] = [];
  const files = globSync('test/**/fuzz{,.long}.test.ts').toSorted();
  for (const file of files) {
    const { failure, parts } = await tryProperties(file, seed);
    memory.push(`${file} ${parts.join(' ')}`);
    if (failure) violations.push(failure);
    if (grows(parts)) violations.push(`${file}: memory grows: ${parts.join(', ')} MB`);
    if (parts.length === 0) violations.push(`${file}: its memory was never looked at`);
  }
  const summary = `${RUNS} runs of each property, MB in the course of them: ${memory.join(', ')}`;
  return { summary, violations };
}

async function tryProperties(file: string, seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'soak-borders-'));
  const samples = join(folder, 'memory');
  const words = ['run', file, '--config', 'test/soak/vitest.config.ts', '--testTimeout', '3600000'];
  const child = spawn('npx', ['vitest', ...words], {
    env: {
      ...process.env,
      [SOAK_VARIABLES.runs]: String(RUNS),
      [SOAK_VARIABLES.seed]: String(seed),
      [SOAK_VARIABLES.memory]: samples,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => output.push(String(text)));
  const [code] = await once(child, 'close');
  const lines = existsSync(samples) ? readFileSync(samples, 'utf8').trim().split('\n') : [];
  rmSync(folder, { recursive: true, force: true });
  const failure = code === 0 ? null : `${file}: ${output.join('').slice(-4000)}`;
  return { failure, parts: leastByPart(lines.map(Number)) };
}
