import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  jsonWithoutSecrets,
  redact,
  secretsOf,
  withoutSecrets,
} from '../../../pipeline/util/secrets.ts';

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

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----\n';

test.each([
  [`sent ${TOKEN}.`, 'sent ghp_[hidden]'],
  [`github_pat_${'x_1'.repeat(20)}!`, 'github_pat_[hidden]!'],
  ['postgres://me:sesame@db:5432/x', 'postgres://me:[hidden]@db:5432/x'],
  ['postgres://me:se@s/ame@db/x', 'postgres://me:[hidden]@db/x'],
  ['{"url":"postgres://me:sesame@db/x","n":1}', '{"url":"postgres://me:[hidden]@db/x","n":1}'],
  [
    'postgresql://h/x?user=me&password=sesame&x=1',
    'postgresql://h/x?user=me&password=[hidden]&x=1',
  ],
  ['authorization: Bearer sesame-sesame', 'authorization: [hidden]'],
  ['{"authorization":"token sesame","a":1}', '{"authorization":"[hidden]","a":1}'],
  ['got bearer eyJhbGciOi.x.y back', 'got bearer [hidden] back'],
  ['ya29.a0AfH6SMBx-y_z', '[hidden]'],
  [`key ${PEM}end`, 'key [hidden]\nend'],
  [JSON.stringify({ key: PEM }), '{"key":"[hidden]\\n"}'],
])('%j becomes %j', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test.each([
  'https://github.com/withastro/astro/pull/1',
  'http://localhost:4321/leaderboard/',
  'write postgres://user:password@host:port/database',
  'postgres://db:5432/leaderboard',
  'the token is missing; set GITHUB_TOKEN',
  'pr:1:merged by someone@example.com',
])('%s stays', (text) => {
  expect(redact(text)).toBe(text);
});

test('the secrets of the run are hidden as they are and as JSON spells them', () => {
  const secret = 'open "sesame"\n';
  const text = `${secret} ${JSON.stringify({ secret })}`;
  expect(redact(text, [secret])).toBe('[hidden] {"secret":"[hidden]"}');
  expect(redact('a short one is in many words', ['one'])).toBe('a short one is in many words');
});

test('a short secret is hidden as a word, and a longer one wherever it stands', () => {
  expect(redact('pass: s3cret, (s3cret) but s3crets', ['s3cret'])).toBe(
    'pass: [hidden], ([hidden]) but s3crets',
  );
  expect(redact('a $1.x) b', ['$1.x)'])).toBe('a [hidden] b');
  expect(redact('sesames', ['sesame', 'sesames!', 'open-sesames'])).toBe('sesames');
  expect(redact('me:sesame-1 and sesame-1', ['sesame-1', 'me:sesame-1'])).toBe(
    '[hidden] and [hidden]',
  );
});

test('no password of a database address is left, whatever it is made of', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!$%&/()=?@:;,._-]{8,30}$/);
  fc.assert(
    fc.property(password, (word) => {
      expect(redact(`at postgres://me:${word}@db.example/x now`)).toBe(
        'at postgres://me:[hidden]@db.example/x now',
      );
    }),
  );
});
