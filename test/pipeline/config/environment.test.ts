import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../../pipeline/config/environment.ts';
import { UsageError } from '../../../pipeline/util/usage-error.ts';

const KEY = { type: 'service_account', client_email: 'a@b', private_key: 'k', project_id: 'p-1' };

const NOTHING = {
  databaseUrl: null,
  githubToken: null,
  githubApiUrl: 'https://api.github.com',
  githubGraphqlUrl: 'https://api.github.com/graphql',
  githubServerUrl: 'https://github.com',
  githubRepository: null,
  bigqueryCredentials: null,
  googleCloudProject: null,
  bigqueryEmulatorHost: null,
  metricsPushUrl: null,
  gharchiveUrl: 'https://data.gharchive.org/',
};

test('nothing needs to be set, and what is empty is not set', () => {
  expect(readEnvironment({})).toEqual(NOTHING);
  expect(
    readEnvironment({
      DATABASE_URL: '',
      GITHUB_TOKEN: ' ',
      GITHUB_API_URL: '',
      GITHUB_SERVER_URL: '',
      GITHUB_REPOSITORY: '',
      GITHUB_GRAPHQL_URL: '',
      BIGQUERY_CREDENTIALS: '\n',
      GOOGLE_CLOUD_PROJECT: '',
      BIGQUERY_EMULATOR_HOST: '',
      GHARCHIVE_URL: '',
      METRICS_PUSH_URL: '',
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
      githubServerUrl: 'https://git.example',
    },
  ],
  [
    'GITHUB_API_URL',
    'http://localhost:3000',
    {
      githubApiUrl: 'http://localhost:3000',
      githubGraphqlUrl: 'http://localhost:3000/graphql',
      githubServerUrl: 'http://localhost:3000',
    },
  ],
  [
    'GITHUB_API_URL',
    'https://api.octo.ghe.com',
    {
      githubApiUrl: 'https://api.octo.ghe.com',
      githubGraphqlUrl: 'https://api.octo.ghe.com/graphql',
      githubServerUrl: 'https://octo.ghe.com',
    },
  ],
  ['GITHUB_SERVER_URL', 'https://git.example/', { githubServerUrl: 'https://git.example' }],
  ['GITHUB_REPOSITORY', 'octo/board', { githubRepository: 'octo/board' }],
  ['METRICS_PUSH_URL', 'http://u:p@gw:9091/', { metricsPushUrl: 'http://u:p@gw:9091' }],
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

describe('the password of DATABASE_URL', () => {
  const problem =
    'DATABASE_URL: percent-encode the special characters of user and password: # as %23, / as %2F, ? as %3F, @ as %40, % as %25';
  test.each([
    'postgres://app:12345#sesame@db.example:5432/x',
    'postgres://app:12345/sesame@db.example:5432/x',
    'postgres://app:12345?sesame@db.example:5432/x',
    'postgres://app:1?a=sesame@db.example/x',
    'postgres://app:12345@sesame@db.example:5432/x',
    'postgres://app:1@2/sesame@db.example:5432/x',
    'postgres://app:1@2?sesame=3@db.example:5432/x',
    'postgres://app:sesame%@db.example/x',
    'postgres://app:sesame%zz@db.example/x',
    'postgres://app:sesame%ff@db.example/x',
    'postgres://app:12345#sesame',
  ])('%s is refused, and nothing of it is shown', (DATABASE_URL) => {
    const attempt = () => readEnvironment({ DATABASE_URL });
    expect(attempt).toThrow(new UsageError(`Wrong environment variables:\n${problem}`));
    expect(attempt).not.toThrow(/sesame|12345|db\.example/);
  });

  test.each([
    'postgres://app:a%23%2F%3F%40%25@db.example:5432/x',
    'postgres://app:p:w&x=y@db.example/x?sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgres://app@[::1]:5432/x',
    'postgres:///x?host=/var/run/postgresql&user=me@server&password=a@b',
    'postgres://app:p@h/x?options=-c%20search_path%3Da',
  ])('%s is taken', (DATABASE_URL) => {
    expect(readEnvironment({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  });
});

describe('wrong values', () => {
  const database =
    'expected postgres://user:password@host:port/database, with special characters percent-encoded (@ as %40)';
  const key =
    'expected the JSON text of a service account key (type, client_email, private_key); for a file, set GOOGLE_APPLICATION_CREDENTIALS to its path';
  const folder = 'expected https://…, http://… or file:///… with the whole path of a folder';
  const withUser = 'expected an address without a user and a password (`https://host/…`)';
  const withQuery = 'expected an address without ? and #, to which names are appended';
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
    ['GHARCHIVE_URL', 'https://me:sesame@h/gh', withUser],
    ['GHARCHIVE_URL', 'http://sesame@h', withUser],
    ['GHARCHIVE_URL', 'https://h/gh?signature=sesame', withQuery],
    ['GHARCHIVE_URL', 'http://h/gh/#sesame', withQuery],
    ['GHARCHIVE_URL', 'https://h/gh?', withQuery],
    ['GITHUB_API_URL', 'https://h/api?key=sesame', withQuery],
    ['GITHUB_GRAPHQL_URL', 'https://h/graphql#sesame', withQuery],
    ['GITHUB_API_URL', 'https://me:sesame@h', withUser],
    ['GITHUB_GRAPHQL_URL', 'https://me:sesame@h/graphql', withUser],
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
