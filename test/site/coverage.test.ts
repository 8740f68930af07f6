import { describe, expect, it } from 'vitest';
import {
  describeCoverage,
  describeMissing,
  describeMonth,
  formatCoverage,
  heatStep,
  listMissing,
  listMonths,
} from '../../site/src/lib/coverage.ts';
import { formatMonths, listYears } from '../../site/src/lib/months.ts';
import { month } from './month.ts';

describe('months', () => {
  it.each([
    [['2025-05'], 'May 2025'],
    [['2025-11', '2025-12', '2026-01'], 'November 2025 to January 2026'],
    [
      ['2026-01', '2025-05', '2025-10', '2025-09'],
      'May 2025, September 2025 to October 2025, January 2026',
    ],
    [[], ''],
  ])('%j are written as %s', (months, text) => {
    expect(formatMonths(months)).toBe(text);
  });

  it('give years without a gap, newest first', () => {
    expect(listYears(['2023-12', '2025-01'])).toEqual([2025, 2024, 2023]);
    expect(listYears([])).toEqual([]);
  });
});

describe('the coverage of a repository in words', () => {
  it('counts complete, partial and missing months, and names what is damaged', () => {
    const months = [
      month('2025-08', 100),
      month('2025-09', 99.9),
      month('2025-10', 2, true),
      month('2025-11', 0),
    ];
    expect(describeCoverage(months)).toBe(
      '4 months, August 2025 to November 2025: 1 complete, 2 partial, 1 missing. ' +
        'Some of October 2025 is known only from a damaged part of GH Archive.',
    );
  });

  it('distinguishes a month of which nothing is known from one of which little is known', () => {
    expect([0, 0.4, 24, 25, 99.9, 100].map(heatStep)).toEqual([0, 1, 1, 2, 4, 5]);
    expect([0.4, 1, 99.9, 100].map(formatCoverage)).toEqual(['<1', '1', '99', '100']);
    expect(describeMonth(month('2025-11', 0))).toBe('not known');
  });

  it('counts what is missing as the repository itself does, newest first', () => {
    const months = [month('2025-08', 100), month('2025-09', 99.9), month('2025-10', 0)];
    expect(describeMissing(months)).toBe('1 of 3 months partial, 1 missing');
    expect(listMissing(months).map((own) => own.month)).toEqual(['2025-10', '2025-09']);
    expect(describeMissing(months.slice(0, 1))).toBe('nothing');
    expect(listMonths([{ repository: 'a/one', unknown_kinds: {}, months }])[0]).toBe('2025-10');
  });

  it('names only the groups that have a month', () => {
    expect(describeCoverage([month('2025-08', 100)])).toBe('1 month, August 2025: 1 complete.');
  });
});
