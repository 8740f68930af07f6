import { expect, it } from 'vitest';
import { describeLeftOut } from '../../site/src/lib/left-out.ts';

const other = (github_id: number, day: number) => ({
  github_id,
  first_seen_at: '2024-01-01T00:00:00.000Z',
  last_seen_at: `2024-02-0${day}T00:00:00.000Z`,
});

const none = { other_repositories: [], commits_before_window: 0, commits_after_window: 0 };

it.each([
  ['nothing', none, []],
  ['what is not known', { ...none, commits_before_window: null, commits_after_window: null }, []],
  [
    'another repository',
    { ...none, other_repositories: [other(10, 1)] },
    [
      'Another repository had this name (id 10, last seen on 1 Feb 2024): what was done there does not count.',
    ],
  ],
  [
    'many of them',
    { ...none, other_repositories: [5, 6, 7, 8, 9].map((id) => other(id, id)) },
    [
      '5 other repositories had this name (ids 5, 6, 7 and 2 more, last seen on 9 Feb 2024): what was done there does not count.',
    ],
  ],
  [
    'commits of wrong clocks',
    { ...none, commits_before_window: 1, commits_after_window: 1200 },
    [
      '1 commit of the branch is dated before the time that is read, and does not count.',
      '1,200 commits of the branch are dated a day or more after the last run, and do not count.',
    ],
  ],
])('%s', (_, leftOut, sentences) => {
  expect(describeLeftOut(leftOut)).toEqual(sentences);
});

it('of a document from before it was reported, nothing', () => {
  expect(describeLeftOut(undefined)).toEqual([]);
});
