import type { SourceProgress } from '../../domain/source.ts';
import { createProgress } from '../../runtime/progress.ts';

/** What a worker of this process is given. */
interface WorkerSetup {
  /** 1, 2, … */
  readonly number: number;
  /** Aborts with that of the run, and when another worker can't go on. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SourceProgress) => void;
}

/**
 * Runs workers at once, and shows their progress as one. If one of them can't go on, the others stop,
 * too, and its error is thrown once all have.
 */
export async function runWorkers<T>(
  count: number,
  runSignal: AbortSignal,
  work: (setup: WorkerSetup) => Promise<T>,
): Promise<T[]> {
  const failure = new AbortController();
  const signal = AbortSignal.any([runSignal, failure.signal]);
  const progress = createProgress();
  const show = showTogether(progress.update);
  const start = async (index: number): Promise<T> => {
    const onProgress = (state: SourceProgress) => show(index, state);
    try {
      return await work({ number: index + 1, signal, onProgress });
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: count }, (_, index) => start(index)));
  progress.finish();
  if (failure.signal.aborted) throw failure.signal.reason;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}

/** Adds up the states of workers that read at once. */
function showTogether(update: (state: SourceProgress) => void) {
  const states: SourceProgress[] = [];
  return (index: number, state: SourceProgress) => {
    states[index] = state;
    const all = states.filter(Boolean);
    const sum = (part: (one: SourceProgress) => number | null) =>
      all.some((one) => part(one) === null)
        ? null
        : all.reduce((total, one) => total + (part(one) ?? 0), 0);
    update({
      unit: state.unit,
      done: sum(({ done }) => done) ?? 0,
      total: sum(({ total }) => total),
      bytes: sum(({ bytes }) => bytes),
      kept: sum(({ kept }) => kept) ?? 0,
    });
  };
}
