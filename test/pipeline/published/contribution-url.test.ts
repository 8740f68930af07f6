import { expect, it } from 'vitest';
import { contributionUrl } from '../../../pipeline/published/contribution-url.ts';

it.each([
  ['commit:0af9', null, 'commit/0af9'],
  ['pr:7:opened', 7, 'pull/7'],
  ['pr:7:merged', 7, 'pull/7'],
  ['issue:8:opened', 8, 'issues/8'],
  ['issue:8:closed', 8, 'issues/8'],
  ['review:99', 7, 'pull/7#pullrequestreview-99'],
  ['review_comment:98', 7, 'pull/7#discussion_r98'],
  ['comment:97', 8, 'issues/8#issuecomment-97'],
])('%s has an address on GitHub', (event_id, subject_number, path) => {
  const key = { repository: 'octo/one', event_id, subject_number, reference: null };
  for (const server of ['https://github.com', 'https://github.corp.example'])
    expect(contributionUrl(key, server)).toBe(`${server}/octo/one/${path}`);
});

it.each([
  ['release:5', null],
  ['commit_comment:5', null],
  ['review:99', null],
  ['comment:97', null],
  ['commit:javascript', null],
  ['something', 3],
])('%s has no address that could be made', (event_id, subject_number) => {
  const key = { repository: 'octo/one', event_id, subject_number, reference: null };
  expect(contributionUrl(key, 'https://github.com')).toBeNull();
});

it.each([
  ['release:5', 'v1.2.3', 'releases/tag/v1.2.3'],
  ['release:6', '@octo/one@2.0', 'releases/tag/%40octo%2Fone%402.0'],
  ['release:7', '../../evil?x=1#y', 'releases/tag/..%2F..%2Fevil%3Fx%3D1%23y'],
  ['commit_comment:8', 'c0ffee', 'commit/c0ffee#commitcomment-8'],
])('%s has an address by %s', (event_id, reference, path) => {
  const key = { repository: 'octo/one', event_id, subject_number: null, reference };
  for (const server of ['https://github.com', 'https://github.corp.example'])
    expect(contributionUrl(key, server)).toBe(`${server}/octo/one/${path}`);
});
