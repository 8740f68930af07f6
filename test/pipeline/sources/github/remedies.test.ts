import { describe, expect, it } from 'vitest';
import {
  describeRefusal,
  type GraphqlProblem,
  type Remedy,
  refusalOf,
  remedyOf,
} from '../../../../pipeline/sources/github/remedies.ts';
import { ORGANIZATION_REFUSALS, WENT_WRONG } from '../../../support/github/faults.ts';

/** GitHub's errors, by every name and in the words that were seen of them, and what each needs. */
describe('an error of GraphQL', () => {
  const message = 'no words that say more';

  it.each<[Remedy, GraphqlProblem]>([
    ['wait', { type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 1234567.' }],
    [
      'wait',
      {
        type: 'RATE_LIMIT',
        code: 'graphql_rate_limit',
        message: 'API rate limit already exceeded for user ID 1234567.',
      },
    ],
    ['wait', { type: 'RATE_LIMIT', message }],
    ['wait', { code: 'graphql_rate_limit', message }],
    ['wait', { extensions: { code: 'RATE_LIMITED' }, message }],
    ['wait', { message: 'API rate limit exceeded for installation ID 42.' }],
    [
      'wait',
      {
        type: 'FORBIDDEN',
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes.',
      },
    ],
    ['wait', { message: 'You have triggered an abuse detection mechanism. Please wait.' }],
    ['shrink', { type: 'RESOURCE_LIMITS_EXCEEDED', message }],
    ['shrink', { message: 'Resource limits for this query exceeded.' }],
    ['shrink', { type: 'MAX_NODE_LIMIT_EXCEEDED', message }],
    [
      'shrink',
      {
        message:
          'This query requests up to 1,000,000 possible nodes which exceeds the maximum limit of 500,000.',
      },
    ],
    ['shrink', { type: 'EXCESSIVE_PAGINATION', message }],
    ['shrink', { message: WENT_WRONG }],
    ['shrink', { type: 'INTERNAL', message: WENT_WRONG }],
    ['shrink', { message: "We couldn't respond to your request in time. Sorry about that." }],
    ['shrink', { message: 'Timeout on validation of query' }],
    ['shrink', { message: 'The query timed out' }],
    ['again', { type: 'SERVICE_UNAVAILABLE', message }],
    ['again', { message: 'Service unavailable' }],
    ['again', { message: 'No server is currently available to service your request.' }],
    ['again', { type: 'STALE_DATA', message }],
    ['put_aside', { type: 'NOT_FOUND', message }],
    ['put_aside', { type: 'FORBIDDEN', message }],
    ['put_aside', { type: 'INSUFFICIENT_SCOPES', message }],
    ['put_aside', { type: 'REPOSITORY_ACCESS_BLOCKED', message }],
    [
      'put_aside',
      { message: 'Your token has not been granted the required scopes to execute this query.' },
    ],
    ...Object.values(ORGANIZATION_REFUSALS).map((words): [Remedy, GraphqlProblem] => [
      'put_aside',
      { message: words },
    ]),
  ])('%s: %j', (remedy, problem) => {
    expect(remedyOf(problem)).toBe(remedy);
  });

  it.each([
    { message: "Field 'x' doesn't exist on type 'Repository'" },
    { type: 'constructor', message: 'toString' },
    { type: 'UNPROCESSABLE', message: 'A query attribute must be specified and must be a string.' },
  ])('is not guessed: %j', (problem) => {
    expect(remedyOf(problem)).toBeNull();
  });
});

describe('a refusal of REST', () => {
  const error = (status: number, data: unknown, headers = {}) =>
    Object.assign(new Error('refused'), { status, response: { data, headers } });

  it.each([
    [403, { message: ORGANIZATION_REFUSALS.lifetime }, /^The 'corp'.*366 days\. \(403\): store a/],
    [404, { message: 'Not Found' }, /^Not Found \(404\)$/],
    [410, { message: 'Issues are disabled for this repo' }, /^Issues are disabled.* \(410\)$/],
    [451, { message: 'Repository access blocked', block: { reason: 'dmca' } }, /451, dmca/],
    [403, null, /^refused \(403\)$/],
    [403, '<html>', /^refused \(403\)$/],
  ])('%i %j: %s', (status, data, reason) => {
    expect(refusalOf(error(status, data))).toMatch(reason);
  });

  it('names single sign-on where only the header does', () => {
    const headers = { 'x-github-sso': 'required; url=https://github.com/orgs/corp/sso?x=SECRET' };
    const reason = refusalOf(error(403, { message: 'Forbidden' }, headers));
    expect(reason).toContain('authorize the token for the organization');
    expect(reason).not.toContain('SECRET');
  });

  it.each([401, 409, 422, 429, 500, 502])('is none: %i', (status) => {
    expect(refusalOf(error(status, {}))).toBeNull();
  });

  it('is published without addresses, and no longer than a few lines', () => {
    expect(describeRefusal(ORGANIZATION_REFUSALS.ipAllowList)).not.toContain('13.52');
    expect(describeRefusal(`${'x'.repeat(5_000)} https://a.example/`).length).toBeLessThan(400);
  });
});
