import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GithubClient } from '../../../../pipeline/sources/github/client.ts';
import { FAULTS, type Fault, graphqlError } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { smallWorld } from '../../../support/github/night.ts';
import { connect, createTestClock } from '../../../support/github/scrape.ts';

/** GitHub's limits under all their names: the request waits as long as GitHub says, and then succeeds. */
const MINUTE_MS = 60_000;
const { signal } = new AbortController();
let github: LocalGithub;

beforeAll(async () => {
  github = await startLocalGithub({ world: smallWorld(1), limits: { core: 1e6, graphql: 1e6 } });
});
afterAll(() => github.close());

const graphql = (client: GithubClient) =>
  client.graphql('query some { rateLimit { cost remaining resetAt } }', {}, signal);
const rest = (client: GithubClient) =>
  client.rest('GET /repos/{owner}/{repo}', { owner: 'guild', repo: 'tool0' }, signal);

/** Meets the fault as long as the clock stands before the end of it. Returns what was waited for. */
async function wait(ask: typeof rest | typeof graphql, fault: Fault, lastsMs: number) {
  const clock = createTestClock();
  const until = clock.time + lastsMs;
  github.setFault(() => (clock.time < until ? fault : undefined));
  await ask(connect(github, clock, { maximumWaitMs: 1e9 }));
  return clock.slept;
}

const inMinutes = (minutes: number) => {
  const reset = Math.ceil((createTestClock().time + minutes * MINUTE_MS) / 1000);
  return { 'x-ratelimit-reset': String(reset) };
};
const message = 'API rate limit already exceeded for user ID 1234567.';
const otherName = { type: 'RATE_LIMIT', code: 'graphql_rate_limit', message };

describe('the limit of the hour is waited for until its reset', () => {
  const some = { ...inMinutes(20), 'x-ratelimit-remaining': '37' };
  const none = { ...inMinutes(20), 'x-ratelimit-remaining': '0' };

  it.each<[string, typeof rest | typeof graphql, Fault]>([
    ['RATE_LIMIT, with requests left', graphql, graphqlError(otherName, some)],
    ['RATE_LIMITED', graphql, graphqlError({ type: 'RATE_LIMITED', message }, none)],
    ['a code alone', graphql, graphqlError({ code: 'graphql_rate_limit', message: 'no' }, some)],
    ['words alone', graphql, graphqlError({ message }, some)],
    ['403', rest, { type: 'answer', status: 403, body: { message }, headers: none }],
    [
      '403 with requests left',
      rest,
      { type: 'answer', status: 403, body: { message }, headers: some },
    ],
    ['429', rest, { type: 'answer', status: 429, body: { message }, headers: none }],
    ['403 to GraphQL', graphql, { type: 'answer', status: 403, body: { message }, headers: none }],
    [
      '200 with a message alone',
      graphql,
      { type: 'answer', status: 200, body: { message }, headers: some },
    ],
  ])('%s', async (_what, ask, fault) => {
    expect(await wait(ask, fault, 20 * MINUTE_MS)).toEqual([20 * MINUTE_MS + 1_000]);
  });
});

describe('a secondary limit is waited for as long as it says, or a minute', () => {
  // Every answer of the local GitHub has the headers of the hour, which say nothing of it.
  it.each<[keyof typeof FAULTS, number]>([
    ['secondary403', 3_000],
    ['secondary429', 3_000],
    ['secondary200', 3_000],
    ['abuse403', 3_000],
    ['secondaryError', 3_000],
    ['secondary403Bare', 61_000],
    ['secondary429Bare', 61_000],
    ['secondary200Bare', 61_000],
    ['abuse200', 61_000],
  ])('%s: %i ms', async (name, ms) => {
    expect(await wait(graphql, FAULTS[name], 1_500)).toEqual([ms]);
  });

  it.each<[keyof typeof FAULTS, number]>([
    ['secondary403', 3_000],
    ['secondary429Bare', 61_000],
    ['abuse403', 3_000],
  ])('%s, by REST: %i ms', async (name, ms) => {
    expect(await wait(rest, FAULTS[name], 1_500)).toEqual([ms]);
  });

  it('without any header, by its name alone', async () => {
    const headers = { 'x-ratelimit-reset': '', 'x-ratelimit-remaining': '' };
    const slept = await wait(
      graphql,
      graphqlError({ type: 'RATE_LIMITED', message: '' }, headers),
      1,
    );
    expect(slept).toEqual([61_000]);
  });
});
