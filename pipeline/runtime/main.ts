import { CommanderError } from 'commander';
import { withoutSecrets } from '../util/secrets.ts';
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

/** An error that no code waited for: of an event, or of a promise. The work can't be trusted. */
class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
}

const isUnexpected = (signal: AbortSignal) => signal.reason instanceof UnexpectedError;

/** How long after such an error the work may take to store that it failed, and to close. */
const LAST_STEPS_MS = 5_000;

/**
 * The last resort: an error that nothing waited for stops the work, as an interruption does. The
 * result rejects with it once the time for the last steps is over. What else fails meanwhile is
 * most often its consequence.
 */
function listenForErrors(controller: AbortController): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (cause: unknown) => {
      if (isUnexpected(controller.signal)) return;
      const error = new UnexpectedError('an unexpected error ended the work', { cause });
      controller.abort(error);
      setTimeout(() => reject(error), LAST_STEPS_MS);
    };
    process.on('uncaughtException', stop);
    process.on('unhandledRejection', stop);
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

/** Whatever an abort made fail, the abort is the reason. */
function reasonOf(error: unknown, signal: AbortSignal): unknown {
  if (isUnexpected(signal)) return signal.reason;
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
  console.error(withoutSecrets(formatFailure(error, wantsStack())));
  return isWrongUse(error) ? EXIT.usage : EXIT.failed;
}

/** The exit code of the work; what it left undone because it was stopped is a failure. */
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
 * The one place where failures end, also those that no code waited for. Sets the exit code
 * instead of exiting, so that everything written still gets out.
 */
export async function runMain(main: Main): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const unlisten = listen(controller);
  const tooLate = listenForErrors(controller);
  process.exitCode = await run(() => Promise.race([main(signal), tooLate]), signal);
  unlisten();
  // What is still at work after an unexpected error would keep the process.
  if (isUnexpected(signal)) process.exit();
}

/** Resolves when the signal aborts: at once if it has. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
