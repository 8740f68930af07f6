import { describe, expect, test } from 'vitest';
import type { SourceProgress } from '../../../pipeline/domain/source.ts';
import {
  createProgress,
  formatDuration,
  formatProgress,
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
