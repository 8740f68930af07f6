import { describe, expect, it } from 'vitest';
import { coverMonths, monthsBetween } from '../../../pipeline/domain/coverage.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

const stretch = (source: string, from: string, to: string, ...gaps: [string, string][]) => ({
  source,
  completeness: 1,
  window: { from: new Date(from), to: new Date(to) },
  gaps: gaps.map(([start, end]) => ({ from: new Date(start), to: new Date(end) })),
});

const cover = (month: string, ...stretches: ReturnType<typeof stretch>[]) =>
  coverMonths([month], stretches, [], NOW)[0];

describe('the coverage of a month', () => {
  it('is complete if GitHub was read for all hours', () => {
    expect(cover('2025-11', stretch('github', '2025-11-01', '2025-12-01'))).toEqual({
      month: '2025-11',
      coverage: 100,
      isDamaged: false,
      missingHours: 0,
      missingNumbers: 0,
    });
  });

  it('is the share of the hours that were read', () => {
    const half = stretch('github', '2025-11-16', '2025-12-01');
    expect(cover('2025-11', half)).toMatchObject({ coverage: 50, missingHours: 360 });
    const holed = stretch('gharchive', '2025-04-01', '2025-05-01', ['2025-04-01', '2025-04-04']);
    expect(cover('2025-04', holed)).toMatchObject({ coverage: 90, missingHours: 72 });
  });

  it('counts a damaged hour of the archive by its measured share, unless GitHub was read', () => {
    const archive = stretch('gharchive', '2025-07-01', '2025-08-01');
    expect(cover('2025-07', archive)).toMatchObject({ coverage: 42, isDamaged: true });
    const trimmed = stretch('bigquery', '2025-11-01', '2025-12-01');
    expect(cover('2025-11', trimmed)).toMatchObject({ coverage: 2, isDamaged: true });
    const github = stretch('github', '2025-07-01', '2025-08-01');
    expect(cover('2025-07', archive, github)).toMatchObject({ coverage: 100, isDamaged: false });
    const before = stretch('gharchive', '2025-04-01', '2025-05-01');
    expect(cover('2025-04', before)).toMatchObject({ coverage: 100, isDamaged: false });
  });

  it('is reduced by missing numbers', () => {
    const whole = [stretch('github', '2025-11-01', '2025-12-01')];
    const numbers = [{ month: '2025-11', known: 90, missing: 10 }];
    expect(coverMonths(['2025-11'], whole, numbers, NOW)).toMatchObject([
      { coverage: 90, missingNumbers: 10 },
    ]);
  });

  it('counts the hours that have begun, and is 100 only if complete', () => {
    const now = new Date('2025-11-11T00:30:00Z');
    const ten = stretch('github', '2025-11-01', '2025-11-11');
    expect(coverMonths(['2025-11'], [ten], [], now)).toMatchObject([{ coverage: 100 }]);
    const almost = stretch('github', '2025-11-01', '2025-12-01', [
      '2025-11-03',
      '2025-11-03T01:00Z',
    ]);
    expect(cover('2025-11', almost)?.coverage).toBe(99.8);
  });
});

it('lists every month that has a window or a contribution', () => {
  const window = stretch('github', '2025-03-31T23:00:00Z', '2025-05-01');
  expect(monthsBetween([window], [{ month: '2024-12' }])).toEqual([
    '2024-12',
    '2025-03',
    '2025-04',
  ]);
});
