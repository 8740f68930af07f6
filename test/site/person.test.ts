import { describe, expect, it } from 'vitest';
import { PERIODS } from '../../pipeline/domain/time.ts';
import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
} from '../../pipeline/published/documents.ts';
import { siteOf } from '../../site/src/lib/site.ts';
import { type Person, personBody } from '../../site/src/views/person.ts';
import { buildDocuments } from '../support/documents.ts';
import { BASE_POINTS, LINES, PERIOD_DAYS } from '../support/oracle.ts';

const site = siteOf({
  base: '/b/',
  sample: false,
  avatars: true,
  periods: PERIODS,
  scoring: { base_points: BASE_POINTS, lines: LINES, periods: PERIOD_DAYS },
  pageSize: 50,
  boardPages: 1,
  repositories: ['meadow/garden'],
  boards: {},
});

const documents = buildDocuments({ people: 3, contributorPages: 3 });
const read = <T>(path: string) => documents.get(`contributors/rosa-field${path}.json`) as T;
const { contributor, periods } = read<Contributor>('');
const { weeks, unknown, recent } = read<ContributorActivity>('/activity');
const { repositories } = read<ContributorRepositories>('/repositories');
const rosa: Person = {
  ...{ contributor, periods, repositories, weeks, unknown, recent },
  until: '2025-11-20T02:00:00.000Z',
  places: { all: 1, year: 51 },
};

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

  it('leads to the row on the page of the board where the place is', () => {
    const text = show({});
    expect(text).toContain('href="/b/#c-rosa-field"');
    expect(text).toContain('href="/b/global/year/2/#c-rosa-field"');
  });

  it('links a repository that has a page, and names one that has none', () => {
    const text = show({});
    expect(text).toContain('<a href="/b/repositories/meadow/garden/">meadow/garden</a>');
    expect(text).toMatch(/<th>Tools-Co\/shed</);
  });
});
