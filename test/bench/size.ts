import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SHAPES } from '../support/real-shape.ts';
import { projectFolder } from '../support/run-command.ts';

/**
 * Calculation, documents and site of communities with the shape of real ones, each step in a process
 * of its own, as a run has them. `preview` shows what a changed weight does, from the documents
 * alone, and `plain` writes the pages of the site again by a loop.
 */

export type SizeName = keyof typeof SHAPES;

export const SIZES = Object.keys(SHAPES) as SizeName[];

/** What one step took. */
export interface StepCost {
  readonly wallSeconds: number;
  /** Of all threads together. */
  readonly cpuSeconds: number;
  /** The most memory, in MB. */
  readonly memory: number;
  /** What was made, and its size in MB. */
  readonly files: number;
  readonly megabytes: number;
}

export type Step = 'fill' | 'calculate' | 'report' | 'preview';
type AnyStep = Step | 'build' | 'plain';

/** The steps that are printed, in their order. */
const PRINTED = ['calculate', 'report', 'preview', 'build', 'plain'] as const;

/**
 * Prints a table; the largest community is calculated from the one before.
 * @param against a commit whose code does the same steps, too, for comparison; null: none
 */
export async function benchSizes(
  sizes: readonly SizeName[] = SIZES,
  against: string | null = null,
): Promise<void> {
  const former = against === null ? null : checkOut(against);
  try {
    console.log('size | step | s | CPU s | memory MB | files | MB | files a second');
    for (const size of sizes.filter((name) => name !== 'XL')) {
      const own = await measureSize(size, projectFolder);
      for (const step of PRINTED) print(size, step, own[step]);
      if (size === 'L' && sizes.includes('XL')) printCalculated(own);
      if (former === null) continue;
      const before = await measureSize(size, former.folder);
      for (const step of PRINTED) print(`${size} at ${against}`, step, before[step]);
    }
  } finally {
    former?.remove();
  }
}

/** The files of a commit, with the packages of now. */
function checkOut(commit: string) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-commit-'));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectFolder });
  git('worktree', 'add', '--quiet', '--detach', folder, commit);
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { folder, remove: () => git('worktree', 'remove', '--force', folder) };
}

async function measureSize(size: SizeName, code: string): Promise<Record<AnyStep, StepCost>> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${size}-`));
  const run = (step: Step) => runStep(code, 'size-step.ts', step, size, folder);
  const [documents, site] = ['out', 'site'].map((name) => join(folder, name)) as [string, string];
  try {
    return {
      fill: await run('fill'),
      calculate: await run('calculate'),
      report: await run('report'),
      preview: await run('preview'),
      build: await runStep(code, 'build-step.ts', 'build', documents, site),
      plain: await runStep(code, 'build-step.ts', 'plain', site, join(folder, 'again')),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param code the folder of the project whose step it is */
async function runStep(code: string, name: string, ...args: readonly string[]): Promise<StepCost> {
  const script = join(code, 'test/bench', name);
  const child = spawn(process.execPath, [script, ...args], {
    cwd: code,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await text(child.stdout);
  if (output === '') throw new Error(`${args.join(' ')} failed`);
  return JSON.parse(output);
}

function print(size: string, step: AnyStep, cost: StepCost): void {
  const { wallSeconds, cpuSeconds, memory, files, megabytes } = cost;
  const rate = files > 0 ? Math.round(files / wallSeconds) : '–';
  const numbers = [wallSeconds.toFixed(1), cpuSeconds.toFixed(1), memory.toFixed(0)];
  console.log([size, step, ...numbers, files, megabytes.toFixed(0), rate].join(' | '));
}

/** Time and documents by people, the calculation by contributions. */
function printCalculated({ calculate, report, build }: Record<AnyStep, StepCost>): void {
  const more = (field: 'people' | 'contributions') => SHAPES.XL[field] / SHAPES.L[field];
  print('XL (calculated)', 'calculate', scale(calculate, more('contributions')));
  print('XL (calculated)', 'report', scale(report, more('people')));
  print('XL (calculated)', 'build', scale(build, more('people')));
}

const scale = (cost: StepCost, factor: number): StepCost => ({
  wallSeconds: cost.wallSeconds * factor,
  cpuSeconds: cost.cpuSeconds * factor,
  memory: cost.memory * factor,
  files: Math.round(cost.files * factor),
  megabytes: cost.megabytes * factor,
});
