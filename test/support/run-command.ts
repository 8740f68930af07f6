import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The arguments of `node` that start a command, as in the npm scripts. A command of a test ends before
 * optimised WebAssembly pays: without it, it takes half the CPU.
 */
export const CLI: readonly string[] = [
  '--liftoff-only',
  '--import',
  new URL('../../pipeline/runtime/node-guard.mjs', import.meta.url).href,
  `${projectFolder}pipeline/cli.ts`,
];

/** What makes started commands quick: packed packages, compiled code from the start, and tables. */
export const startedVariables = () => ({
  NODE_OPTIONS: `--import ${new URL('packed-packages.ts', import.meta.url).href}`,
  PACKED_PACKAGES: process.env.PACKED_PACKAGES ?? '',
  NODE_COMPILE_CACHE: `${projectFolder}node_modules/.cache/compiled`,
  EMBEDDED_CLUSTER: process.env.MIGRATED_CLUSTER ?? '',
});

export interface CommandEnd {
  /** Null: ended by a signal. */
  readonly code: number | null;
  readonly output: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
}

/** The words of a command that may write no file above a size, as on a full disk; not on Windows. */
export const withFileLimit = (words: readonly string[], mostKb: number): string[] => [
  ...['bash', '-c', `ulimit -f ${mostKb} && exec "$@"`, 'bash'],
  ...words,
];

/** Starts a command of the project (`pipeline`, `config:check`) as a process, without npm. */
export function startCommand(
  name: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    /** The largest size of a file that it may write; not on Windows. */
    readonly mostKb?: number;
  },
): RunningCommand {
  const words = [process.execPath, ...CLI, name, ...args];
  const limited = options.mostKb === undefined ? words : withFileLimit(words, options.mostKb);
  const child = spawn(limited[0] as string, limited.slice(1), {
    cwd: options.cwd,
    env: {
      ...process.env,
      ...startedVariables(),
      DATABASE_URL: '',
      GITHUB_TOKEN: '',
      GITHUB_RUN_ID: '',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (text: Buffer) => {
    output += text;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<CommandEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  return { child, ended };
}

export function runCommand(...args: Parameters<typeof startCommand>): Promise<CommandEnd> {
  return startCommand(...args).ended;
}
