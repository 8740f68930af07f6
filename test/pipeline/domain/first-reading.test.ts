import { expect, it } from 'vitest';
import { firstReadingOf, nightsFor } from '../../../pipeline/domain/first-reading.ts';

const NOTHING = { stars: 9, pull_requests: 0, issues: 0, commits: 0, releases: 0 };

it.each([
  [{}, 0, 0],
  [{ pull_requests: 1_000 }, 40, 60],
  [{ commits: 1_000 }, 10, 15],
  [{ issues: 1_000, releases: 1 }, 11, 17],
  [{ pull_requests: 1 }, 1, 2],
])('reading %j takes %i points and %i seconds', (size, points, seconds) => {
  expect(firstReadingOf({ ...NOTHING, ...size })).toEqual({ points, seconds });
});

it.each([
  ['a night at least', { points: 0, seconds: 0 }, 0.8, 1],
  ['by the minutes of a run', { points: 100, seconds: 2_401 }, 0.8, 2],
  ['by the allowance of an hour', { points: 801, seconds: 600 }, 0.8, 2],
  ['without an allowance', { points: 801, seconds: 600 }, 0, 1],
])('takes nights: %s', (_, reading, share, nights) => {
  expect(nightsFor(reading, share)).toBe(nights);
});
