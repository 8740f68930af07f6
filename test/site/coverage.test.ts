import { describe, expect, it } from 'vitest';
import { mapCoverageKinds } from '../../pipeline/domain/known-kinds.ts';
import { formatMonths } from '../../pipeline/domain/months.ts';
import {
  describeCoverage,
  describeKindMonth,
  describeLack,
  describeMissing,
  describeMonth,
  formatCoverage,
  groupMissing,
  heatStep,
  listMissing,
  listMonths,
  shareByKind,
} from '../../site/src/lib/coverage.ts';
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
    expect(describeMissing([])).toBe('not read yet');
    expect(listMonths([{ repository: 'a/one', unknown_kinds: {}, months }])[0]).toBe('2025-10');
  });

  it('names only the groups that have a month', () => {
    expect(describeCoverage([month('2025-08', 100)])).toBe('1 month, August 2025: 1 complete.');
  });
});

describe('coverage by kind', () => {
  const lacks = (share: number, kinds = {}) => month('2026-08', share, false, kinds);

  it.each([
    [lacks(100), '100%'],
    [lacks(80, { COMMIT: 0, LINES: 0 }), '80%; commits and lines not known'],
    [lacks(89, { PR_OPENED: 90, COMMIT: 0 }), '89%; commits not known; pull requests opened 90%'],
    [
      lacks(
        42,
        mapCoverageKinds(() => 42),
      ),
      '42%',
    ],
    [
      lacks(
        0,
        mapCoverageKinds(() => 0),
      ),
      'not known',
    ],
  ])('of a month', (own, text) => {
    expect(describeLack(own)).toBe(text);
  });

  const repositories = [
    { repository: 'a/one', unknown_kinds: {}, months: [lacks(80, { COMMIT: 0, LINES: 0 })] },
    { repository: 'a/two', unknown_kinds: {}, months: [lacks(100, { COMMIT: 100, LINES: 50 })] },
    {
      repository: 'a/three',
      unknown_kinds: {},
      months: [{ ...lacks(80, { COMMIT: 0, LINES: 0 }), unattributed: 7 }],
    },
    { repository: 'a/unread', unknown_kinds: {}, months: [] },
  ];

  it('is the mean of the repositories that have the month', () => {
    const rows = shareByKind(repositories, ['2026-09', '2026-08']);
    expect(rows.map(({ kind }) => kind)).toEqual(['COMMIT', 'LINES']);
    expect(rows[0]?.months.map(describeKindMonth)).toEqual([
      '2026-09: not measured',
      '2026-08: 33.3%; not all is known of 2 of 3 repositories',
    ]);
    expect(rows[1]?.months[1]).toMatchObject({ share: 16.6, lacking: 3, all: 3 });
    const [unknown] = shareByKind(repositories.slice(0, 1), ['2026-08']);
    expect(unknown?.months.map(describeKindMonth)).toEqual(['2026-08: not known']);
  });

  it('groups repositories that miss the same, whatever was stored of them', () => {
    expect(groupMissing(repositories).map((group) => group.repositories)).toEqual([
      ['a/one', 'a/three'],
      ['a/two'],
      ['a/unread'],
    ]);
  });
});
