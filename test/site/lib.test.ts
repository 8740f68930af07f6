import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../pipeline/published/documents.ts';
import { describeMovement, hueOf, initials } from '../../site/src/lib/entry.ts';
import { workExample } from '../../site/src/lib/example.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMinute,
  formatScore,
  plural,
} from '../../site/src/lib/format.ts';
import { eventLabel, GROUPS, groupOf, KINDS } from '../../site/src/lib/kinds.ts';
import { countPages, pageOfPlace, placesOnPage } from '../../site/src/lib/site.ts';
import { sumOf, TABLE_COLUMNS } from '../../site/src/lib/table-columns.ts';
import {
  type BoardSource,
  FIRST_VIEW,
  findRows,
  readView,
  writeView,
} from '../../site/src/scripts/board-view.ts';
import { rankByKind } from '../../site/src/scripts/kind-source.ts';
import { findPlaces, fold } from '../../site/src/scripts/match.ts';
import { describeFindings, openSearch } from '../../site/src/scripts/search-source.ts';
import { shorten } from '../../site/src/views/api-document.ts';
import { listPagerPages } from '../../site/src/views/pager.ts';
import { scoreBar } from '../../site/src/views/score-bar.ts';
import { trend } from '../../site/src/views/trend.ts';
import { BASE_POINTS, LINES } from '../support/oracle.ts';

describe('numbers', () => {
  it('shows a score whole, with at most three decimals', () => {
    expect([1380, 1234.5, 0.125].map(formatScore)).toEqual(['1,380', '1,234.5', '0.125']);
  });

  it('writes numbers, days and times as the formatters of the language do', () => {
    const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });
    const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (thousandths) => {
        expect(formatScore(thousandths / 1000)).toBe(exact.format(thousandths / 1000));
        expect(formatCount(thousandths)).toBe(whole.format(thousandths));
      }),
    );
    for (const value of [0.0004, 1e-7, 1234.56789, 5e12])
      expect(formatScore(value)).toBe(exact.format(value));
    const minute = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'UTC',
    });
    for (const at of ['2025-09-01T00:00:00.000Z', '2024-02-29T23:59:59Z', '2025-12-31'])
      expect(formatMinute(at)).toBe(`${minute.format(new Date(at))} UTC`);
  });

  it('counts one and many', () => {
    expect([plural(1, 'gap'), plural(0, 'gap'), plural(2, 'repository', 'repositories')]).toEqual([
      '1 gap',
      '0 gaps',
      '2 repositories',
    ]);
  });

  it('shows bytes and durations', () => {
    expect([0, 1024, 5e11].map(formatBytes)).toEqual(['0 B', '1 KiB', '465.7 GiB']);
    expect(formatDuration('2025-01-01T00:00:00Z', '2025-01-01T01:02:03Z')).toBe('1 h 2 min');
  });

  it('works the example of the design: 1380', () => {
    const { sum, parts, bonus } = workExample({ base_points: BASE_POINTS, lines: LINES });
    expect(parts.map(({ points }) => points)).toContain(500);
    expect(bonus).toBe(100);
    expect(sum).toBe(1380);
  });

  it('works the example with other weights, and caps the lines', () => {
    const base_points = { ...BASE_POINTS, COMMIT: 0 };
    expect(workExample({ base_points, lines: { ...LINES, cap: 40 } }).sum).toBe(820);
  });

  it('works it with other counts', () => {
    const weights = { base_points: BASE_POINTS, lines: LINES };
    expect(workExample(weights, { counts: {}, added: 0, deleted: 0 }).sum).toBe(0);
    const counts = { RELEASE: 1, ISSUE_CLOSED: 2 };
    expect(workExample(weights, { counts, added: 50, deleted: 100 }).sum).toBe(41);
  });
});

describe('what a row shows', () => {
  it.each([
    [2, 5, 'up', 3],
    [5, 2, 'down', 3],
    [4, 4, 'same', 0],
    [4, null, 'new', 0],
  ])('rank %s after %s is %s by %s', (rank, previous, kind, by) => {
    expect(describeMovement(rank, previous)).toEqual({ kind, by });
  });

  it.each([
    ['x', 'Ada Lovelace', 'AL'],
    ['x', 'Zoë Müller-Größe', 'ZG'],
    ['x', '李小龍', '李'],
    ['nameless', null, 'N'],
    ['<script>', '🌻🌻', '?'],
  ])('%s, %s is %s where there is no picture', (username, name, letters) => {
    expect(initials(username, name)).toBe(letters);
    expect(hueOf(username)).toBeLessThan(360);
  });

  it('gives each part of a score to one group', () => {
    const parts = GROUPS.flatMap((group) => group.parts as readonly string[]);
    expect(parts.toSorted()).toEqual([...KINDS.map(({ kind }) => kind), 'line_bonus'].toSorted());
  });

  it.each(KINDS)(
    'counts $label in the column that has the name of their colour, of pull requests those merged',
    ({ kind, count }) => {
      const entry = Object.fromEntries(KINDS.map((other) => [other.count, 0]));
      const counted = {
        ...entry,
        lines_added: 0,
        lines_deleted: 0,
        [count]: 1,
      } as unknown as Entry;
      const columns = TABLE_COLUMNS.filter((column) => sumOf(column, counted) > 0).map(
        ({ label }) => label,
      );
      const group = GROUPS.find(({ id }) => id === groupOf(kind))?.label;
      const merged = kind === 'PR_MERGED' ? ['Merged'] : [];
      expect(columns).toEqual(group === 'Pull requests' ? merged : [group]);
    },
  );

  it('fills the bar with the parts of a score, and leaves out those without points', () => {
    const none = Object.fromEntries(KINDS.map(({ kind }) => [kind, 0])) as Entry['points'];
    const bar = (points: Partial<Entry['points']>, most: number) =>
      scoreBar({ ...none, line_bonus: 0, ...points }, most, { width: 100 }).map(({ text }) =>
        text.slice('<path'.length, -'/>'.length),
      );
    // A unit of air is left between two parts, and none at the end. Each kind has its place.
    const [merged, commits, lines] = [' d="M0 4h49"', ' d="M50 4h24"', ' d="M75 4h25"'];
    const all = [merged, '', commits, '', '', '', lines];
    expect(bar({ PR_MERGED: 50, COMMIT: 25, line_bonus: 25 }, 100)).toEqual(all);
    expect(bar({ COMMENT: 1, COMMIT: 199 }, 400)).toEqual(['', '', ' d="M0 4h50"']);
    expect(bar({ COMMENT: 1 }, 100_000)).toEqual(['', '', '', '', ' d="M0 4h2"']);
    expect(bar({}, 100)).toEqual([]);
  });

  it('draws a trend of 26 weeks from its first one that has any, down to zero and up to its own height', () => {
    const path = (weeks: number[]) => /d="(.*?)"/.exec(trend(weeks).toString())?.[1];
    expect(trend([])).toBe('');
    // Nothing but the last week: a line along the foot, and a step to the top.
    expect(path([4])).toBe('M0 17h75l3-16');
    expect(path(Array(26).fill(3))).toBe('M0 1h78');
    expect(path([0, 8, 4])).toBe('M0 17h72l3-16l3 8');
    const all = Array.from({ length: 26 }, (_, week) => week % 3);
    expect(path(all)?.match(/l/g)).toHaveLength(25);
  });

  it.each([
    [1, 1, [1]],
    [1, 3, [1, 2, 3]],
    [4, 9, [1, 2, 3, 4, 5, null, 9]],
    [5, 9, [1, null, 4, 5, 6, null, 9]],
    [9, 9, [1, null, 8, 9]],
  ])('page %s of %s links to %j', (page, pages, links) => {
    expect(listPagerPages(page, pages)).toEqual(links);
  });
});

describe('a view of a board in the address', () => {
  const columns = ['rank', 'name', 'score', 'commits'];
  const view = (
    column: string,
    descending: boolean,
    filter = '',
    page = 0,
    kind: string | null = null,
  ) => ({ order: { column, descending }, filter, kind, page });

  it.each([
    ['', view('rank', false)],
    ['?sort=commits', view('commits', true)],
    ['?sort=commits&order=asc&page=3', view('commits', false, '', 2)],
    ['?order=desc', view('rank', true)],
    ['?kind=review&page=2', view('rank', false, '', 1, 'review')],
    ['?sort=name&filter=zo%C3%AB+m', view('name', false, 'zoë m')],
  ])('%j is read and written alike', (search, expected) => {
    expect(readView(search, columns)).toEqual(expected);
    expect(writeView('', expected)).toBe(search);
  });

  it('is the default where the address is wrong', () => {
    expect(readView('?sort=__proto__&page=-4&kind=constructor', columns)).toEqual(FIRST_VIEW);
    expect(readView('?page=x', columns)).toEqual(FIRST_VIEW);
  });

  it('leaves the rest of the address as it is', () => {
    expect(writeView('?from=mail&sort=score', FIRST_VIEW)).toBe('?from=mail');
  });
});

describe('what an event is called', () => {
  it.each([
    ['pr:7181:merged', '#7181'],
    ['issue:12:closed', '#12'],
    ['commit:0123456789abcdef', '0123456'],
    ['commit:0123456789abcdef:9', '0123456'],
    ['review:11208527042', null],
    ['release:5', null],
  ])('%s is %s', (id, label) => {
    expect(eventLabel(id)).toBe(label);
  });
});

describe('finding names', () => {
  it('finds without marks and case', () => {
    expect(findPlaces([fold('zoe_mueller Zoë Müller'), fold('bo Bo')], fold('ZOË MU'))).toEqual([
      0,
    ]);
  });

  it('puts the whole name first, then beginnings, then parts', () => {
    const texts = ['banana', 'an', 'big ant', 'anna'];
    expect(findPlaces(texts, 'an')).toEqual([1, 3, 2, 0]);
  });

  it.each([
    ['mueler', 'a letter is missing', true],
    ['muelller', 'a letter is too many', true],
    ['muelker', 'a letter is another one', true],
    ['meuller', 'two letters are swapped', true],
    ['mule', 'the beginning of a word, with two letters swapped', true],
    ['zeo_mueller', 'a whole login', true],
    ['mulerz', 'two are wrong', false],
    ['mxl', 'too short for a typing error', false],
  ])('of %j, as %s, finds somebody: %s', (wanted, _, isFound) => {
    const texts = ['bo', fold('zoe_mueller Zoë Müller'), 'sue'];
    expect(findPlaces(texts, wanted)).toEqual(isFound ? [1] : []);
  });

  it('finds months by name and number where it finds the pages of the site', async () => {
    const index = {
      ...{ defaultPeriod: 'all', pageSize: 50, boardPages: 1, repositories: [] },
      ...{
        usernames: ['october'],
        names: [0],
        page: '1',
        months: ['2026-10', '2025-10', '2025-09'],
      },
    };
    vi.stubGlobal('fetch', async () => Response.json(index));
    const find = await openSearch('', '/b/', [{ label: 'Months', href: '/b/months/' }]);
    const names = await openSearch('', '/b/');
    vi.unstubAllGlobals();
    const labels = (text: string) => find(text).best.map(({ label, detail }) => [label, detail]);
    expect(labels('octobre')).toEqual([
      ['October 2026', 'month'],
      ['October 2025', 'month'],
      ['october', 'contributor'],
    ]);
    expect(find('2025-09').best).toEqual([
      { label: 'September 2025', detail: 'month', href: '/b/2025/09/' },
    ]);
    expect(labels('months')).toEqual([['Months', 'page']]);
    expect(names('october').best.map(({ detail }) => detail)).toEqual(['contributor']);
  });

  it('does not look for typing errors where something matches', () => {
    expect(findPlaces(['marten', 'martin'], 'marti')).toEqual([1]);
    expect(findPlaces(['marten', 'martin'], 'martn')).toEqual([0, 1]);
  });

  it.each([
    [0, 0, 'Nothing found'],
    [3, 3, '3 found'],
    [8, 1900, '8 of 1,900 shown'],
  ])('says of %s that are shown of %s: %s', (shown, total, text) => {
    const one = { label: 'bo', detail: 'contributor', href: '/' };
    expect(describeFindings({ best: Array.from({ length: shown }, () => one), total })).toBe(text);
  });
});

const unneeded = () => {
  throw new Error('not needed');
};

describe('ordering a board', () => {
  const scores = [9, 9, 3, 7];
  const names = ['bo', 'Al', 'cy', 'di'];
  const source: BoardSource = {
    size: 4,
    perPage: 2,
    values: (column) => (column === 'score' ? scores : names),
    texts: () => names.map(fold),
    logins: () => names,
    entry: unneeded,
    row: (row, byKind) => JSON.stringify([row, byKind]),
    points: () => Float64Array.from([0, 5, 9, 5]),
  };
  const by = (column: string, descending: boolean, filter = '') =>
    findRows(source, { column, descending }, filter).rows;

  it('keeps equal values in the order of ranks, both ways', () => {
    expect(by('score', true)).toEqual([0, 1, 3, 2]);
    expect(by('score', false)).toEqual([2, 3, 0, 1]);
  });

  it('orders names without regard to case, and filters', () => {
    expect(by('name', false)).toEqual([1, 0, 2, 3]);
    expect(by('name', false, ' CY')).toEqual([2]);
  });

  it('ranks by the points of a kind, with ties, and without those who have none', () => {
    const ranked = rankByKind(source, 'commit');
    expect(ranked.size).toBe(3);
    const find = (column: string) =>
      findRows(ranked, { column, descending: false }, '').rows.map((row) =>
        JSON.parse(ranked.row(row)),
      );
    const one = { group: 2, most: 9 };
    const [first, second, third] = [
      [2, { ...one, points: 9, rank: 1, tied: false }],
      [1, { ...one, points: 5, rank: 2, tied: true }],
      [3, { ...one, points: 5, rank: 2, tied: true }],
    ];
    expect(find('rank')).toEqual([first, second, third]);
    expect(find('name')).toEqual([second, first, third]);
  });

  it('finds the first rows as if all were ordered', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), fc.nat(30), (values, most) => {
        const long = { ...source, size: values.length, values: () => values };
        const find = (count?: number) =>
          findRows(long, { column: 'score', descending: true }, '', count);
        expect(find(most)).toEqual({ ...find(), rows: find().rows.slice(0, most) });
      }),
    );
  });
});

describe('the pages of a board', () => {
  const sizes = { pageSize: 50, boardPages: 10 };

  it.each([
    [0, 1],
    [50, 1],
    [51, 2],
    [500, 10],
    [501, 11],
    [1_000, 11],
    [1_001, 12],
  ])('of %s people are %s', (people, pages) => {
    expect(countPages(people, sizes)).toBe(pages);
  });

  it('have each place once', () => {
    const places = Array.from({ length: 12 }, (_, page) => placesOnPage(page + 1, sizes));
    expect(places.slice(-3)).toEqual([
      [451, 500],
      [501, 1_000],
      [1_001, 1_500],
    ]);
    for (const [index, [first, last]] of places.entries()) {
      expect(pageOfPlace(first, sizes)).toBe(index + 1);
      expect(pageOfPlace(last, sizes)).toBe(index + 1);
    }
  });
});

describe('an answer of the API', () => {
  it('is shown with the beginning of each list and of each text', () => {
    const answer = { a: [1, 2, 3, 4, 5], b: { c: ['x'.repeat(300)], d: null }, e: [1, 2, 3] };
    expect(shorten(answer)).toEqual({
      a: [1, 2, 3, '… 2 more'],
      b: { c: [`${'x'.repeat(200)}…`], d: null },
      e: [1, 2, 3],
    });
  });
});
