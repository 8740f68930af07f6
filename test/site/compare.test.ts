import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { PERIODS } from '../../pipeline/domain/time.ts';
import type {
  Board,
  Contributor,
  ContributorActivity,
  RepositoryActivity,
  RepositoryDocument,
} from '../../pipeline/published/documents.ts';
import { compareHref, readChoice } from '../../site/src/lib/compare-address.ts';
import type { Cell, Compared } from '../../site/src/lib/compared.ts';
import { comparedPerson } from '../../site/src/lib/compared-person.ts';
import { comparedRepository } from '../../site/src/lib/compared-repository.ts';
import type { Period, SiteFacts } from '../../site/src/lib/site.ts';
import type { Unknown } from '../../site/src/lib/unknown-weeks.ts';
import { chosenList, compareBody } from '../../site/src/views/compare.ts';
import { firstOf, listRows } from '../../site/src/views/compare-table.ts';
import { countEmpty, joinGaps, meansOf } from '../../site/src/views/compare-weeks.ts';
import { buildDocuments } from '../support/documents.ts';
import { BASE_POINTS, LINES, PERIOD_DAYS } from '../support/oracle.ts';

describe('the address of a comparison', () => {
  it.each([
    ['', [], []],
    ['?with=', [], []],
    ['?with=a', ['a'], []],
    ['?with=a,b/c', ['a', 'b/c'], []],
    ['?with=%40a, @b ,,', ['a', 'b'], []],
    ['?with=a,A,b,B', ['a', 'b'], []],
    ['?with=a,b,c,d,e,f', ['a', 'b', 'c', 'd'], ['e', 'f']],
    ['?with=a&with=b', ['a'], []],
    ['?with=constructor,__proto__,toString', ['constructor', '__proto__', 'toString'], []],
    ['?with=%3Cb%3Ex%3C/b%3E', ['<b>x</b>'], []],
    ['?with=%E0%A4%A', ['\uFFFD%A'], []],
  ])('%s asks for %j and leaves out %j', (search, names, leftOut) => {
    expect(readChoice(search)).toEqual({ names, leftOut, period: 'all' });
  });

  it.each([
    [[], '/b/compare/'],
    [['a', 'o/n.js'], '/b/compare/?with=a,o/n.js'],
    [['<b>', 'a&b=c'], '/b/compare/?with=%3Cb%3E,a%26b%3Dc'],
  ])('of %j is %s, and is read back', (names, href) => {
    expect(compareHref('/b/', names)).toBe(href);
    expect(readChoice(new URL(href, 'https://x').search).names).toEqual(names);
  });
});

describe('the first of a row', () => {
  it.each([
    [[3, 1, 2], 'most', 0],
    [[3, 1, 2], 'least', 1],
    [[3, 3, 2], 'most', -1],
    [[3, 3, 2], 'least', 2],
    [[0, 0], 'most', -1],
    [[3, null], 'most', -1],
    [[3, 1, null], 'most', -1],
    [[null, 3, 1], 'least', -1],
    [[null, null], 'most', -1],
    [[1, Infinity], 'least', 0],
    [[Infinity, Infinity], 'least', -1],
    [[7], 'most', -1],
    [[3, 1], null, -1],
    [[], 'most', -1],
  ] as const)('of %j by %s is %i', (values, best, first) => {
    expect(
      firstOf(
        values.map((value) => ({ value })),
        best,
      ),
    ).toBe(first);
  });
});

describe('a line of weeks', () => {
  it.each([
    [[8], [8]],
    [
      [8, 0, 4, 0, 0],
      [8, 4, 4, 3, 1],
    ],
    [
      [null, 8, null, 2],
      [null, 8, null, 5],
    ],
    [
      [null, null],
      [null, null],
    ],
    [[], []],
  ])('%j has the means %j', (weeks, means) => {
    expect(meansOf(weeks)).toEqual(means);
  });

  const zeros = (count: number) => new Array<number>(count).fill(0);
  it.each([
    [
      [
        [...zeros(10), 1, ...zeros(42)],
        [...zeros(12), 5, ...zeros(40)],
      ],
      10,
    ],
    [[[1, ...zeros(52)], zeros(53)], 0],
    [[[null, ...zeros(9), 3, ...zeros(42)]], 10],
    // Some weeks are drawn, though nothing is in them.
    [[zeros(53)], 40],
    [[[...zeros(52), 1]], 40],
  ])('%j begins after %i weeks', (lines, empty) => {
    expect(countEmpty(lines)).toBe(empty);
  });

  const gap = (from: string, to: string): Unknown => ({ from, to, kinds: ['COMMIT'] });
  const START = Date.parse('2025-11-03');
  it.each([
    [[[]], []],
    [[[gap('2025-11-10', '2025-11-17')]], [{ from: 1, to: 2 }]],
    [[[gap('2025-10-01', '2025-11-10')], [gap('2025-11-10', '2025-11-17')]], [{ from: 0, to: 2 }]],
    [
      [[gap('2025-11-24', '2026-02-01'), gap('2025-11-03', '2025-11-10')], []],
      [
        { from: 0, to: 1 },
        { from: 3, to: 4 },
      ],
    ],
    [[[gap('2025-09-01', '2025-10-01')]], []],
  ])('with %j not known has the gaps %j', (unknown, gaps) => {
    const compared = unknown.map((own) => ({ unknown: own }));
    expect(joinGaps(compared, START, 5)).toEqual(gaps);
  });
});

const site: SiteFacts = {
  base: '/b/',
  sample: false,
  avatars: false,
  forms: false,
  periods: PERIODS,
  defaultPeriod: 'all',
  scoring: { base_points: BASE_POINTS, lines: LINES, periods: PERIOD_DAYS },
  pageSize: 50,
  boardPages: 1,
  repositories: [],
  boards: { week: { hasHistory: true, unknown: ['COMMIT'] } },
};
const addresses = { href: '/b/x/', json: '/b/x.json' };
const documents = buildDocuments({ people: 3, contributorPages: 3 });
const read = <T>(path: string) => documents.get(`contributors/rosa-field${path}.json`) as T;
const profile = read<Contributor>('');
const activity = read<ContributorActivity>('/activity');

type Periods = Contributor['periods'];

/** Rosa with other periods, and all of her weeks known. */
const rosaWith = (periods: Periods, display_name: string | null = 'Rosa'): Compared =>
  comparedPerson(
    site,
    { ...profile, contributor: { ...profile.contributor, display_name }, periods },
    { ...activity, unknown: [] },
    addresses,
    'all',
  );

const all = profile.periods.all as NonNullable<Periods['all']>;
const cellsOf = (group: string, label: string, ...periods: readonly Periods[]) =>
  listRows(periods.map((own) => rosaWith(own))).find(
    (row) => row.group === group && row.label === label,
  );
const known = { ...all, unknown_kinds: [] };

describe('the period of a comparison', () => {
  it.each([
    ['week', 'week'],
    ['all', 'all'],
    ['Week', 'all'],
    ['constructor', 'all'],
    ['"><b>', 'all'],
  ] as const)('%s in the address is %s', (asked, period) => {
    const search = `?with=a&period=${encodeURIComponent(asked)}`;
    expect(readChoice(search).period).toBe(period);
    const { search: again } = new URL(compareHref('/b/', ['a'], period), 'https://x');
    expect(readChoice(again)).toEqual({ names: ['a'], leftOut: [], period });
  });

  it('is what people are counted in, and stays in the links', () => {
    const week = { ...known, commit_count: 3, repositories_contributed: 2 };
    const periods = { all: { ...known, commit_count: 9 }, week };
    const person = { ...profile, periods };
    const compared = comparedPerson(site, person, activity, addresses, 'week');
    const shown = compared.measures.filter(({ group }) => group === 'The last 7 days');
    expect(shown.find(({ label }) => label === 'Commits')?.text).toBe('3');
    expect(shown.find(({ label }) => label === 'Repositories')?.text).toBe('2');
    const text =
      compareBody(site, [compared], 'week').text +
      chosenList('/b/', [compared, compared], 'week').text;
    const { document } = parseHTML(`<html><body>${text}</body></html>`);
    const hrefs = (selector: string) =>
      [...document.querySelectorAll(selector)].map((one) => one.getAttribute('href'));
    expect(hrefs('.tabs a[aria-current]')).toEqual(['/b/compare/?with=rosa-field&period=week']);
    expect(hrefs('.tabs a')).toHaveLength(PERIODS.length);
    expect(hrefs('.away')[0]).toBe('/b/compare/?with=rosa-field&period=week');
    expect(document.querySelector('.bars h2')?.textContent).toBe('Points by kind, the last 7 days');
  });

  it('is what repositories are counted in, those without a rank too', () => {
    const of = <T>(path: string) => documents.get(path) as T;
    const [board, document] = [
      of<Board>('boards/meadow/garden/month/1.json'),
      of<RepositoryDocument>('repositories/meadow/garden.json'),
    ];
    const repositoryActivity = of<RepositoryActivity>('repositories/meadow/garden/activity.json');
    const compare = (period: Period, boards: [Board, ...Board[]]) =>
      comparedRepository(
        site.scoring,
        { document, activity: repositoryActivity, board: boards },
        addresses,
        period,
      ).counts.reduce((sum, { size }) => sum + size, 0);
    const counts = Object.values(board.columns.counts).flatMap((column) => column ?? []);
    const sum = counts.reduce<number>((all, one) => all + (one ?? 0), 0);
    expect(sum).toBeGreaterThan(0);
    expect(compare('month', [board])).toBe(sum);
    expect(compare('month', [board, board])).toBe(2 * sum);
    const totals = Object.values(document.totals).reduce((all, one) => all + one, 0);
    expect(totals).not.toBe(sum);
    expect(compare('all', [board])).toBe(totals);
  });
});

describe('the rows of a comparison', () => {
  it.each<[string, string, Periods, Cell]>([
    ['Rank', 'All time', { all: { ...known, rank: 1234 } }, { text: '#1,234', value: 1234 }],
    ['Rank', 'Month', { all }, { text: 'none', value: Infinity }],
    // Its board lacks a kind: there may be contributions that nobody knows of.
    ['Rank', 'Week', { all }, { text: '–', value: null }],
    ['Points', 'Week', { all }, { text: '–', value: null }],
    ['Points', 'Month', { all }, { text: '0', value: 0 }],
    ['Points', 'All time', { all: { ...known, total_score: 9.5 } }, { text: '10', value: 9.5 }],
    [
      'Points',
      'All time',
      { all: { ...known, total_score: 9, unknown_kinds: ['LINES'] } },
      { text: '9+', value: null },
    ],
    ['All time', 'Commits', { all: { ...known, commit_count: 7 } }, { text: '7', value: 7 }],
    [
      'All time',
      'Commits',
      { all: { ...known, commit_count: 7, unknown_kinds: ['COMMIT'] } },
      { text: '7+', value: null },
    ],
    [
      'All time',
      'Commits',
      { all: { ...known, commit_count: 0, unknown_kinds: ['COMMIT'] } },
      { text: '–', value: null },
    ],
  ])('%s, %s: case %#', (group, label, periods, cell) => {
    const [own] = cellsOf(group, label, periods)?.cells ?? [];
    expect(own).toMatchObject(cell);
  });

  it('are those that all have', () => {
    const rosa = rosaWith({ all: known });
    const other = { ...rosa, measures: rosa.measures.filter(({ group }) => group !== 'Rank') };
    const labels = listRows([rosa, other]).map(({ group, label }) => `${group}: ${label}`);
    expect(labels).not.toContain('Rank: All time');
    expect(labels).toContain('All time: Commits');
    expect(labels).toHaveLength(rosa.measures.length - PERIODS.length);
  });
});

describe('the body of a comparison', () => {
  const draw = (...compared: readonly Compared[]) =>
    parseHTML(`<html><body>${compareBody(site, compared, 'all').text}</body></html>`).document;
  const more = { ...known, commit_count: known.commit_count + 1 };

  it('sets what is first in bold, and nothing that is equal', () => {
    const { body } = draw(rosaWith({ all: known }), rosaWith({ all: more }));
    const bold = [...body.querySelectorAll('.side td b')].map((one) => one.closest('tr'));
    expect(bold.map((row) => row?.querySelector('th')?.textContent)).toEqual([
      'Contributions',
      'Commits',
    ]);
    expect(bold[1]?.querySelectorAll('td')[1]?.querySelector('b')).not.toBeNull();
  });

  it('says who has the most only where all is known', () => {
    const busy = (unknown: Compared['unknown']): Compared => ({
      ...rosaWith({ all: known }, 'Busy'),
      weeks: new Map([[Date.parse('2025-11-17'), 100_000]]),
      unknown,
    });
    const finding = (unknown: Compared['unknown']) =>
      draw(rosaWith({ all: known }), busy(unknown)).querySelector('figure p')?.textContent;
    expect(finding([])).toContain('Busy has the most in 53 weeks: 100,000.');
    const lacking = finding([{ from: '2025-09-01', to: '2025-10-01', kinds: ['COMMIT'] }]);
    expect(lacking).not.toContain('the most');
    expect(lacking).toContain('not all is known');
  });

  it('draws a line for each, and a table with the contributions of each week', () => {
    const document = draw(rosaWith({ all: known }), rosaWith({ all: more }));
    expect(document.querySelectorAll('.chart .line')).toHaveLength(2);
    const total = activity.weeks
      .filter(({ week }) => week >= '2024-11-18')
      .reduce((sum, week) => sum + week.total, 0);
    const column = [...document.querySelectorAll('table.values tbody tr td:nth-child(2)')];
    const shown = column.map((one) => Number(one.textContent?.replaceAll(',', '')));
    expect(shown.reduce((sum, one) => sum + one, 0)).toBe(total);
  });

  it('escapes names', () => {
    const hostile = { ...rosaWith({ all: known }, '<img src=x onerror=alert(1)>"'), name: '"><b>' };
    const document = draw(hostile, rosaWith({ all: known }));
    expect(document.querySelector('img')).toBeNull();
    const list = parseHTML(`<ul>${chosenList('/b/', [hostile], 'all').text}</ul>`).document;
    expect(list.querySelector('b, img')).toBeNull();
    expect(list.querySelector('.away')?.getAttribute('aria-label')).toBe('Take away "><b>');
  });
});
