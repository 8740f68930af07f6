import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { withoutSecrets } from '../../util/secrets.ts';
import type { PgVariables } from './pg-connection.ts';

/** The programs that come with PostgreSQL. */

export type PgProgram = 'pg_dump' | 'pg_restore' | 'psql';

/** The major version of a program; null if it is not on this machine. */
export async function readProgramVersion(program: PgProgram): Promise<number | null> {
  const output = await runProgram(program, ['--version'], {}).catch(() => '');
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(output) ?? [];
  return major === undefined ? null : Number(major);
}

/** Starts a program. It sees what this process sees, and its variables. */
export function startProgram(
  program: PgProgram,
  args: readonly string[],
  variables: PgVariables,
  hasInput = false,
): ChildProcess {
  return spawn(program, args, {
    env: { ...process.env, DATABASE_URL: '', LC_MESSAGES: 'C', ...variables },
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
}

/** Waits for the end of a program. Throws what it wrote to its error output if it failed. */
export async function awaitEnd(program: PgProgram, child: ChildProcess): Promise<void> {
  const errors = child.stderr ? text(child.stderr) : Promise.resolve('');
  const [code] = await once(child, 'close');
  if (code === 0) return;
  throw new Error(`${program} failed: ${withoutSecrets((await errors).trim())}`);
}

/** Runs a program to its end and returns its output. */
export async function runProgram(
  program: PgProgram,
  args: readonly string[],
  variables: PgVariables,
): Promise<string> {
  const child = startProgram(program, args, variables);
  const output = child.stdout ? text(child.stdout) : '';
  await awaitEnd(program, child);
  return output;
}
