import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { COVERAGE_KINDS } from '../../pipeline/domain/coverage-kinds.ts';
import { PERIODS } from '../../pipeline/domain/time.ts';
import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
} from '../../pipeline/published/documents.ts';
import type { Event } from '../../site/src/lib/events.ts';
import { siteOf } from '../../site/src/lib/site.ts';
import { type Person, personBody } from '../../site/src/views/person.ts';
import { buildDocuments } from '../support/documents.ts';
import { BASE_POINTS, LINES, PERIOD_DAYS } from '../support/oracle.ts';

const site = siteOf({
  base: '/b/',
  sample: false,
  avatars: true,
  forms: true,
  periods: PERIODS,
  defaultPeriod: 'all',
  scoring: { base_points: BASE_POINTS, lines: LINES, periods: PERIOD_DAYS },
  pageSize: 50,
  boardPages: 1,
  repositories: ['meadow/garden'],
  boards: {},
});

const documents = buildDocuments({ people: 3, contributorPages: 3 });
const read = <T>(path: string) => documents.get(`contributors/rosa-field${path}.json`) as T;
const { contributor, periods } = read<Contributor>('');
const { unknown, ...activity } = read<ContributorActivity>('/activity');
const { repositories } = read<ContributorRepositories>('/repositories');
const rosa: Person = {
  ...activity,
  ...{ contributor, periods, repositories, unknown },
  activity: '/b/api/v1/contributors/rosa-field/activity.json',
  until: '2025-11-20T02:00:00.000Z',
  places: { all: 1, year: 51 },
};

const textOf = (node: Element) => node.textContent?.replaceAll(/\s+/g, ' ').trim();
const numberOf = (node: Element | null) => Number(node?.textContent?.replaceAll(/[,+–]/g, ''));

const show = (changes: Partial<Person>) => personBody(site, { ...rosa, ...changes }).text;

describe('the page of a person', () => {
  it('does not repeat the parts of the score where a period has all of them', () => {
    const { all, year } = periods;
    if (!all || !year) throw new Error('Rosa is on both boards');
    const same = 'The same as all time.';
    expect(show({ periods: { all, year } })).not.toContain(same);
    expect(show({ periods: { all, year: { ...all, rank: 7 } } })).toContain(same);
    const other = { ...all, commit_count: all.commit_count + 1 };
    expect(show({ periods: { all, year: other } })).not.toContain(same);
  });

  it('leads to the forms, filled in with the login, where there are any', () => {
    const link = '<li><a href="/b/forms/?login=rosa-field">Is this you?</a>';
    expect(show({})).toContain(link);
    expect(personBody({ ...site, forms: false }, rosa).text).not.toContain('forms/');
  });

  it('leads to the row on the page of the board where the place is', () => {
    const text = show({});
    expect(text).toContain('href="/b/#c-rosa-field"');
    expect(text).toContain('href="/b/global/year/2/#c-rosa-field"');
  });

  it('links a repository that has a page, and names one that has none', () => {
    const text = show({});
    expect(text).toContain('<a href="/b/repositories/meadow/garden/">meadow/garden</a>');
    expect(text).toMatch(/<th scope="row">Tools-Co\/shed</);
  });

  it('sums the points of each ledger up to the exact score', () => {
    const { document } = parseHTML(show({}));
    const ledgers = [...document.querySelectorAll('.why-of')];
    expect(ledgers.length).toBe(Object.keys(periods).length);
    for (const ledger of ledgers) {
      const points = [...ledger.querySelectorAll('tbody td:nth-last-child(2)')].map(numberOf);
      const period = ledger.id.slice(2) as keyof typeof periods;
      const score = periods[period]?.total_score ?? -1;
      expect(points.reduce((sum, one) => sum + one, 0)).toBeCloseTo(score, 3);
      expect(numberOf(ledger.querySelector('tfoot td:nth-last-child(2)'))).toBe(score);
    }
  });

  it('lists contributions by day, equal ones of a thread in one line, with the points of the day', () => {
    const event = { ...activity.recent[0], url: null, number: 7, title: 'One' } as Event;
    const at = (time: string, changes: Partial<Event> = {}): Event => ({
      ...event,
      ...{ kind: 'COMMENT', points: 3, occurred_at: `2025-11-${time}:00.000Z` },
      ...changes,
    });
    const recent = [
      at('20T08:00'),
      at('20T07:00', { number: 8, kind: 'PR_REVIEWED', points: 20, title: null }),
      at('20T06:00'),
      at('19T23:00'),
    ];
    const { document } = parseHTML(show({ recent }));
    expect([...document.querySelectorAll('.days h3')].map(textOf)).toEqual([
      'Thu 20 Nov 2025+26 points',
      'Wed 19 Nov 2025+3 points',
    ]);
    expect([...document.querySelectorAll('.days li')].map(textOf)).toEqual([
      `One2 comments · ${event.repository} #708:00+6`,
      `Review #8${event.repository}07:00+20`,
      `OneComment · ${event.repository} #723:00+3`,
    ]);
  });

  it('draws each day once, and says what is not known', () => {
    const days = { from: '2024-11-18', at: [0, 8, 366], counts: [1, 2, 9] };
    const { document } = parseHTML(show({ days, unknown: [] }));
    const figure = document.querySelector('.strip')?.closest('figure');
    expect(figure?.querySelector('h2')?.textContent).toBe('12 contributions in 53 weeks');
    expect(figure?.textContent).toContain('Active on 3 of 368 days; longest run 1 day.');
    const drawn = [1, 2, 3, 4].map((step) =>
      figure?.querySelector(`.strip .q${step}`)?.getAttribute('d'),
    );
    expect(drawn).toEqual(['M0 0.5h.86M1 1.5h.86', undefined, undefined, 'M52 2.5h.86']);
    const rows = [...(figure?.querySelectorAll('tbody tr') ?? [])].map(textOf);
    expect(rows).toEqual(['17 Nov 20250090', '25 Nov 20240200000', '18 Nov 20241000000']);
    const unknown = [
      {
        from: '2025-01-01T00:00:00.000Z',
        to: '2025-01-03T00:00:00.000Z',
        kinds: [...COVERAGE_KINDS],
      },
    ];
    const lacking = parseHTML(show({ days, unknown })).document;
    expect(lacking.querySelector('.strip .qn')?.getAttribute('d')).toBe('M6 2.5h.86M6 3.5h.86');
    expect(show({ days, unknown })).toContain('all kinds from 1 Jan 2025 to 3 Jan 2025');
    const titles = [...lacking.querySelectorAll('figure h2')].map(textOf);
    expect(titles).toContain('At least 12 contributions in 53 weeks');
  });

  it('draws the past ranks up to the present one, and a gap where somebody was on no board', () => {
    const { document } = parseHTML(
      show({ ranks: { from: '2025-10-27', all: [9, 0, 5], month: [30, 12, 2] } }),
    );
    const figure = [...document.querySelectorAll('figure')].find((one) =>
      one.querySelector('.line'),
    );
    const now = (period: 'all' | 'month') => `#${periods[period]?.rank}`;
    const rows = [...(figure?.querySelectorAll('tbody tr') ?? [])].slice(0, 5).map(textOf);
    expect(rows).toEqual([
      `17 Nov 2025${now('month')}${now('all')}`,
      '10 Nov 2025#2#5',
      '3 Nov 2025#12–',
      '27 Oct 2025#30#9',
      '20 Oct 2025––',
    ]);
    expect(figure?.querySelector('.line.soft')?.getAttribute('d')).toMatch(
      /^M49 [\d.]+h0L51 [\d.]+L52 [\d.]+$/,
    );
    const absent = parseHTML(
      show({ ranks: { from: '2025-10-27', all: [9, 8, 5], month: [30, 0, 2] } }),
    );
    const month = [...absent.document.querySelectorAll('.line')].at(-1)?.getAttribute('d');
    expect(month).toMatch(/^M49 [\d.]+h0M51 [\d.]+h0L52 [\d.]+$/);
    expect(show({ ranks: undefined })).not.toContain('class="line');
  });

  it('names milestones in words, and links what the account states of itself', () => {
    const text = show({});
    expect(text).toContain('First merged pull request');
    expect(text).toContain('100th contribution');
    const links = {
      website: 'https://example.org/?a="b"&c',
      x_username: 'rosa',
      linkedin: 'https://www.linkedin.com/in/rosa',
    };
    const stated = parseHTML(show({ contributor: { ...contributor, ...links } })).document;
    const hrefs = [...stated.querySelectorAll('.facts a')].map((link) => link.getAttribute('href'));
    expect(hrefs).toEqual([
      '/b/compare/?with=rosa-field',
      '/b/forms/?login=rosa-field',
      contributor.profile_url,
      links.website,
      'https://x.com/rosa',
      links.linkedin,
    ]);
    const evil = show({ contributor: { ...contributor, website: 'javascript:alert(1)' } });
    expect(evil).not.toContain('javascript:');
  });

  it('shows titles as text', () => {
    const title = '"><img src=x onerror=alert(6)>';
    const recent = activity.recent.map((event) => ({ ...event, title }));
    const { document } = parseHTML(show({ recent }));
    expect(document.querySelector('img[src=x]')).toBeNull();
    expect(document.querySelector('.days bdi')?.textContent).toBe(title);
  });
});
