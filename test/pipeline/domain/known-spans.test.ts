import { describe, expect, it } from 'vitest';
import { COVERAGE_KINDS } from '../../../pipeline/domain/coverage-kinds.ts';
import {
  listKnownSpans,
  listUnknownIntervals,
  type ScrapedWindow,
} from '../../../pipeline/domain/known-spans.ts';

const scraped = (source: string, from: string, to: string, gaps: ScrapedWindow['gaps'] = []) => ({
  source,
  completeness: 1,
  window: { from: new Date(from), to: new Date(to) },
  gaps,
});

const gap = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });

const intervals = (...repositories: ScrapedWindow[][]) =>
  listUnknownIntervals(
    repositories.map((windows) => listKnownSpans(windows, { linesFrom: 'PR_MERGED' })),
  ).map(({ from, to, kinds }) => [from.toISOString(), to.toISOString(), kinds]);

const at = (day: string) => `${day}T00:00:00.000Z`;
const EVERYTHING = [...COVERAGE_KINDS];

describe('when some kinds are not known', () => {
  it('is never by GitHub, nor by the archive of 2024', () => {
    expect(intervals([scraped('github', '2024-01-01', '2026-01-01')])).toEqual([]);
    expect(intervals([scraped('gharchive', '2024-01-01', '2025-01-01')])).toEqual([]);
  });

  it('is told apart by kinds, and ends where GitHub was read', () => {
    const sample = scraped('sample', '2026-05-01', '2026-11-01');
    const github = scraped('github', '2026-10-01', '2026-11-01');
    expect(intervals([sample, github])).toEqual([
      [at('2026-08-01'), at('2026-10-01'), ['COMMIT', 'LINES']],
    ]);
  });

  it('does not end for an hour that was not read', () => {
    const holed = (to: string) =>
      scraped('sample', '2026-05-01', '2026-11-01', [gap('2026-09-13', to)]);
    expect(intervals([holed('2026-09-13T01:00:00Z')])).toEqual([
      [at('2026-08-01'), at('2026-11-01'), ['COMMIT', 'LINES']],
    ]);
    expect(intervals([holed('2026-09-14')])).toHaveLength(3);
  });

  it('is that of any repository', () => {
    const sample = scraped('sample', '2026-05-01', '2026-09-01');
    const github = scraped('github', '2026-05-01', '2026-09-01', [gap('2026-08-10', '2026-08-12')]);
    expect(intervals([sample], [github])).toEqual([
      [at('2026-08-01'), at('2026-08-10'), ['COMMIT', 'LINES']],
      [at('2026-08-10'), at('2026-08-12'), EVERYTHING],
      [at('2026-08-12'), at('2026-09-01'), ['COMMIT', 'LINES']],
    ]);
  });

  it('counts what was not read from a day on', () => {
    const holed = (to: string) =>
      scraped('gharchive', '2020-10-01', '2021-12-01', [gap('2021-10-22', to)]);
    expect(intervals([holed('2021-10-22T23:00:00Z')])).toEqual([]);
    expect(intervals([holed('2021-10-23')])).toEqual([
      [at('2021-10-22'), at('2021-10-23'), EVERYTHING],
    ]);
  });
});
