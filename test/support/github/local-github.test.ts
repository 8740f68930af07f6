import { Octokit } from '@octokit/rest';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { costOf } from './cost.ts';
import { FAULTS, faultsAt } from './faults.ts';
import { githubSchema } from './graphql.ts';
import { type LocalGithub, startLocalGithub } from './local-github.ts';
import { makeWorld } from './made-up-world.ts';
import { decodeNodeId, encodeNodeId } from './node-id.ts';

describe('node ids', () => {
  it('hold the repository and the database id, as in real ones', () => {
    expect(decodeNodeId('PR_kwDOMT5cIs6SXEkh')).toEqual([826170402, 2455521569]);
    expect(encodeNodeId('PR', 826170402, 2455521569)).toBe('PR_kwDOMT5cIs6SXEkh');
    expect(decodeNodeId('LA_kwDOMT5cIs8AAAABrA0qWA')).toEqual([826170402, 7181511256]);
    expect(encodeNodeId('LA', 826170402, 7181511256)).toBe('LA_kwDOMT5cIs8AAAABrA0qWA');
  });
});

describe('the price of a query', () => {
  const cost = (query: string) => costOf(githubSchema(), parse(query), {});

  it("is GitHub's own example: 5,101 requests are 51 points", () => {
    const { points, nodes } = cost(`query { viewer { repositories(first: 100) { edges { node {
      issues(first: 50) { edges { node { labels(first: 60) { edges { node { name } } } } } } } } } } }`);
    expect(points).toBe(51);
    expect(nodes).toBe(100 + 5_000 + 300_000);
  });

  it('rejects lists without a length, too long lists, and too many nodes', () => {
    const problems = (query: string) => cost(query).problems.map((problem) => problem.type);
    const issues = (inner: string) => `query { repository(owner: "a", name: "b") { ${inner} } }`;
    expect(problems(issues('issues { nodes { number } }'))).toEqual([
      'MISSING_PAGINATION_BOUNDARIES',
    ]);
    expect(problems(issues('issues { totalCount }'))).toEqual([]);
    expect(problems(issues('issues(first: 101) { nodes { number } }'))).toEqual([
      'EXCESSIVE_PAGINATION',
    ]);
    expect(
      problems(`query { viewer { repositories(first: 100) { nodes { issues(first: 100) { nodes {
        labels(first: 100) { nodes { name } } } } } } } }`),
    ).toEqual(['MAX_NODE_LIMIT_EXCEEDED']);
  });
});

describe('the local GitHub', () => {
  let github: LocalGithub;
  let octokit: Octokit;
  beforeAll(async () => {
    github = await startLocalGithub({ world: makeWorld(), limits: { core: 9 } });
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    octokit = new Octokit({ baseUrl: github.apiUrl, log: silent });
  });
  afterAll(() => github.close());

  it('answers as described, redirects former names to the present one, and pages', async () => {
    const { data } = await octokit.rest.repos.get({ owner: 'ada', repo: 'engine' });
    expect(data).toMatchObject({
      id: 5001,
      full_name: 'guild/engine',
      license: { spdx_id: 'MIT' },
    });
    const here = { owner: 'guild', repo: 'engine', per_page: 100 };
    const comments = await octokit.paginate(octokit.rest.issues.listCommentsForRepo, here);
    expect(comments).toHaveLength(210);
    expect(github.violations).toEqual([]);
  });

  it('records a query that GitHub would refuse', async () => {
    const bad = octokit.graphql(
      'query bad { repository(owner: "guild", name: "engine") { stars } }',
    );
    await expect(bad).rejects.toThrow('Cannot query field "stars"');
    expect(github.violations).toHaveLength(1);
  });

  it('fails as requested, and refuses requests when the hourly allowance is spent', async () => {
    github.setFault(faultsAt({ [github.requests.length]: FAULTS.badGateway }));
    const get = () => octokit.rest.repos.get({ owner: 'guild', repo: 'engine' });
    await expect(get()).rejects.toMatchObject({ status: 502 });
    for (let left = github.core.remaining; left > 0; left--) await get();
    const headers = { 'x-ratelimit-remaining': '0' };
    await expect(get()).rejects.toMatchObject({ status: 403, response: { headers } });
  });
});
