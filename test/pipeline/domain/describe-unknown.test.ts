import { describe, expect, it } from 'vitest';
import { COVERAGE_KINDS, type CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import { describeUnknown, fromFirstKnown } from '../../../pipeline/domain/describe-unknown.ts';
import { mapCoverageKinds } from '../../../pipeline/domain/known-kinds.ts';

const month = (name: string, kinds: Partial<Record<CoverageKind, number>>) => ({
  month: name,
  kinds,
});
const all = (share: number, changes = {}) => ({ ...mapCoverageKinds(() => share), ...changes });
const EVERYTHING = [...COVERAGE_KINDS];

describe('what is not known, in words', () => {
  it.each([
    [
      'two kinds of a sample',
      ['COMMIT', 'LINES'],
      [month('2026-08', { COMMIT: 0, LINES: 0 }), month('2026-09', { COMMIT: 0, LINES: 0 })],
      'commits and lines are not known for August 2026 to September 2026',
    ],
    [
      'the archive since May 2025',
      EVERYTHING,
      [
        month('2025-04', all(100)),
        month('2025-05', all(85)),
        month('2025-11', all(2, { COMMIT: 0, LINES: 0, PR_MERGED: 0 })),
        month('2025-12', all(2, { COMMIT: 0, LINES: 0 })),
      ],
      'pull requests merged are not known for November 2025, commits and lines are not known for ' +
        'November 2025 to December 2025 and only a part of all other kinds is known for ' +
        'May 2025, November 2025 to December 2025',
    ],
    [
      'a month of which half was read',
      EVERYTHING,
      [month('2026-08', all(50)), month('2026-09', all(100))],
      'only a part of all kinds is known for August 2026',
    ],
    [
      'missing numbers',
      ['PR_OPENED', 'ISSUE_OPENED'],
      [month('2026-08', { PR_OPENED: 90, ISSUE_OPENED: 90 })],
      'only a part of pull requests opened and issues opened is known for August 2026',
    ],
    [
      'a time after the last month',
      EVERYTHING,
      [month('2026-08', all(100))],
      'no kind of contribution is known in full',
    ],
  ] as const)('%s', (_, kinds, months, text) => {
    expect(describeUnknown([...kinds], months)).toBe(text);
  });
});

it.each([
  ['nothing', [], []],
  ['months of which nothing is known', [month('2026-01', all(0))], []],
  [
    'a contribution before anything was read',
    [month('2020-01', all(0)), month('2026-01', all(0, { RELEASE: 2 })), month('2026-02', all(0))],
    ['2026-01', '2026-02'],
  ],
])('of %s, the months from the first that is known', (_, months, names) => {
  expect(fromFirstKnown(months).map((own) => own.month)).toEqual(names);
});

describe('the first month of a repository', () => {
  const half = month('2024-04', all(56, { COMMIT: 0 }));

  it('lacks only what is known of another kind: its beginning was not asked for', () => {
    expect(fromFirstKnown([half, month('2024-05', all(100))])[0]?.kinds).toEqual({ COMMIT: 0 });
  });

  it('is as it is, if there is no other', () => {
    expect(fromFirstKnown([half])).toEqual([half]);
  });
});
