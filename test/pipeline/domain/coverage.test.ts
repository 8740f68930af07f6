import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverMonths, listUnknownKinds, monthsBetween } from '../../../pipeline/domain/coverage.ts';
import { COVERAGE_KINDS, type CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import { knownBy } from '../../../pipeline/domain/known-kinds.ts';
import { listKnownSpans, type ScrapedWindow } from '../../../pipeline/domain/known-spans.ts';
import { HOUR_MS, type Period } from '../../../pipeline/domain/time.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const SETTINGS = { linesFrom: 'PR_MERGED' } as const;

type Gap = [from: string, to: string];

const scraped = (source: string, from: string, to: string, ...gaps: Gap[]): ScrapedWindow => ({
  source,
  completeness: 1,
  window: { from: new Date(from), to: new Date(to) },
  gaps: gaps.map(([start, end]) => ({ from: new Date(start), to: new Date(end) })),
});

type Numbers = Parameters<typeof coverMonths>[2];

const coverAt = (now: Date, month: string, windows: ScrapedWindow[], numbers: Numbers = []) =>
  coverMonths([month], listKnownSpans(windows, SETTINGS), numbers, SETTINGS, now)[0];

const cover = (month: string, ...windows: ScrapedWindow[]) => coverAt(NOW, month, windows);

const all = (value: number, changes: Partial<Record<CoverageKind, number>> = {}) => ({
  ...Object.fromEntries(COVERAGE_KINDS.map((kind) => [kind, value])),
  ...changes,
});

describe('the coverage of a month', () => {
  it('is complete if GitHub was read for all hours', () => {
    expect(cover('2025-11', scraped('github', '2025-11-01', '2025-12-01'))).toEqual({
      month: '2025-11',
      coverage: 100,
      kinds: all(100),
      isDamaged: false,
      missingHours: 0,
      missingNumbers: 0,
    });
  });

  it('is the share of the hours that were read', () => {
    const half = scraped('github', '2025-11-16', '2025-12-01');
    expect(cover('2025-11', half)).toMatchObject({
      coverage: 50,
      kinds: all(50),
      missingHours: 360,
    });
    const holed = scraped('gharchive', '2025-04-01', '2025-05-01', ['2025-04-01', '2025-04-04']);
    expect(cover('2025-04', holed)).toMatchObject({ coverage: 90, missingHours: 72 });
  });

  it('counts a damaged hour of the archive by its measured share, unless GitHub was read', () => {
    const archive = scraped('gharchive', '2025-07-01', '2025-08-01');
    expect(cover('2025-07', archive)).toMatchObject({ coverage: 42, isDamaged: true });
    const github = scraped('github', '2025-07-01', '2025-08-01');
    expect(cover('2025-07', archive, github)).toMatchObject({ coverage: 100, isDamaged: false });
    const before = scraped('gharchive', '2025-04-01', '2025-05-01');
    expect(cover('2025-04', before)).toMatchObject({ coverage: 100, isDamaged: false });
  });

  it('differs by kind where payloads are trimmed, and is their mean', () => {
    const [november, december] = ['2025-11', '2025-12'].map((month) =>
      cover(month, scraped('bigquery', '2025-11-01', '2026-01-01')),
    );
    const trimmed = all(2, { COMMIT: 0, LINES: 0 });
    expect(november).toMatchObject({ kinds: { ...trimmed, PR_MERGED: 0 }, coverage: 1.4 });
    expect(december).toMatchObject({ kinds: trimmed, coverage: 1.6 });
  });

  it('is measured hour by hour where an era begins within it', () => {
    // 7 days at 42 %, 6 at nothing, 18 at 2 %
    const october = cover('2025-10', scraped('gharchive', '2025-10-01', '2025-11-01'));
    expect(october?.kinds).toMatchObject({
      RELEASE: 10.6,
      COMMIT: 9.4,
      LINES: 9.4,
      PR_MERGED: 9.4,
    });
  });

  it('takes the best that any source knows, hour by hour and kind by kind', () => {
    const archive = scraped('gharchive', '2025-11-01', '2025-12-01');
    const half = scraped('github', '2025-11-01', '2025-11-16');
    const known = cover('2025-11', archive, half);
    expect(known?.kinds).toEqual(all(51, { COMMIT: 50, LINES: 50, PR_MERGED: 50 }));
    expect(known).toMatchObject({ missingHours: 0, isDamaged: true });
  });

  it('is reduced by missing numbers, of the kinds that are counted by number', () => {
    const whole = [scraped('github', '2025-11-01', '2025-12-01')];
    const numbers = [{ month: '2025-11', known: 90, missing: 10 }];
    const counted = { PR_OPENED: 90, PR_MERGED: 90, ISSUE_OPENED: 90, ISSUE_CLOSED: 90, LINES: 90 };
    expect(coverAt(NOW, '2025-11', whole, numbers)).toMatchObject({
      coverage: 90,
      kinds: all(100, counted),
      missingNumbers: 10,
    });
  });

  it('counts the hours that have begun, and is 100 only if complete', () => {
    const now = new Date('2025-11-11T00:30:00Z');
    const ten = scraped('github', '2025-11-01', '2025-11-11');
    expect(coverAt(now, '2025-11', [ten])).toMatchObject({ coverage: 100 });
    const almost = scraped('github', '2025-11-01', '2025-12-01', [
      '2025-11-03',
      '2025-11-03T01:00Z',
    ]);
    expect(cover('2025-11', almost)?.coverage).toBe(99.8);
  });

  it('is what a count of each hour by itself gives', () => {
    fc.assert(
      fc.property(fc.array(someWindow(), { maxLength: 5 }), (windows) => {
        const spans = listKnownSpans(windows, SETTINGS);
        const [measured] = coverMonths(['2025-10'], spans, [], SETTINGS, NOW);
        const counted = countHours('2025-10', windows);
        for (const kind of COVERAGE_KINDS)
          expect(measured?.kinds[kind]).toBeCloseTo(Math.floor(counted[kind] + 1e-6) / 10, 5);
      }),
      { numRuns: 30 },
    );
  });
});

/** Windows about October 2025, cut at quarters of hours, some with a gap. */
function someWindow(): fc.Arbitrary<ScrapedWindow> {
  const start = Date.parse('2025-09-28T00:00:00Z');
  const moment = fc.nat({ max: 36 * 24 * 4 }).map((n) => new Date(start + (n * HOUR_MS) / 4));
  const interval = fc
    .tuple(moment, moment)
    .map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }))
    .filter(({ from, to }) => from < to);
  return fc.record({
    source: fc.constantFrom('github', 'gharchive', 'sample'),
    window: interval,
    gaps: fc.array(interval, { maxLength: 2 }),
    completeness: fc.constant(1),
  });
}

/** Thousandths of a month that are known of each kind, by the rule read hour by hour. */
function countHours(month: string, windows: readonly ScrapedWindow[]) {
  const hours = Array.from(
    { length: 31 * 24 },
    (_, index) => Date.parse(`${month}-01T00:00:00Z`) + index * HOUR_MS,
  );
  const shareAt = (hour: number, { source, window, gaps }: ScrapedWindow, kind: CoverageKind) => {
    const covers = ({ from, to }: ScrapedWindow['window']) =>
      from.getTime() < hour + HOUR_MS && to.getTime() > hour;
    if (!covers(window) || gaps.some(covers)) return 0;
    const era = knownBy(source, window, SETTINGS).findLast(({ since }) => +since <= hour);
    return era?.shares[kind] ?? 0;
  };
  const sum = (kind: CoverageKind) =>
    hours
      .map((hour) => Math.max(0, ...windows.map((window) => shareAt(hour, window, kind))))
      .reduce((total, share) => total + share, 0);
  return Object.fromEntries(
    COVERAGE_KINDS.map((kind) => [kind, (sum(kind) / hours.length) * 1000]),
  ) as Record<CoverageKind, number>;
}

describe('the kinds that are not known in a period', () => {
  const unknown = (period: Period, windows: ScrapedWindow[], now = NOW, numbers: Numbers = []) =>
    listUnknownKinds(period, listKnownSpans(windows, SETTINGS), numbers, SETTINGS, now);
  const EVERYTHING = [...COVERAGE_KINDS];
  const github = scraped('github', '2024-01-01', '2026-01-01');

  it.each(['all', 'year', 'quarter', 'month', 'week'] as const)(
    'are none by GitHub: %s',
    (period) => {
      expect(unknown(period, [github])).toEqual([]);
    },
  );

  it.each([
    ['week', '2026-06-01', ['COMMIT', 'LINES']],
    ['all', '2026-08-01', []],
    ['all', '2026-08-01T01:00:00Z', ['COMMIT', 'LINES']],
    ['month', '2026-08-31', ['COMMIT', 'LINES']],
  ] as const)('are those of the era, not before it begins: %s until %s', (period, to, kinds) => {
    // A sample that begins in May is trimmed from August on; one of February from May on.
    const from = period === 'week' ? '2026-02-01' : '2026-05-01';
    expect(unknown(period, [scraped('sample', from, to)], new Date(to))).toEqual(kinds);
  });

  it('are all where the archive has lost events, by an hour of it too', () => {
    const last = new Date('2025-05-24T00:00:00Z');
    const before = scraped('gharchive', '2024-05-24', '2025-05-24');
    expect(unknown('year', [before], last)).toEqual([]);
    const after = new Date(last.getTime() + HOUR_MS);
    const more = scraped('gharchive', '2024-05-24', after.toISOString());
    expect(unknown('year', [more], after)).toEqual(EVERYTHING);
    expect(unknown('year', [more, github], after)).toEqual([]);
  });

  it('are only reviews for the archive of 2018', () => {
    const year = scraped('gharchive', '2018-01-01', '2019-01-01');
    expect(unknown('quarter', [year], new Date('2019-01-01'))).toEqual(['PR_REVIEWED']);
  });

  it('are all where nothing was read, or nothing but gaps', () => {
    expect(unknown('all', [])).toEqual(EVERYTHING);
    const cheap = scraped('bigquery', '2024-01-01', '2025-01-01', ['2024-01-01', '2025-01-01']);
    expect(unknown('all', [cheap])).toEqual(EVERYTHING);
    expect(unknown('all', [cheap, github])).toEqual([]);
  });

  it.each([
    ['the half year before it', 'year', '2024-07-01', []],
    ['a half of the year', 'year', '2025-01-01', EVERYTHING],
    ['the whole quarter', 'quarter', '2025-01-01', EVERYTHING],
    ['three days of the week', 'week', '2024-07-04', EVERYTHING],
  ] as const)('are all where the cheap mode read %s after the archive', (_, period, now, kinds) => {
    const archive = scraped('gharchive', '2023-07-01', '2024-07-01');
    const cheap = scraped('bigquery', '2024-07-01', '2025-01-01', ['2024-07-01', '2025-01-01']);
    const windows = now === '2024-07-01' ? [archive] : [archive, cheap];
    expect(unknown(period, windows, new Date(now))).toEqual(kinds);
  });

  it.each([
    ['two days ago', '2025-12-30', []],
    ['three days ago', '2025-12-29', EVERYTHING],
    ['before the period', '2025-06-01', EVERYTHING],
  ])('are all where reading ended %s', (_, end, kinds) => {
    expect(unknown('month', [scraped('github', '2024-01-01', end)])).toEqual(kinds);
  });

  it('are not changed by a hole of the archive, but by a day of a week', () => {
    const holed = (to: string) => scraped('github', '2024-01-01', '2026-01-01', ['2025-12-27', to]);
    expect(unknown('year', [holed('2025-12-28')])).toEqual([]);
    expect(unknown('week', [holed('2025-12-27T01:00:00Z')])).toEqual([]);
    expect(unknown('week', [holed('2025-12-28')])).toEqual(EVERYTHING);
  });

  it('do not concern the time before anything was read', () => {
    const late = scraped('github', '2025-12-20', '2026-01-01');
    expect(unknown('year', [late])).toEqual([]);
    const before2015 = scraped('gharchive', '2013-01-01', '2015-01-01T02:00:00Z', [
      '2013-01-01',
      '2015-01-01',
    ]);
    expect(unknown('year', [before2015], new Date('2015-01-01T02:00:00Z'))).toEqual([]);
  });

  it('are those counted by number, if more than a hundredth of the numbers is missing', () => {
    const missing = (count: number, month = '2025-12') => [{ month, known: 990, missing: count }];
    expect(unknown('month', [github], NOW, missing(10))).toEqual([]);
    expect(unknown('month', [github], NOW, missing(11))).toEqual([
      'PR_MERGED',
      'PR_OPENED',
      'ISSUE_OPENED',
      'ISSUE_CLOSED',
      'LINES',
    ]);
    expect(unknown('month', [github], NOW, missing(500, '2025-11'))).toEqual([]);
  });
});

it('lists every month that has a window or a contribution', () => {
  const window = scraped('github', '2025-03-31T23:00:00Z', '2025-05-01');
  expect(monthsBetween([window], [{ month: '2024-12' }])).toEqual([
    '2024-12',
    '2025-03',
    '2025-04',
  ]);
});
