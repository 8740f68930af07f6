import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { COMMIT_COMMENTS_QUERY } from '../../../../pipeline/sources/github/comments.ts';
import {
  commitsByIdQuery,
  HEAD_QUERY,
  historyQuery,
} from '../../../../pipeline/sources/github/commit-nodes.ts';
import { identityQuery } from '../../../../pipeline/sources/github/identities.ts';
import { ISSUES_QUERY } from '../../../../pipeline/sources/github/issues.ts';
import { numbersQuery } from '../../../../pipeline/sources/github/numbers.ts';
import { ORGANISATION_QUERY } from '../../../../pipeline/sources/github/organisations.ts';
import { peopleQuery } from '../../../../pipeline/sources/github/people.ts';
import { probeQuery } from '../../../../pipeline/sources/github/probe.ts';
import {
  furtherReviewsQuery,
  PULL_REQUESTS_QUERY,
} from '../../../../pipeline/sources/github/pull-requests.ts';
import { rightsQuery } from '../../../../pipeline/sources/github/rights.ts';
import { costOf } from '../../../support/github/cost.ts';
import { checkCall, githubSchema } from '../../../support/github/graphql.ts';

/** The price of our queries by GitHub's published formula; GitHub would accept all of them. */
const ids = Array.from({ length: 100 }, (_, index) => `C_${index}`);
const probed = Array.from({ length: 40 }, (_, id) => ({
  id,
  owner: 'guild',
  name: `tool${id}`,
  githubId: null,
  defaultBranch: null,
  configuredBranch: id % 2 ? 'trunk' : null,
}));
const QUERIES: Record<string, { query: string; size?: number; points: number }> = {
  head: { query: HEAD_QUERY, points: 1 },
  history: { query: historyQuery(false), size: 100, points: 1 },
  'history with co-authors': { query: historyQuery(true), size: 100, points: 2 },
  'commits by id': { query: commitsByIdQuery(false), points: 1 },
  'pull requests': { query: PULL_REQUESTS_QUERY, size: 50, points: 1 },
  'further reviews': { query: furtherReviewsQuery(50), points: 1 },
  issues: { query: ISSUES_QUERY, size: 100, points: 1 },
  'comments on commits': { query: COMMIT_COMMENTS_QUERY, size: 100, points: 1 },
  numbers: { query: numbersQuery(50), points: 1 },
  people: { query: peopleQuery(100), points: 1 },
  'the ids of 100 repositories': { query: identityQuery(100), points: 1 },
  'an organisation with 100 repositories': { query: ORGANISATION_QUERY, size: 100, points: 1 },
  'the rights to 100 repositories': { query: rightsQuery(100), points: 1 },
  'a probe of 40 repositories': { query: probeQuery(probed), points: 2 },
};

const pointsOf = (name: string) => {
  const { query, size } = QUERIES[name] as { query: string; size?: number };
  return costOf(githubSchema(), parse(query), { size, ids }).points;
};

describe('our queries', () => {
  it.each(Object.entries(QUERIES))(
    '%s: taken by GitHub, at its price',
    (name, { query, size, points }) => {
      const variables = { size, ids };
      expect(checkCall({ query, variables }).refusal).toBeNull();
      expect(pointsOf(name)).toBe(points);
    },
  );
});

it('reads two years of 20,000 commits and 10,000 pull requests for under 1,500 points', () => {
  const pages = (things: number, size: number) => Math.ceil(things / size);
  const commits = pages(20_000, 100) * pointsOf('history');
  const pullRequests = pages(10_000, 50) * pointsOf('pull requests');
  // If one pull request in ten has more reviews than one page: one query for every further page.
  const furtherReviews = pages(10_000, 50) * pointsOf('further reviews');
  const issues = pages(10_000, 100) * pointsOf('issues');
  const points = pointsOf('head') + commits + pullRequests + furtherReviews + issues;
  expect(points + pointsOf('comments on commits')).toBe(702);
  // REST has its own allowance; comments and releases would fit in even without it.
  const restRequests = pages(40_000, 99) + pages(20_000, 99) + pages(500, 100);
  expect(points + restRequests).toBeLessThan(1_500);
});
