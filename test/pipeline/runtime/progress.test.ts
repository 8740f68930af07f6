import { describe, expect, test, vi } from 'vitest';
import type { SourceProgress } from '../../../pipeline/domain/source.ts';
import {
  asLongAs,
  byShare,
  createProgress,
  type Estimate,
  formatDuration,
  formatElapsed,
  formatProgress,
  withElapsed,
} from '../../../pipeline/runtime/progress.ts';

const state = (values: Partial<SourceProgress>): SourceProgress => ({
  unit: 'files',
  done: 0,
  total: 744,
  bytes: 0,
  kept: 0,
  ...values,
});

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [200_000, '3 min'],
  [3_600_000, '1 h 0 min'],
  [7_500_000, '2 h 5 min'],
])('%i ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [state({}), 0, '0/744 files (0%) · 0 events kept'],
  [
    state({ done: 186, bytes: 690e6, kept: 1_234_567 }),
    20_000,
    '186/744 files (25%) · 34.5 MB/s · 1,234,567 events kept · 1 min left',
  ],
  [state({ done: 743 }), 743_000, '743/744 files (99%) · 0.0 MB/s · 0 events kept · 1 s left'],
  [
    state({ done: 744, bytes: 1e6, kept: 1 }),
    1_000,
    '744/744 files (100%) · 1.0 MB/s · 1 events kept',
  ],
  [state({ done: 3, total: null, bytes: null }), 5_000, '3 files · 0 events kept'],
  [state({ total: 0, bytes: null }), 5_000, '0/0 files (100%) · 0 events kept'],
])('%j after %i ms: %s', (shown, elapsed, text) => {
  expect(formatProgress(shown, elapsed)).toBe(text);
});

const ERASED = '\r\u001b[2K';

describe('what is written, and when', () => {
  function createClock(isTerminal: boolean) {
    const io = { time: 1_000, written: '' };
    const progress = createProgress({
      now: () => io.time,
      write: (text) => {
        io.written += text;
      },
      isTerminal,
      everySeconds: 30,
    });
    const at = (seconds: number, done: number) => {
      io.time = 1_000 + seconds * 1_000;
      progress.update(state({ done, total: null, bytes: null }));
    };
    return { io, progress, at };
  }

  test('elsewhere: a line at most every 30 seconds, and the last state', () => {
    const { io, progress, at } = createClock(false);
    at(1, 1);
    at(29, 2);
    expect(io.written).toBe('');
    at(30, 3);
    at(59, 4);
    at(61, 5);
    at(62, 6);
    progress.finish();
    const lines = [3, 5, 6].map((done) => `${done} files · 0 events kept\n`);
    expect(io.written).toBe(lines.join(''));
  });

  test('in a terminal: one line that is written over, at most ten times a second', () => {
    const { io, progress, at } = createClock(true);
    at(0, 1);
    at(0.05, 2);
    at(0.2, 3);
    progress.finish();
    const lines = [1, 3].map((done) => `${ERASED}${done} files · 0 events kept`);
    expect(io.written).toBe(`${lines.join('')}\n`);
  });

  test('in a terminal the end of a piece of work ends its line, so that the log goes on below', () => {
    const { io, progress } = createClock(true);
    for (const done of [743, 744]) progress.update(state({ done, bytes: null }));
    progress.finish();
    expect(io.written.split(ERASED).slice(1)).toEqual([
      '743/744 files (99%) · 0 events kept · 0 s left',
      '744/744 files (100%) · 0 events kept\n',
    ]);
  });

  test('nothing is written about work that showed nothing', () => {
    const { io, progress } = createClock(true);
    progress.finish();
    expect(io.written).toBe('');
  });

  test('finishing twice writes once', () => {
    const { io, progress, at } = createClock(false);
    at(1, 1);
    progress.finish();
    progress.finish();
    expect(io.written).toBe('1 files · 0 events kept\n');
  });
});

describe('a step without units', () => {
  /** The clock moves with the timers. */
  async function writtenIn(ms: number, isTerminal: boolean, estimate: Estimate = () => null) {
    vi.useFakeTimers();
    const parts: string[] = [];
    const io = { now: () => Date.now(), isTerminal, everySeconds: 30 };
    const write = (text: string) => void parts.push(text);
    try {
      const work = () => new Promise((done) => setTimeout(done, ms));
      const done = withElapsed('calculate', estimate, work, { ...io, write });
      await vi.advanceTimersByTimeAsync(ms);
      await done;
    } finally {
      vi.useRealTimers();
    }
    return parts;
  }

  test('is not shown up to two seconds', async () => {
    expect(await writtenIn(1_900, true)).toEqual([]);
  });

  test('is shown with the time left, and its line is removed', async () => {
    expect(await writtenIn(4_500, true, asLongAs(6_000))).toEqual([
      `${ERASED}calculate · 2 s · about 4 s left`,
      `${ERASED}calculate · 3 s · about 3 s left`,
      `${ERASED}calculate · 4 s · about 2 s left`,
      ERASED,
    ]);
  });

  test('is a line each 30 s where lines stay', async () => {
    const half = byShare(() => 0.5);
    expect(await writtenIn(61_000, false, half)).toEqual([
      'calculate · 30 s · about 30 s left\n',
      'calculate · 1 min · about 1 min left\n',
    ]);
  });

  test('shows no time left where nothing is known of it', () => {
    expect(asLongAs(undefined)(5)).toBeNull();
    expect(byShare(() => 0)(5)).toBeNull();
    expect(formatElapsed('x', 5_000, null)).toBe('x · 5 s');
    expect(formatElapsed('x', 9_000, asLongAs(6_000)(9_000))).toBe('x · 9 s');
  });
});
