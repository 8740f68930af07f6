import { CommanderError } from 'commander';
import { secretsOf } from '../config/environment.ts';
import { toPrintable } from '../util/printable.ts';
import { redact } from '../util/redact.ts';
import { EXIT } from '../util/usage-error.ts';
import { formatFailure } from './format-failure.ts';

/**
 * The work of a command. It stops at the next safe point when the signal aborts.
 * A number it resolves to is the exit code; else that is 0.
 */
export type Main = (signal: AbortSignal) => Promise<unknown>;

/** Stopped from outside: by Ctrl-C, or by the runner whose time is up. */
class Interruption extends Error {
  override readonly name = 'Interruption';
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The first signal asks to stop; a second one finds Node's own handling and ends at once. */
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

/** Whatever an abort made fail, the abort is the reason. */
function reasonOf(error: unknown, signal: AbortSignal): unknown {
  const isAbort = error instanceof Error && error.name === 'AbortError';
  return signal.aborted && isAbort ? signal.reason : error;
}

/** Whichever layer says so. */
const isWrongUse = (error: unknown) =>
  error instanceof Error && 'exitCode' in error && error.exitCode === EXIT.usage;

/** Says what went wrong, and tells the exit code. */
function fail(error: unknown): number {
  // Help that was asked for has been shown: that is no failure.
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  console.error(toPrintable(redact(formatFailure(error, wantsStack()), secretsOf())));
  return isWrongUse(error) ? EXIT.usage : EXIT.failed;
}

/** The exit code of the work; what it left undone because it was stopped is a failure. */
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
 * The one place where failures end. Sets the exit code instead of exiting, so that
 * everything written still gets out.
 */
export async function runMain(main: Main): Promise<void> {
  const controller = new AbortController();
  const unlisten = listen(controller);
  process.exitCode = await run(main, controller.signal);
  unlisten();
}

/** Resolves when the signal aborts: at once if it has. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
