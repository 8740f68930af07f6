import { describe, expect, it } from 'vitest';
import { archiveEventSchema } from '../../../pipeline/domain/archive-event.ts';
import { creditArchiveEvent } from '../../../pipeline/domain/credit-archive-event.ts';
import { archiveEvent, bob, pullRequest, push, sha } from '../../support/archive-events.ts';

function credit(parts: Parameters<typeof archiveEvent>[0], defaultBranch: string | null = null) {
  const event = archiveEventSchema.parse(archiveEvent(parts));
  const result = creditArchiveEvent(event, { repositoryId: 5, defaultBranch });
  if ('skipped' in result) return result.skipped;
  return result.contributions.map(
    ({ eventId, kind, account, occurredAt, linesAdded, linesDeleted, subjectNumber }) =>
      [
        eventId,
        kind,
        account?.login ?? null,
        occurredAt.toISOString(),
        subjectNumber,
        linesAdded,
        linesDeleted,
      ].join(' '),
  );
}

const NOW = '2024-03-04T05:06:07.000Z';
const bobUser = { ...bob, type: 'User' };
const commits = [
  { sha: sha(1), distinct: true },
  { sha: sha(2), distinct: false },
];

describe('a push', () => {
  it.each([
    ['to main counts its distinct commits, for the pusher', 'refs/heads/main', null],
    ['to master as well', 'refs/heads/master', null],
    ['to the known default branch', 'refs/heads/trunk', 'trunk'],
  ])('%s', (_, ref, branch) => {
    expect(credit(push(ref, commits), branch)).toEqual([`commit:${sha(1)} COMMIT alice ${NOW}   `]);
  });

  it.each([
    ['to another branch', 'refs/heads/feature', null, commits, 'not_default_branch'],
    [
      'to main if the default branch is another',
      'refs/heads/main',
      'trunk',
      commits,
      'not_default_branch',
    ],
    ['of a tag called main', 'refs/tags/main', null, commits, 'not_default_branch'],
    ['without commits (trimmed)', 'refs/heads/main', null, undefined, 'push_without_commits'],
    [
      'of commits that were pushed before',
      'refs/heads/main',
      null,
      [{ sha: sha(2), distinct: false }],
      'no_distinct_commits',
    ],
    ['of no commits', 'refs/heads/main', null, [], 'no_distinct_commits'],
    [
      'with a commit that has no id',
      'refs/heads/main',
      null,
      [{ sha: 'x', distinct: true }],
      'malformed_payload',
    ],
  ])('%s earns nothing', (_, ref, branch, pushed, reason) => {
    expect(credit(push(ref, pushed), branch)).toBe(reason);
  });
});

describe('a pull request', () => {
  const merged = { user: bobUser, merged: true, merged_at: '2024-03-04T05:00:00Z' };

  it('that is opened credits its author, at its own time', () => {
    const opened = pullRequest('opened', { user: bobUser, created_at: '2024-03-04T05:06:06Z' });
    expect(credit(opened)).toEqual(['pr:7:opened PR_OPENED bob 2024-03-04T05:06:06.000Z 7  ']);
  });

  it('that is opened with a trimmed payload credits the actor', () => {
    expect(credit(pullRequest('opened', {}))).toEqual([`pr:7:opened PR_OPENED alice ${NOW} 7  `]);
  });

  it('that is merged credits its author with its lines, not the account that merged', () => {
    const closed = pullRequest('closed', { ...merged, additions: 10, deletions: 4 });
    expect(credit(closed)).toEqual(['pr:7:merged PR_MERGED bob 2024-03-04T05:00:00.000Z 7 10 4']);
  });

  it('that is merged with a trimmed payload credits nobody yet, and has no lines', () => {
    expect(credit(pullRequest('merged', {}))).toEqual([`pr:7:merged PR_MERGED  ${NOW} 7  `]);
  });

  it.each([
    [
      'closed without a merge',
      pullRequest('closed', { user: bobUser, merged: false }),
      'closed_without_merge',
    ],
    ['closed, merge time null', pullRequest('closed', { merged_at: null }), 'closed_without_merge'],
    ['closed, without a merge state', pullRequest('closed', {}), 'closed_without_merge_state'],
    [
      'merged with an impossible number of lines',
      pullRequest('closed', { ...merged, additions: Number.MAX_SAFE_INTEGER }),
      'malformed_payload',
    ],
    [
      'merged before the year 1',
      pullRequest('closed', { ...merged, merged_at: '0000-01-01T00:00:00+14:00' }),
      'malformed_payload',
    ],
    ['reopened', pullRequest('reopened', {}), 'action_not_scored'],
    ['labelled', pullRequest('labeled', {}), 'action_not_scored'],
    [
      'without a number',
      { type: 'PullRequestEvent', payload: { action: 'opened', pull_request: {} } },
      'malformed_payload',
    ],
  ])('%s earns nothing', (_, parts, reason) => {
    expect(credit(parts)).toBe(reason);
  });
});

describe('a review', () => {
  const review = (action: string, author: object | undefined) => ({
    type: 'PullRequestReviewEvent',
    payload: {
      action,
      review: { id: 3, user: bobUser, state: 'approved', submitted_at: '2024-03-04T05:06:00Z' },
      pull_request: { number: 7, ...(author ? { user: author } : {}) },
    },
  });

  it.each([
    ["of another one's pull request", { id: 1, login: 'alice' }],
    ['of a trimmed pull request', undefined],
  ])('%s credits the reviewer', (_, author) => {
    expect(credit(review('created', author))).toEqual([
      'review:3 PR_REVIEWED bob 2024-03-04T05:06:00.000Z 7  ',
    ]);
  });

  it("of one's own pull request earns nothing", () => {
    expect(credit(review('created', bob))).toBe('self_review');
  });

  it('that is dismissed earns nothing', () => {
    expect(credit(review('dismissed', undefined))).toBe('action_not_scored');
  });
});

describe('other events', () => {
  const comment = { id: 4, user: bobUser, created_at: '2024-03-04T05:06:00Z' };

  it.each([
    [
      'an issue opened',
      { type: 'IssuesEvent', payload: { action: 'opened', issue: { number: 9, user: bobUser } } },
      [`issue:9:opened ISSUE_OPENED bob ${NOW} 9  `],
    ],
    [
      'an issue closed credits the account that closed it',
      { type: 'IssuesEvent', payload: { action: 'closed', issue: { number: 9, user: bobUser } } },
      [`issue:9:closed ISSUE_CLOSED alice ${NOW} 9  `],
    ],
    [
      'a comment on an issue or a pull request',
      { type: 'IssueCommentEvent', payload: { action: 'created', issue: { number: 9 }, comment } },
      ['comment:4 COMMENT bob 2024-03-04T05:06:00.000Z 9  '],
    ],
    [
      'a comment on the lines of a pull request',
      {
        type: 'PullRequestReviewCommentEvent',
        payload: { action: 'created', pull_request: { number: 7 }, comment },
      },
      ['review_comment:4 PR_REVIEW_COMMENT bob 2024-03-04T05:06:00.000Z 7  '],
    ],
    [
      'a comment on a commit, which had no action in 2015',
      { type: 'CommitCommentEvent', payload: { comment } },
      ['commit_comment:4 COMMENT bob 2024-03-04T05:06:00.000Z   '],
    ],
    [
      'a release',
      {
        type: 'ReleaseEvent',
        payload: { action: 'published', release: { id: 6, author: bobUser } },
      },
      [`release:6 RELEASE bob ${NOW}   `],
    ],
    [
      'an issue of a deleted user is credited to nobody',
      {
        type: 'IssuesEvent',
        payload: { action: 'opened', issue: { number: 9, user: { id: 10137, login: 'ghost' } } },
      },
      [`issue:9:opened ISSUE_OPENED  ${NOW} 9  `],
    ],
    [
      'an edited comment',
      { type: 'IssueCommentEvent', payload: { action: 'edited', issue: { number: 9 }, comment } },
      'action_not_scored',
    ],
    [
      'an issue reopened',
      { type: 'IssuesEvent', payload: { action: 'reopened', issue: { number: 9 } } },
      'action_not_scored',
    ],
    [
      'a release drafted',
      { type: 'ReleaseEvent', payload: { action: 'created', release: { id: 6 } } },
      'action_not_scored',
    ],
    ['a star', { type: 'WatchEvent', payload: { action: 'started' } }, 'type_not_scored'],
    ['a type called like a method', { type: 'constructor', payload: {} }, 'type_not_scored'],
    ['no payload', { type: 'IssuesEvent', payload: null }, 'malformed_payload'],
  ])('%s', (_, parts, expected) => {
    expect(credit(parts)).toEqual(expected);
  });

  it.each([
    ['a time without a zone', { created_at: '2024-03-04T05:06:07' }],
    ['a time that no database can store', { created_at: '0000-01-01T00:00:00Z' }],
    ['a time in another century', { created_at: '9999-12-31T23:59:59Z' }],
    ['a text that is not a time', { created_at: '2024-13-04T05:06:07Z' }],
    [
      'an actor without an id',
      { actor: { login: 'x' } as unknown as { id: number; login: string } },
    ],
    ['a login with a zero byte', { actor: { id: 1, login: 'a\u0000b' } }],
    ['a login in our form for a lost login', { actor: { id: 1, login: 'a_old_2' } }],
  ])('%s is rejected by the schema', (_, parts) => {
    const event = archiveEvent({ type: 'WatchEvent', payload: {}, ...parts });
    expect(archiveEventSchema.safeParse(event).success).toBe(false);
  });
});
