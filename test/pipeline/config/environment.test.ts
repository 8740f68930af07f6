import { describe, expect, test } from 'vitest';
import { readEnvironment, secretsOf } from '../../../pipeline/config/environment.ts';
import { UsageError } from '../../../pipeline/util/usage-error.ts';

const KEY = { type: 'service_account', client_email: 'a@b', private_key: 'k', project_id: 'p-1' };

const NOTHING = {
  databaseUrl: null,
  githubToken: null,
  githubApiUrl: 'https://api.github.com',
  githubGraphqlUrl: 'https://api.github.com/graphql',
  bigqueryCredentials: null,
  googleCloudProject: null,
  bigqueryEmulatorHost: null,
  gharchiveUrl: 'https://data.gharchive.org/',
};

test('nothing needs to be set, and what is empty is not set', () => {
  expect(readEnvironment({})).toEqual(NOTHING);
  expect(
    readEnvironment({
      DATABASE_URL: '',
      GITHUB_TOKEN: ' ',
      GITHUB_API_URL: '',
      GITHUB_GRAPHQL_URL: '',
      BIGQUERY_CREDENTIALS: '\n',
      GOOGLE_CLOUD_PROJECT: '',
      BIGQUERY_EMULATOR_HOST: '',
      GHARCHIVE_URL: '',
    }),
  ).toEqual(NOTHING);
});

test.each([
  ['DATABASE_URL', 'postgres://u:p@h:5432/d', { databaseUrl: 'postgres://u:p@h:5432/d' }],
  ['DATABASE_URL', 'postgresql:///d', { databaseUrl: 'postgresql:///d' }],
  ['GITHUB_TOKEN', 'ghp_1\n', { githubToken: 'ghp_1' }],
  [
    'GITHUB_API_URL',
    'https://git.example/api/v3/',
    {
      githubApiUrl: 'https://git.example/api/v3',
      githubGraphqlUrl: 'https://git.example/api/graphql',
    },
  ],
  [
    'GITHUB_API_URL',
    'http://localhost:3000',
    {
      githubApiUrl: 'http://localhost:3000',
      githubGraphqlUrl: 'http://localhost:3000/graphql',
    },
  ],
  ['GITHUB_GRAPHQL_URL', 'https://x/g', { githubGraphqlUrl: 'https://x/g' }],
  [
    'BIGQUERY_CREDENTIALS',
    JSON.stringify(KEY),
    { bigqueryCredentials: KEY, googleCloudProject: 'p-1' },
  ],
  [
    'BIGQUERY_CREDENTIALS',
    '{"type": "external_account", "audience": "x"}',
    { bigqueryCredentials: { type: 'external_account', audience: 'x' }, googleCloudProject: null },
  ],
  ['GOOGLE_CLOUD_PROJECT', 'mine', { googleCloudProject: 'mine' }],
  ['BIGQUERY_EMULATOR_HOST', 'localhost:9050', { bigqueryEmulatorHost: 'http://localhost:9050' }],
  ['BIGQUERY_EMULATOR_HOST', 'https://e:1/', { bigqueryEmulatorHost: 'https://e:1' }],
  ['GHARCHIVE_URL', 'https://mirror.example/gh', { gharchiveUrl: 'https://mirror.example/gh/' }],
  ['GHARCHIVE_URL', 'file:///data/hours', { gharchiveUrl: 'file:///data/hours/' }],
] as const)('%s=%s', (name, value, expected) => {
  expect(readEnvironment({ [name]: value })).toEqual({ ...NOTHING, ...expected });
});

test('the project that is named goes before that of the key', () => {
  const variables = { BIGQUERY_CREDENTIALS: JSON.stringify(KEY), GOOGLE_CLOUD_PROJECT: 'mine' };
  expect(readEnvironment(variables).googleCloudProject).toBe('mine');
});

describe('wrong values', () => {
  const database =
    'expected postgres://user:password@host:port/database, with special characters percent-encoded (@ as %40)';
  const key =
    'expected the JSON text of a service account key (type, client_email, private_key); for a file, set GOOGLE_APPLICATION_CREDENTIALS to its path';
  const folder = 'expected https://…, http://… or file:///… with the whole path of a folder';
  test.each([
    ['DATABASE_URL', 'mysql://u:sesame@h/d', database],
    ['DATABASE_URL', 'postgres://u:sesame/x@h:y/d', database],
    ['GITHUB_TOKEN', 'sesame sesame', 'expected one word, without spaces or line ends'],
    ['GITHUB_API_URL', 'api.sesame.com', 'expected an address, https://…'],
    ['BIGQUERY_CREDENTIALS', '{"private_key": "sesame"', key],
    ['BIGQUERY_CREDENTIALS', '{"type": "service_account", "private_key": "sesame"}', key],
    ['BIGQUERY_CREDENTIALS', 'sesame.json', key],
    ['BIGQUERY_EMULATOR_HOST', 'sesame:port', 'expected host:port, like localhost:9050'],
    ['GHARCHIVE_URL', '/sesame', folder],
    ['GHARCHIVE_URL', 'file://sesame/x', folder],
    ['GHARCHIVE_URL', 'ftp://sesame', folder],
  ])('%s=%s is refused, and its value is not shown', (name, value, expected) => {
    const attempt = () => readEnvironment({ [name]: value });
    expect(attempt).toThrow(new UsageError(`Wrong environment variables:\n${name}: ${expected}`));
    expect(attempt).not.toThrow(/sesame/);
  });

  test.each([
    ['file:///data/hours#1', 'file:///data/hours%231'],
    ['file:///data/a?b/', 'file:///data/a%3Fb/'],
  ])('%s is refused, with what to type', (GHARCHIVE_URL, encoded) => {
    expect(() => readEnvironment({ GHARCHIVE_URL })).toThrow(
      `GHARCHIVE_URL: expected a path with # as %23 and ? as %3F: ${encoded}`,
    );
    expect(readEnvironment({ GHARCHIVE_URL: encoded }).gharchiveUrl).toContain(encoded);
  });

  test('are reported together', () => {
    expect(() => readEnvironment({ GITHUB_TOKEN: 'a b', GITHUB_API_URL: 'c' })).toThrow(
      /GITHUB_API_URL: .*\nGITHUB_TOKEN: /,
    );
  });
});

test.each([
  [{}, []],
  [{ GITHUB_TOKEN: '' }, []],
  [{ GITHUB_TOKEN: 'abc\n', PATH: '/bin' }, ['abc']],
  [{ BIGQUERY_CREDENTIALS: 'broken' }, ['broken']],
  [{ BIGQUERY_CREDENTIALS: 'null' }, ['null']],
  [{ BIGQUERY_CREDENTIALS: '{"private_key": "k"}' }, ['{"private_key": "k"}', 'k']],
])('the secrets of %j are %j', (variables, secrets) => {
  expect(secretsOf(variables)).toEqual(secrets);
});
