import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { projectFolder } from '../support/run-command.ts';

export interface Cost {
  /** Of all threads together: as if on one core, however many there are. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export async function measure(work: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - start) / 1000 };
}

/** The least disturbed of several. */
export function best(costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
}

/** Runs a script with input in a process of its own; it prints its peak memory (MB). */
export async function peakMemoryOf(script: string, input: unknown): Promise<number> {
  const child = spawn(process.execPath, [`${projectFolder}${script}`], {
    cwd: projectFolder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  return Number(await text(child.stdout));
}
