import type { SourceProgress } from '../domain/source.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import { toPrintableLine } from '../util/printable.ts';

const group = (count: number) => count.toLocaleString('en-US');

/** `40 s`, `3 min`, `2 h 5 min`: with the precision of an estimate. */
export function formatDuration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.ceil(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  const minutes = Math.round(ms / MINUTE_MS);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function formatDone({ unit, done, total }: SourceProgress): string {
  if (total === null) return `${group(done)} ${unit}`;
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${group(done)}/${group(total)} ${unit} (${percent}%)`;
}

/** Megabytes (10^6 bytes) per second. */
function formatSpeed(bytes: number | null, elapsedMs: number): string | null {
  if (bytes === null || elapsedMs <= 0) return null;
  return `${(bytes / 1e6 / (elapsedMs / SECOND_MS)).toFixed(1)} MB/s`;
}

/** Assumes that each remaining unit takes as long as a finished one. */
function formatTimeLeft({ done, total }: SourceProgress, elapsedMs: number): string | null {
  if (total === null || done <= 0 || done >= total) return null;
  return `${formatDuration((elapsedMs / done) * (total - done))} left`;
}

/** `12/744 files (1%) · 34.5 MB/s · 1,234 events kept · 3 min left` */
export function formatProgress(state: SourceProgress, elapsedMs: number): string {
  const parts = [
    formatDone(state),
    formatSpeed(state.bytes, elapsedMs),
    state.kept === null ? null : `${group(state.kept)} events kept`,
    formatTimeLeft(state, elapsedMs),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Clock and output of the display; tests pass their own. */
export interface ProgressIo {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly write: (text: string) => void;
  /** Whether a line can be overwritten. */
  readonly isTerminal: boolean;
  /** Minimum seconds between two lines if the output is not a terminal. */
  readonly everySeconds: number;
}

export interface Progress {
  /** Shows the state, unless the last line is too recent. */
  update(state: SourceProgress): void;
  /** Shows the last state in any case, and ends the line. */
  finish(): void;
}

/** At most ten times a second: people cannot read faster changes. */
const TERMINAL_SECONDS = 0.1;

const ERASE_LINE = '\r\u001b[2K';

const processIo: ProgressIo = {
  now: () => performance.now(),
  write: (text) => void process.stderr.write(text),
  isTerminal: Boolean(process.stderr.isTTY),
  everySeconds: 30,
};

/** Whether the cursor stands behind a line of progress. */
let isLineShown = false;

/** Makes room for a line of the log; the progress shows again at its next change. */
export function clearProgressLine(): void {
  if (isLineShown) processIo.write(ERASE_LINE);
  isLineShown = false;
}

/** Shows the progress of one long piece of work, which starts now. */
export function createProgress(io: ProgressIo = processIo): Progress {
  const startedAt = io.now();
  const interval = 1_000 * (io.isTerminal ? TERMINAL_SECONDS : io.everySeconds);
  let shownAt = startedAt - (io.isTerminal ? interval : 0);
  let pending: SourceProgress | null = null;
  let isLineOpen = false;

  const show = (state: SourceProgress) => {
    const line = toPrintableLine(formatProgress(state, io.now() - startedAt));
    isLineOpen = io.isTerminal && state.done !== state.total;
    isLineShown = isLineOpen;
    io.write(`${io.isTerminal ? ERASE_LINE : ''}${line}${isLineOpen ? '' : '\n'}`);
    [shownAt, pending] = [io.now(), null];
  };

  return {
    update(state) {
      pending = state;
      // The last state of the work ends the line, so that the log continues below it.
      const isEnd = io.isTerminal && state.done === state.total;
      if (isEnd || io.now() - shownAt >= interval) show(state);
    },
    finish() {
      if (pending) show(pending);
      if (isLineOpen) io.write('\n');
      isLineOpen = false;
      isLineShown = false;
    },
  };
}

/** A step that takes no longer needs no progress. */
const QUIET_MS = 2 * SECOND_MS;
/** How often a step without units is shown on a terminal. */
const TICK_MS = SECOND_MS;

/** What a step knows of the time that it still takes, in ms; null: nothing. */
export type Estimate = (elapsedMs: number) => number | null;

/** As long as it took before. */
export const asLongAs = (ms: number | undefined): Estimate =>
  ms === undefined ? () => null : (elapsedMs) => Math.max(ms - elapsedMs, 0);

/** As long for each remaining part as for a finished one. */
export const byShare =
  (share: () => number): Estimate =>
  (elapsedMs) => {
    const done = share();
    return done > 0 ? Math.max((elapsedMs / done) * (1 - done), 0) : null;
  };

/** `calculate · 12 s · about 3 s left` */
export function formatElapsed(what: string, elapsedMs: number, leftMs: number | null): string {
  const left =
    leftMs === null || leftMs < SECOND_MS ? [] : [`about ${formatDuration(leftMs)} left`];
  return toPrintableLine([what, formatDuration(elapsedMs), ...left].join(' · '));
}

/** Does a step, and shows how long it takes if that is longer than two seconds. */
export async function withElapsed<T>(
  what: string,
  estimate: Estimate,
  work: () => Promise<T>,
  io: ProgressIo = processIo,
): Promise<T> {
  const startedAt = io.now();
  const every = io.isTerminal ? TICK_MS : io.everySeconds * SECOND_MS;
  const tick = () => {
    const elapsedMs = io.now() - startedAt;
    if (elapsedMs < QUIET_MS) return;
    const line = formatElapsed(what, elapsedMs, estimate(elapsedMs));
    isLineShown = io.isTerminal;
    io.write(io.isTerminal ? `${ERASE_LINE}${line}` : `${line}\n`);
  };
  const timer = setInterval(tick, every);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isLineShown) io.write(ERASE_LINE);
    isLineShown = false;
  }
}
