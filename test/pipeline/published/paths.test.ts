import { describe, expect, it } from 'vitest';
import { DOCUMENT_PATHS, documentPath } from '../../../pipeline/published/paths.ts';

const FIXED = [
  'index.json',
  'repositories.json',
  'repositories/{owner}/{name}.json',
  'repositories/{owner}/{name}/activity.json',
  'leaderboard/global.json',
  'leaderboard/global/{period}/{page}.json',
  'leaderboard/{owner}/{name}.json',
  'leaderboard/{owner}/{name}/{period}/{page}.json',
  'boards/global/{period}/{shard}.json',
  'boards/{owner}/{name}/{period}/{shard}.json',
  'facts.json',
  'history.json',
  'months.json',
  'months/{month}.json',
  'contributors/{username}.json',
  'contributors/{username}/activity.json',
  'contributors/{username}/events/{part}.json',
  'contributors/{username}/repositories.json',
  'contributor-shards/{shard}.json',
  'renames.json',
  'config/scoring.json',
  'jobs.json',
  'dashboard/stats.json',
  'runs/{id}.json',
  'dashboard/errors.json',
  'dashboard/costs.json',
  'dashboard/trends.json',
  'dashboard/coverage.json',
  'manifest.json',
];

describe('the paths of documents', () => {
  it('fill in their parameters', () => {
    const parameters = { owner: 'octo', name: 'one', period: 'week', page: 2 };
    expect(documentPath('repository_leaderboard_page', parameters)).toBe(
      'leaderboard/octo/one/week/2.json',
    );
    expect(() => documentPath('contributor')).toThrow('contributor needs the parameter username');
  });

  it('are fixed: others rely on them', () => {
    expect(Object.values(DOCUMENT_PATHS).map(({ path }) => path)).toEqual(FIXED);
  });
});
