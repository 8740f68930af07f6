import { expect, test } from 'vitest';
import { secretsOf } from '../../../pipeline/runtime/secrets.ts';

test.each([
  [{}, []],
  [{ GITHUB_TOKEN: '' }, []],
  [{ GITHUB_TOKEN: 'abc\n', PATH: '/bin' }, ['abc']],
  [{ BIGQUERY_CREDENTIALS: 'broken' }, ['broken']],
  [{ BIGQUERY_CREDENTIALS: 'null' }, ['null']],
  [{ BIGQUERY_CREDENTIALS: '{"private_key": "k"}' }, ['{"private_key": "k"}', 'k']],
])('%j: %j', (variables, secrets) => {
  expect(secretsOf(variables)).toEqual(secrets);
});
