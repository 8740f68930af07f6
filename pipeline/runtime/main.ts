import { CommanderError } from 'commander';
import { ConfigError } from '../config/issue.ts';
import { toPrintable } from '../util/printable.ts';
import { withoutSecrets } from '../util/secrets.ts';
import { EXIT, UsageError } from '../util/usage-error.ts';
import { annotate, loadWorkflowCommands } from './workflow-commands.ts';

/**
 * The work of a command. It stops at the next safe point when the signal aborts.
 * If it resolves to a number, this is the exit code; else the exit code is 0.
 */
export type Main = (signal: AbortSignal) => Promise<unknown>;

/** Stopped from outside: by Ctrl-C, or by a runner at its time limit. */
class Interruption extends Error {
  override readonly name = 'Interruption';
}

/** Whether the work was stopped from outside: nothing is wrong with what it was doing. */
export const isInterrupted = (signal: AbortSignal) => signal.reason instanceof Interruption;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The first signal requests a stop; a second one gets Node's default and ends the process. */
function listen(controller: AbortController): () => void {
  const stop = (signal: NodeJS.Signals) => {
    unlisten();
    controller.abort(
      new Interruption(`Stopped by ${signal}. What was finished is kept: run again.`),
    );
  };
  const unlisten = () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return unlisten;
}

const wantsStack = () => ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');

/** An error that no code waited for: of an event, or of a promise. The work can't be trusted. */
class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
}

const isUnexpected = (signal: AbortSignal) => signal.reason instanceof UnexpectedError;

/** How long after such an error the work may take to store that it failed, and to close. */
const LAST_STEPS_MS = 5_000;

/** The errors that nothing waited for. */
interface LastResort {
  /** Rejects with the first once the time for the last steps is over. */
  readonly tooLate: Promise<never>;
  /** Ends the watch over the work; whether there was such an error. Later ones are reported alone. */
  end(): boolean;
}

/**
 * An error that nothing waited for stops the work, as an interruption does. What else fails
 * meanwhile is most often its consequence.
 */
function listenForErrors(controller: AbortController): LastResort {
  const { promise, reject } = Promise.withResolvers<never>();
  let isOver = false;
  let isSeen = false;
  const stop = (cause: unknown) => {
    const error = new UnexpectedError('an unexpected error ended the work', { cause });
    if (isOver) process.exitCode = fail(error);
    else if (!isSeen) {
      controller.abort(error);
      setTimeout(() => reject(error), LAST_STEPS_MS);
    }
    isSeen = true;
  };
  process.on('uncaughtException', stop);
  process.on('unhandledRejection', stop);
  const end = () => {
    isOver = true;
    return isSeen;
  };
  return { tooLate: promise, end };
}

/** What a shell says of a program that wrote for a reader that was gone: 128 and SIGPIPE. */
const READER_GONE = 141;

/** Ends the command where `head`, or another reader of what it prints, has read enough. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(READER_GONE);
    throw error;
  });
}

/** Rejects at once after an error that no code waited for; else it stays open. */
export function untilUnexpected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const check = () => isUnexpected(signal) && reject(signal.reason);
    check();
    signal.addEventListener('abort', check, { once: true });
  });
}

/** If an abort caused the error, the reason is that of the abort. */
export function reasonOf(error: unknown, signal: AbortSignal): unknown {
  if (isUnexpected(signal)) return signal.reason;
  const isAbort = error instanceof Error && error.name === 'AbortError';
  return signal.aborted && isAbort ? signal.reason : error;
}

/** Wrong use, reported by any layer. */
const isWrongUse = (error: unknown) =>
  error instanceof Error && 'exitCode' in error && error.exitCode === EXIT.usage;

/** On the page of the run in GitHub Actions: each problem of the configuration at its line. */
function annotateFailure(error: unknown): void {
  if (!(error instanceof ConfigError)) annotate('error', formatFailure(error, false));
  const problems = error instanceof ConfigError ? error.problems : [];
  for (const { file, line, column, message } of problems) {
    annotate('error', message, { file, startLine: line, startColumn: column });
  }
}

/** Prints the failure and returns the exit code. */
function fail(error: unknown): number {
  // Requested help was shown: this is not a failure.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  console.error(toPrintable(withoutSecrets(formatFailure(error, wantsStack()))));
  annotateFailure(error);
  return isWrongUse(error) ? EXIT.usage : EXIT.failed;
}

/** Runs the work and returns its exit code; work that was stopped early has failed. */
async function run(main: Main, signal: AbortSignal): Promise<number> {
  try {
    const code = await main(signal);
    if (typeof code === 'number' && !isUnexpected(signal)) return code;
    signal.throwIfAborted();
    return EXIT.done;
  } catch (error) {
    return fail(reasonOf(error, signal));
  }
}

/**
 * The one place that handles failures, also those that no code waited for. It sets the exit code
 * instead of exiting, so that all output is still written.
 */
export async function runMain(main: Main): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const unlisten = listen(controller);
  await loadWorkflowCommands();
  const { tooLate, end } = listenForErrors(controller);
  endWithReader();
  process.exitCode = await run(() => Promise.race([main(signal), tooLate]), signal);
  unlisten();
  // What is still at work after an unexpected error would keep the process.
  if (end()) process.exit();
}

/** Resolves when the signal aborts; at once if it has already aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

/** What to do about a limit of the PostgreSQL server, by SQLSTATE. */
const LIMITS: Readonly<Record<string, string>> = {
  '53100': 'the disk of the database server is full: make room on it',
  '53200': 'the database server has no memory left: give it more, or lower its work_mem',
  '53400': 'raise temp_file_limit or work_mem of the role',
};

/** The message of one error, without its causes. A refused connection has only a code. */
function headOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const advice = code === null ? undefined : LIMITS[code];
  return [error.message || code || error.name, ...(advice ? [advice] : [])].join(': ');
}

/** The causes of an error: its cause and, if several things failed at once, each of them. */
function causesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const many = error instanceof AggregateError ? error.errors : [];
  return error.cause === undefined ? many : [error.cause, ...many];
}

/** An error, and below it its causes, indented. A cause that is already listed is left out. */
function chain(error: unknown, depth: number, seen: ReadonlySet<unknown>): string[] {
  if (seen.has(error)) return [];
  const line = depth === 0 ? headOf(error) : `${'  '.repeat(depth)}caused by: ${headOf(error)}`;
  const below = new Set([...seen, error]);
  return [line, ...causesOf(error).flatMap((cause) => chain(cause, depth + 1, below))];
}

/**
 * The text about a failure: for wrong use only the message; for anything else also the causes
 * and, if `withStack`, the stack.
 */
export function formatFailure(error: unknown, withStack: boolean): string {
  if (error instanceof UsageError) return error.message;
  const stack = withStack && error instanceof Error ? [error.stack ?? ''] : [];
  return [...chain(error, 0, new Set()), ...stack].join('\n');
}
