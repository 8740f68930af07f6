import * as published from '../../pipeline/published/documents.ts';
import { HOSTILE_LOGIN, HOSTILE_NAME, REPOSITORIES } from './community.ts';
import type { Add } from './documents.ts';

/** A closed month with a correction, one before it, and one that goes on; hostile names in each list. */

const [garden, next] = REPOSITORIES;
const HOSTILE = { username: HOSTILE_LOGIN, display_name: HOSTILE_NAME };
const ROSA = { username: 'rosa-field', display_name: 'Rosa Field' };
const GONE = { username: 'no-longer-here', display_name: null };

const SUMMARY = {
  contributions: 420,
  people: 31,
  counts: { PR_MERGED: 40, PR_REVIEWED: 60, COMMENT: 300, RELEASE: 20 },
  coverage: 92.5,
  unknown_kinds: ['COMMIT'],
};
const CLOSED_AT = '2025-11-04T02:10:00.000Z';

const contribution = {
  on: '2025-10-07',
  kind: 'PR_MERGED',
  repository: garden,
  number: 17,
  title: `${HOSTILE_NAME} & more`,
  url: `https://github.com/${garden}/pull/17`,
};

const OCTOBER = {
  ...SUMMARY,
  month: '2025-10',
  generated_at: CLOSED_AT,
  closed_at: CLOSED_AT,
  closes_at: '2025-11-04T00:00:00.000Z',
  waits_for: [],
  corrections: [{ on: '2025-11-06', what: `A bot was counted: ${HOSTILE_NAME}` }],
  previous: { month: '2025-09', contributions: 400, people: 33 },
  repositories: [{ repository: garden, coverage: 92.5, unknown_kinds: ['COMMIT'] }],
  places: [
    { ...ROSA, rank: 1, score: 1200.5, contributions: 90 },
    { ...HOSTILE, rank: 2, score: 800, contributions: 71 },
    { ...GONE, rank: 3, score: 12, contributions: 4 },
  ],
  ranks: {
    months: ['2025-08', '2025-09', '2025-10'],
    people: [
      [3, 2, 1],
      [1, 1, 2],
      [null, 20, 3],
    ],
  },
  first_by_kind: [
    { kind: 'RELEASE', count: 3, people: [ROSA, HOSTILE, GONE], tied: 5 },
    { kind: 'PR_MERGED', count: 17, people: [HOSTILE], tied: 1 },
  ],
  first_by_repository: [
    { repository: garden, score: 900.25, people: [ROSA], tied: 1 },
    { repository: next, score: 300, people: [HOSTILE], tied: 1 },
  ],
  rises: [{ ...ROSA, rank: 1, previous_rank: 2 }],
  newcomers: { total: 62, first: [{ ...HOSTILE, ...contribution }] },
  first_merged: { total: 1, first: [{ ...ROSA, ...contribution, title: null }] },
  releases: {
    total: 2,
    first: [
      { ...contribution, kind: 'RELEASE', number: null, username: HOSTILE_LOGIN, tag: 'v1' },
      { ...contribution, kind: 'RELEASE', number: null, title: null, username: null, tag: 'v0' },
    ],
  },
};

const SEPTEMBER = {
  ...OCTOBER,
  month: '2025-09',
  contributions: 400,
  people: 33,
  corrections: [],
  previous: null,
  rises: null,
  newcomers: null,
  first_merged: null,
  ranks: { months: ['2025-09'], people: [[1], [2], [3]] },
  releases: { total: 0, first: [] },
};

const NOVEMBER = {
  ...SEPTEMBER,
  month: '2025-11',
  generated_at: undefined,
  closed_at: null,
  closes_at: '2025-12-04T00:00:00.000Z',
  waits_for: [next],
  first_by_kind: [],
  first_by_repository: [],
};

export function addMonths(add: Add): void {
  const months = [NOVEMBER, OCTOBER, SEPTEMBER];
  for (const { generated_at, ...month } of months)
    add(`months/${month.month}.json`, published.monthSchema, {
      ...month,
      ...(generated_at && { generated_at }),
    });
  add('months.json', published.monthsSchema, {
    months: months.map(
      ({
        month,
        closed_at,
        contributions,
        people,
        counts,
        coverage,
        unknown_kinds,
        newcomers,
      }) => ({
        ...{ month, closed_at, contributions, people, counts, coverage, unknown_kinds },
        newcomers: newcomers?.total ?? null,
        first: closed_at && { people: [ROSA], tied: 1, score: 1200.5 },
      }),
    ),
  });
}
