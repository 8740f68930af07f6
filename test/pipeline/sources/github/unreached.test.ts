import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { classifyError } from '../../../../pipeline/domain/error-class.ts';
import { createGithubClient } from '../../../../pipeline/sources/github/client.ts';
import { freePort } from '../../../support/postgres-server.ts';

/** A server that takes a connection and cuts it. */
async function startCutting(): Promise<string> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const CASES: readonly [string, () => Promise<string>, string][] = [
  ['whose name is unknown', async () => 'http://github.invalid/api/v3', 'its name is not found'],
  [
    'that is not running',
    async () => `http://127.0.0.1:${await freePort()}`,
    'it refuses the connection',
  ],
  ['that cuts the connection', startCutting, 'the connection was cut'],
  ['at a port that fetch refuses', async () => 'http://127.0.0.1:9', 'its port is one that is'],
];

it.each(CASES)('a GitHub %s is reported in one sentence', async (_, address, fault) => {
  const apiUrl = await address();
  const client = createGithubClient({
    token: 'x',
    apiUrl,
    graphqlUrl: `${apiUrl}/graphql`,
    allowanceShare: 1,
    maximumWaitMs: 0,
    secondMs: 1,
  });
  const { signal } = new AbortController();
  const { host } = new URL(apiUrl);
  const sentence = `${host} is not reached (${fault}`;
  const failures = [
    await client.rest('GET /rate_limit', {}, signal).catch((error) => error),
    await client.graphql('{ viewer { login } }', {}, signal).catch((error) => error),
  ];
  for (const error of failures) {
    expect(error.message).toContain(sentence);
    expect(error.message).toMatch(
      /: check this machine's network, GITHUB_API_URL if it is set, and /,
    );
    expect(error.message).not.toMatch(/fetch failed|ENOTFOUND|ECONN/);
  }
  if (!fault.includes('port'))
    expect(failures.map(classifyError)).toEqual(['connection', 'connection']);
});
