import type { ErrorClass } from './error-class.ts';

/** What a run of the pipeline leaves behind about itself. */

export type LogLevel = 'info' | 'warn' | 'error';

/** A line of the log: no secret is in it, and everything in it can be seen. */
export interface LogLine {
  readonly at: Date;
  readonly level: LogLevel;
  /** Null between the stages. */
  readonly stage: string | null;
  readonly jobId: number | null;
  readonly message: string;
  /** All other fields of the line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How a stage ended. */
export interface StageEnd {
  readonly stage: string;
  readonly status: 'COMPLETED' | 'FAILED';
  readonly seconds: number;
  readonly errorClass: ErrorClass | null;
  readonly message: string | null;
}

/**
 * The stage that writes the documents. What it logs is stored, and not published: a document that
 * held the log of its own making would differ each time it is made from the same tables.
 */
export const LAST_STAGE = 'report';

/** What failed in a run. */
export interface RunFailures {
  readonly jobs_failed: number;
  readonly stages_failed: number;
  readonly documents_unfit?: number;
}

/** How a run ends by what failed in it, with the sentence that says so. */
export function endOfRun<T extends RunFailures>(counts: T) {
  const { jobs_failed, stages_failed, documents_unfit = 0 } = counts;
  const isWhole = jobs_failed + stages_failed + documents_unfit === 0;
  const failures = [
    failed(jobs_failed, 'job', 'failed'),
    failed(stages_failed, 'stage', 'failed'),
    failed(documents_unfit, 'document', 'could not be published'),
  ];
  return {
    status: isWhole ? 'COMPLETED' : 'FAILED',
    errorMessage: isWhole ? null : failures.flat().join(', '),
    counts: { ...counts },
  } as const;
}

const failed = (count: number, what: string, how: string): string[] =>
  count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'} ${how}`];

/** Runs that tell how much time lies between them: two weeks of nights. */
const TOLD_BY = 15;
/** Fewer are no rhythm. */
const FEWEST = 4;

/**
 * When the next run is expected: after the last one, the middle of the times between runs. Runs that
 * were started by hand do not change it.
 * @param starts newest first
 * @returns null if there are too few
 */
export function expectNextRun(starts: readonly Date[]): Date | null {
  const [last] = starts;
  if (!last || starts.length < FEWEST) return null;
  const shown = starts.slice(0, TOLD_BY).map((start) => start.getTime());
  const spans = shown.slice(1).map((start, place) => (shown[place] ?? start) - start);
  const middle = spans.toSorted((a, b) => a - b)[Math.floor(spans.length / 2)] ?? 0;
  return new Date(last.getTime() + middle);
}
