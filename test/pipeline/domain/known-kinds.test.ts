import { describe, expect, it } from 'vitest';
import {
  COVERAGE_KINDS,
  type CoverageKind,
  nameKinds,
} from '../../../pipeline/domain/coverage-kinds.ts';
import {
  isCountedByNumber,
  knownBy,
  sampleTrimmedFrom,
} from '../../../pipeline/domain/known-kinds.ts';
import { SOURCE_NAMES } from '../../../pipeline/domain/source.ts';

const PULLS = { linesFrom: 'PR_MERGED' } as const;
const WINDOW = { from: new Date('2014-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };

/** What a source knows of each kind at a moment; undefined before its first era. */
function knownAt(source: string, moment: string, settings = PULLS, window = WINDOW) {
  const eras = knownBy(source, window, settings);
  return eras.findLast(({ since }) => since <= new Date(moment));
}

const all = (share: number) => Object.fromEntries(COVERAGE_KINDS.map((kind) => [kind, share]));

const but = (share: number, ...without: CoverageKind[]) => ({
  ...all(share),
  ...Object.fromEntries(without.map((kind) => [kind, 0])),
});

describe.each(['gharchive', 'bigquery'])('what %s knows', (source) => {
  it.each([
    ['the first hour of the format', '2015-01-01T00:00:00Z', all(1)],
    ['the last hour before GitHub had reviews', '2016-09-13T23:59:59Z', all(1)],
    ['reviews without events', '2016-09-14T00:00:00Z', but(1, 'PR_REVIEWED')],
    ['the last day without them', '2020-08-31T23:59:59Z', but(1, 'PR_REVIEWED')],
    ['events of reviews', '2020-09-01T00:00:00Z', all(1)],
    ['the last hour that is complete', '2025-05-23T23:59:59Z', all(1)],
    ['one page of three', '2025-05-24T00:00:00Z', all(0.42)],
    ['the last day with full payloads', '2025-10-07T23:59:59Z', all(0.42)],
    ['nearly no event', '2025-10-08T00:00:00Z', all(0)],
    ['the last hour of that', '2025-10-13T23:59:59Z', all(0)],
    ['trimmed payloads', '2025-10-14T00:00:00Z', but(0.02, 'COMMIT', 'LINES', 'PR_MERGED')],
    ['no merge yet', '2025-11-30T23:59:59Z', but(0.02, 'COMMIT', 'LINES', 'PR_MERGED')],
    ['merges again', '2025-12-01T00:00:00Z', but(0.02, 'COMMIT', 'LINES')],
    ['a year later', '2026-11-27T00:00:00Z', but(0.02, 'COMMIT', 'LINES')],
  ])('%s', (_, moment, shares) => {
    expect(knownAt(source, moment)?.shares).toEqual(shares);
  });

  it('is nothing before 2015, and damaged since May 2025', () => {
    expect(knownAt(source, '2014-12-31T23:59:59Z')).toBeUndefined();
    expect(knownAt(source, '2025-05-23T23:00:00Z')?.isDamaged).toBe(false);
    expect(knownAt(source, '2025-05-24T00:00:00Z')?.isDamaged).toBe(true);
  });
});

describe('what other sources know', () => {
  it.each(['2009-01-01', '2025-10-10', '2026-11-27'])('is all by GitHub, on %s', (day) => {
    expect(knownAt('github', day)).toMatchObject({ shares: all(1), isDamaged: false });
  });

  it('is all by a source that is not ours', () => {
    expect(knownAt('a source of a fork', '2026-01-01')?.shares).toEqual(all(1));
  });

  it.each([
    ['2026-05-01', '2026-08-01'],
    ['2025-11-01', '2026-02-01'],
  ])('is all but commits and lines of a sample that begins on %s, since %s', (first, trimmed) => {
    const window = { from: new Date(first), to: WINDOW.to };
    const since = new Date(trimmed);
    expect(sampleTrimmedFrom(window.from)).toEqual(since);
    const before = new Date(since.getTime() - 1).toISOString();
    expect(knownAt('sample', before, PULLS, window)?.shares).toEqual(all(1));
    expect(knownAt('sample', trimmed, PULLS, window)).toMatchObject({
      shares: but(1, 'COMMIT', 'LINES'),
      isDamaged: false,
    });
  });
});

describe('lines of commits', () => {
  const settings = { linesFrom: 'COMMIT' } as never;

  it.each(SOURCE_NAMES.map((name) => [name, name === 'github' ? 1 : 0]))(
    'in 2024, by %s: %d',
    (source, share) => {
      const window = { from: new Date('2024-01-01'), to: new Date('2024-06-01') };
      const known = knownAt(source, '2024-01-15', settings, window)?.shares;
      expect(known).toEqual({ ...all(1), LINES: share });
    },
  );

  it('do not depend on the numbers of pull requests', () => {
    const counted = (settings: Parameters<typeof isCountedByNumber>[1]) =>
      COVERAGE_KINDS.filter((kind) => isCountedByNumber(kind, settings));
    const pulls = ['PR_MERGED', 'PR_OPENED', 'ISSUE_OPENED', 'ISSUE_CLOSED'];
    expect(counted(PULLS)).toEqual([...pulls, 'LINES']);
    expect(counted(settings)).toEqual(pulls);
  });
});

it.each([
  [['COMMIT'], 'commits'],
  [['COMMIT', 'LINES'], 'commits and lines'],
  [['RELEASE', 'PR_MERGED', 'LINES'], 'releases, pull requests merged and lines'],
] as [CoverageKind[], string][])('%j are called %s', (kinds, text) => {
  expect(nameKinds(kinds)).toBe(text);
});
