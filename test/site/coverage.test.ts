import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { mapCoverageKinds } from '../../pipeline/domain/known-kinds.ts';
import { formatMonths } from '../../pipeline/domain/months.ts';
import type { Coverage } from '../../pipeline/published/documents.ts';
import {
  describeCoverage,
  describeKindMonth,
  describeLack,
  describeMissing,
  describeMonth,
  formatCoverage,
  groupMissing,
  listMissing,
  listMonths,
  type RepositoryCoverage,
  shareByKind,
} from '../../site/src/lib/coverage.ts';
import { listEffects } from '../../site/src/lib/coverage-effects.ts';
import { knownByGroup } from '../../site/src/lib/known-kinds.ts';
import { countKnownMonths, listDamaged } from '../../site/src/lib/known-months.ts';
import { coveragePage } from '../../site/src/views/coverage/coverage.ts';
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

describe('what gaps do to the boards', () => {
  const document = (repositories: readonly RepositoryCoverage[]) => ({
    repositories: [...repositories],
    put_aside: [],
  });
  const whole = { repository: 'a/one', unknown_kinds: {}, months: [month('2026-09', 100)] };

  it('is nothing where all is known', () => {
    expect(listEffects(document([whole]))).toEqual([]);
  });

  it('is said once for periods that lack the same', () => {
    const unknown_kinds = { month: ['COMMIT' as const], week: ['COMMIT' as const] };
    const lacking = { ...whole, unknown_kinds };
    const other = { ...whole, unknown_kinds: { ...unknown_kinds, all: ['LINES' as const] } };
    expect(listEffects(document([lacking, other]))).toEqual([
      { weight: 'gap', text: 'Month, week: commits not known in full', reach: '2 repositories' },
      { weight: 'gap', text: 'All time: lines not known in full', reach: '1 repository' },
    ]);
  });

  it('is a month whose archive is damaged, or that misses more than a hundredth of its hours', () => {
    const months = [
      { ...month('2026-07', 10), missing_hours: 600 },
      { ...month('2026-08', 99.8), missing_hours: 7 },
      { ...month('2026-09', 80), missing_hours: 72 },
      month('2026-10', 60, true),
      // Of what was read last two days may be missing.
      { ...month('2026-11', 90), missing_hours: 48 },
    ];
    expect([...listDamaged(months)].map((own) => own.month)).toEqual(['2026-10', '2026-09']);
    expect(listEffects(document([{ ...whole, months }]))).toEqual([
      {
        weight: 'damage',
        text: 'October 2026: only a damaged part of the archive',
        reach: '1 repository',
      },
      {
        weight: 'damage',
        text: 'September 2026: 72 hours missing, 10% of the month',
        reach: '1 repository',
      },
    ]);
  });
});

describe('the page of coverage', () => {
  const own = (repository: string, ...months: RepositoryCoverage['months']) => ({
    ...{ repository, unknown_kinds: {} },
    months,
  });
  const repositories = [
    own('a/one', month('2026-08', 100), month('2026-09', 50, true)),
    own('a/two', month('2026-08', 100), month('2026-09', 50, true)),
    own('a/three', month('2026-08', 100), month('2026-09', 50, true)),
    own('a/four', month('2026-09', 0)),
  ];
  const coverage = {
    summary: 'Some is missing.',
    repositories,
    put_aside: [],
  } as unknown as Coverage;
  const draw = () =>
    parseHTML(`<main>${coveragePage({ tracked: new Map() }, coverage, '/c.json').text}</main>`)
      .document;

  it('counts months, which sum up to all of them', () => {
    expect(countKnownMonths(repositories)).toEqual({
      ...{ whole: 3, part: 0, damaged: 3, unknown: 1, all: 7 },
    });
    const keys = [...draw().querySelectorAll('.know-bar + .keys span')].map(
      (key) => key.textContent,
    );
    expect(keys).toEqual(['whole, 3', 'archive damaged, 3', 'not known, 1']);
  });

  it('has one line for repositories with the same gaps, oldest month first', () => {
    const rows = [...draw().querySelectorAll('.cov tbody tr')].map((row) =>
      [...row.children].map((cell) => [cell.className, cell.textContent]),
    );
    expect(rows).toEqual([
      [
        ['', '3 repositories 1 of 2 months partial'],
        ['', ''],
        ['d', '50'],
      ],
      [
        ['', 'a/four 1 of 1 month missing'],
        ['o', ''],
        ['x', '–'],
      ],
    ]);
    expect([...draw().querySelectorAll('.names li')].map((name) => name.textContent)).toEqual([
      ...['a/one', 'a/two', 'a/three'],
    ]);
  });

  it('says of each kind how much is known of it', () => {
    const known = knownByGroup([
      own('a/one', month('2026-08', 80, false, { ...mapCoverageKinds(() => 100), COMMIT: 0 })),
      own('a/two', month('2026-08', 100)),
    ]);
    expect(known.map(({ group, share }) => [group.id, share])).toContainEqual(['commit', 50]);
    for (const { whole, part, unknown } of known) expect(whole + part + unknown).toBe(2);
  });
});
