import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { SOAK_VARIABLES } from '../support/runs.ts';
import type { Finding } from './soak.ts';

/** How often each property is tried; a second time as often shows whether memory grows. */
const RUNS = 20;
const MORE_RUNS = 80;

/** The peak may differ from run to run by what the garbage collector has not freed yet. */
const MOST_GROWTH = 1.5;

/** The properties of all borders of input: no crash, no hang, no stack, and memory that stays flat. */
export async function soakBorders(seed: number): Promise<Finding> {
  const files = globSync('test/**/fuzz.test.ts').toSorted();
  const peaks: string[] = [];
  const violations: string[] = [];
  for (const file of files) {
    const few = await tryProperties(file, RUNS, seed);
    const more = await tryProperties(file, MORE_RUNS, seed);
    peaks.push(`${few.peakMb} → ${more.peakMb} MB`);
    violations.push(...[few, more].flatMap(({ failure }) => (failure ? [failure] : [])));
    if (more.peakMb > few.peakMb * MOST_GROWTH)
      violations.push(
        `${file}: ${few.peakMb} MB at ${RUNS} runs, ${more.peakMb} MB at ${MORE_RUNS}`,
      );
  }
  const summary = `${files.length} files, ${RUNS} and ${MORE_RUNS} runs of each property, peaks ${peaks.join(', ')}`;
  return { summary, violations };
}

async function tryProperties(file: string, runs: number, seed: number) {
  const child = spawn('npx', ['vitest', 'run', file, '--testTimeout', '3600000'], {
    env: {
      ...process.env,
      [SOAK_VARIABLES.runs]: String(runs),
      [SOAK_VARIABLES.seed]: String(seed),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => output.push(String(text)));
  const peak = watchPeak(child);
  const [code] = await once(child, 'close');
  const failure = code === 0 ? null : `${file}: ${output.join('').slice(-4000)}`;
  return { failure, peakMb: peak() };
}

/** The most memory that one process of the test run has held, in MB; 0 where there is no `/proc`. */
function watchPeak(child: ChildProcess): () => number {
  let peakKb = 0;
  const look = () => {
    for (const pid of descendantsOf(child.pid ?? 0)) peakKb = Math.max(peakKb, highWaterOf(pid));
  };
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    return Math.round(peakKb / 1024);
  };
}

function descendantsOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(path)) return [];
  const children = readOr(path).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(descendantsOf)];
}

const highWaterOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readOr(`/proc/${pid}/status`))?.[1] ?? 0);

/** The process may end at any moment. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
