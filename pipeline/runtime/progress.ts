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
    },
  };
}
