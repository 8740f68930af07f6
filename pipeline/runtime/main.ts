import { CommanderError } from 'commander';
import { secretsOf } from '../config/environment.ts';
import { redact } from '../util/redact.ts';
import { EXIT } from '../util/usage-error.ts';
import { formatFailure } from './format-failure.ts';

/**
 * The work of a command. It stops at the next safe point when the signal aborts.
 * If it resolves to a number, this is the exit code; else the exit code is 0.
 */
export type Main = (signal: AbortSignal) => Promise<unknown>;

/** Stopped from outside: by Ctrl-C, or by a runner at its time limit. */
class Interruption extends Error {
  override readonly name = 'Interruption';
}

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

/** If an abort caused the error, the reason is that of the abort. */
function reasonOf(error: unknown, signal: AbortSignal): unknown {
  const isAbort = error instanceof Error && error.name === 'AbortError';
  return signal.aborted && isAbort ? signal.reason : error;
}

/** Wrong use, reported by any layer. */
const isWrongUse = (error: unknown) =>
  error instanceof Error && 'exitCode' in error && error.exitCode === EXIT.usage;

/** Prints the failure and returns the exit code. */
function fail(error: unknown): number {
  // Requested help was shown: this is not a failure.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  console.error(redact(formatFailure(error, wantsStack()), secretsOf()));
  return isWrongUse(error) ? EXIT.usage : EXIT.failed;
}

/** Runs the work and returns its exit code; work that was stopped early has failed. */
async function run(main: Main, signal: AbortSignal): Promise<number> {
  try {
    const code = await main(signal);
    if (typeof code === 'number') return code;
    signal.throwIfAborted();
    return EXIT.done;
  } catch (error) {
    return fail(reasonOf(error, signal));
  }
}

/**
 * The one place that handles failures. It sets the exit code instead of exiting, so that all
 * output is still written.
 */
export async function runMain(main: Main): Promise<void> {
  const controller = new AbortController();
  const unlisten = listen(controller);
  process.exitCode = await run(main, controller.signal);
  unlisten();
}

/** Resolves when the signal aborts; at once if it has already aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
