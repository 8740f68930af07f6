import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { COVERAGE_KINDS, type CoverageKind } from '../../pipeline/domain/coverage-kinds.ts';
import type { Coverage } from '../../pipeline/published/documents.ts';
import { describeCount } from '../../site/src/lib/format.ts';
import { listUnknownColumns } from '../../site/src/lib/table-columns.ts';
import { describeLacking, findLacking } from '../../site/src/lib/unknown.ts';
import { isDayUnknown, unknownSince } from '../../site/src/lib/unknown-weeks.ts';
import { describeUnknownTime } from '../../site/src/lib/unknown-words.ts';
import { emptyBoard } from '../../site/src/views/empty-board.ts';
import { buildDocuments, writeDocuments } from '../support/documents.ts';
import { readCount } from './built-site.ts';
import { month } from './month.ts';

describe('a board without anybody', () => {
  const site = { base: '/' } as Parameters<typeof emptyBoard>[0];
  const read = { from: '2025-04-01T00:00:00Z', to: '2025-05-01T00:00:00Z' };
  const board = { scope: 'global', span: 'all time', unranked: 0, others: [], read } as const;
  it.each([
    [true, 'Nothing that counts was found between'],
    [false, 'is not known: what was read says nothing of contributions'],
  ])('of which something is known: %s, says so', (isKnown, text) => {
    expect(String(emptyBoard(site, { ...board, isKnown }))).toContain(text);
  });
});

describe('a count', () => {
  it.each([
    [0, false, '0', 'z'],
    [1234, false, '1,234', undefined],
    [0, true, '–', 'n'],
    [1234, true, '1,234+', 'ge'],
  ])('%d, not known in full: %s, is written %s', (value, isUnknown, text, className) => {
    expect(describeCount(value, isUnknown)).toEqual({ text, className });
    expect(readCount(text)).toBe(value);
  });

  it.each([
    [[], []],
    [['COMMIT'], ['commits']],
    [['ISSUE_CLOSED', 'LINES'], ['issues']],
    [
      ['PR_REVIEW_COMMENT', 'RELEASE'],
      ['comments', 'releases'],
    ],
  ] as [CoverageKind[], string[]][])('without %j is not known of %j', (kinds, columns) => {
    expect(listUnknownColumns(kinds)).toEqual(columns);
  });
});

describe('what a board lacks', () => {
  const without = (...kinds: CoverageKind[]) => Object.fromEntries(kinds.map((kind) => [kind, 0]));
  const ofRepository = (
    repository: string,
    kinds: CoverageKind[],
    ...months: ReturnType<typeof month>[]
  ) => ({ repository, unknown_kinds: kinds.length > 0 ? { month: kinds } : {}, months });

  const one = ofRepository(
    'a/one',
    ['COMMIT', 'LINES'],
    month('2026-09', 80, false, without('COMMIT', 'LINES')),
    month('2026-10', 80, false, without('COMMIT', 'LINES')),
  );
  const two = ofRepository('a/two', [], month('2026-10', 100));
  const three = ofRepository('a/three', ['RELEASE'], month('2026-10', 99, true, { RELEASE: 42 }));
  const unread = ofRepository('a/unread', ['COMMIT']);

  const say = (all: (typeof one)[], kinds: CoverageKind[], since = '2026-10') => {
    const lacking = findLacking(all, 'month', kinds, since);
    return lacking && describeLacking(lacking, 'month');
  };
  const KEY = 'Scores lack what is not known: “–” is not 0, and “12+” is 12 or more.';
  const UNEVEN =
    'Ranks across repositories are uneven: work that is known of one is not known of another.';

  it('is nothing if all is known', () => {
    expect(say([two], [])).toBeNull();
  });

  it('is said with the months of the period alone', () => {
    expect(say([one], ['COMMIT', 'LINES'])).toEqual([
      'Commits and lines are not known for October 2026.',
      KEY,
    ]);
    expect(say([one], ['COMMIT', 'LINES'], '')).toEqual([
      'Commits and lines are not known for September 2026 to October 2026.',
      KEY,
    ]);
    // A reading that ended before the period has no month in it.
    expect(say([one], ['COMMIT'], '2027-01')).toEqual(['Commits are not known in full.', KEY]);
  });

  it('is uneven where one repository lacks what another does not', () => {
    expect(say([one, two, unread], ['COMMIT', 'LINES'])).toEqual([
      'For a/one, commits and lines are not known for October 2026.',
      KEY,
      UNEVEN,
    ]);
    expect(say([one, three, two], ['RELEASE', 'COMMIT', 'LINES'])).toEqual([
      'For 2 of 3 repositories, commits and lines are not known for October 2026 ' +
        'and only a part of releases is known for October 2026.',
      KEY,
      UNEVEN,
      'Some of October 2026 is known only from a damaged part of GH Archive.',
    ]);
    expect(say([one, { ...one, repository: 'a/four' }], ['COMMIT', 'LINES'])).toHaveLength(2);
  });
});

describe('the notice on a board', () => {
  const data = mkdtempSync(join(tmpdir(), 'site-unknown-'));
  let unknownNotice: typeof import('../../site/src/lib/unknown.ts')['unknownNotice'];

  beforeAll(async () => {
    const documents = buildDocuments({ people: 3, contributorPages: 1, sample: false });
    const path = 'dashboard/coverage.json';
    const coverage = documents.get(path) as Coverage;
    const repositories = coverage.repositories.map((own) =>
      own.repository === 'Tools-Co/shed' ? { ...own, months: [] } : own,
    );
    documents.set(path, { ...coverage, repositories });
    writeDocuments(data, documents);
    vi.stubEnv('SITE_DATA', data);
    // Modules keep what they have read, and those of other tests have read other documents.
    vi.resetModules();
    ({ unknownNotice } = await import('../../site/src/lib/unknown.ts'));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true, force: true });
  });

  it('says of which repositories nothing was read, where all others are known', () => {
    expect(unknownNotice('global', 'week')).toEqual(['Nothing was read yet of 1 repository.']);
    expect(unknownNotice('meadow/next.js', 'all')).toEqual([]);
    expect(unknownNotice('meadow/garden', 'month')).toHaveLength(3);
    expect(unknownNotice('global', 'month')).toHaveLength(5);
  });
});

describe('the weeks of which not all is known', () => {
  const at = (day: string) => `${day}T00:00:00.000Z`;
  const interval = (from: string, to: string, ...kinds: CoverageKind[]) => ({
    from: at(from),
    to: at(to),
    kinds,
  });
  const unknown = [
    interval('2026-08-01', '2026-09-02', 'COMMIT', 'LINES'),
    interval('2026-09-02', '2026-10-05', 'COMMIT'),
    interval('2026-10-05', '2026-10-12', 'RELEASE', 'COMMIT'),
  ];

  it.each([
    ['2026-08-01', COVERAGE_KINDS, true],
    // Lines are no contributions.
    ['2026-08-01', COVERAGE_KINDS.filter((kind) => kind !== 'LINES'), true],
    ['2026-08-01', COVERAGE_KINDS.filter((kind) => kind !== 'COMMENT'), false],
    ['2026-08-31', COVERAGE_KINDS, true],
    ['2026-09-01', COVERAGE_KINDS, false],
    ['2026-07-31', COVERAGE_KINDS, false],
  ])('make a day of %s without any known kind a day that is not known: %j', (day, kinds, is) => {
    const all = [interval('2026-08-01', '2026-09-01', ...kinds)];
    expect(isDayUnknown(Date.parse(at(day)), all)).toBe(is);
  });

  it('are said from the start of the chart on, as one where the same is not known', () => {
    const shown = unknownSince(Date.parse('2026-08-15'), unknown);
    expect(describeUnknownTime(shown, at('2026-10-15'))).toBe(
      ' Not known in full: commits from 1 Aug 2026 to 5 Oct 2026; ' +
        'releases and commits from 5 Oct 2026 on.',
    );
    expect(unknownSince(Date.parse('2026-11-01'), unknown)).toEqual([]);
    expect(unknownSince(0, [interval('2026-08-01', '2026-09-01', 'LINES')])).toEqual([]);
    expect(describeUnknownTime([], at('2026-10-15'))).toBe('');
  });
});
