import { expect, onTestFinished, test, vi } from 'vitest';
import { jsonWithoutSecrets, secretsOf, withoutSecrets } from '../../../pipeline/util/secrets.ts';

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

const ENCODED = 'postgres://app:s%40sam%25e@db.example/x';

test.each([
  [
    'an address',
    { DATABASE_URL: ENCODED },
    ['app:s%40sam%25e', 'app:s@sam%e', 's%40sam%25e', 's@sam%e'],
  ],
  [
    'a raw password',
    { DATABASE_URL: 'postgres://app:a/b?c#d@e%@h/x' },
    ['app:a/b?c#d@e%', 'a/b?c#d@e%'],
  ],
  [
    'a parameter',
    { DATABASE_URL: 'postgres://h/x?user=app&password=s%2Fsame' },
    ['s%2Fsame', 's/same'],
  ],
  ['no password', { DATABASE_URL: 'postgres://app@h/x' }, []],
  ['a common word', { DATABASE_URL: 'postgres://app:postgres@h/x' }, []],
  ['the name of the user', { DATABASE_URL: 'postgres://app:app@h/x' }, []],
  ['a proxy', { HTTPS_PROXY: 'http://me:sesame@proxy:3128' }, ['me:sesame', 'sesame']],
  ['a variable of the driver', { PGPASSWORD: 'sesame' }, ['sesame']],
  [
    'the lines of a key',
    { BIGQUERY_CREDENTIALS: '{"private_key":"-----BEGIN\\nMIIE\\nabcd\\n-----END\\n"}' },
    [
      '{"private_key":"-----BEGIN\\nMIIE\\nabcd\\n-----END\\n"}',
      '-----BEGIN\nMIIE\nabcd\n-----END',
      'MIIE',
      'abcd',
    ],
  ],
] as const)('%s: its parts are secrets', (_, variables, secrets) => {
  expect(secretsOf(variables)).toEqual(secrets);
});

test('what is stored holds no secret of the environment', () => {
  vi.stubEnv('DATABASE_URL', ENCODED);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(withoutSecrets('refused: s@sam%e, app:s%40sam%25e')).toBe('refused: [hidden], [hidden]');
  const details = { at: new Date(0), reason: ['s@sam%e!'], count: 1 };
  expect(jsonWithoutSecrets(details)).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","reason":["[hidden]!"],"count":1}',
  );
});
