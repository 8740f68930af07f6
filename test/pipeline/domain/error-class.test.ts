import { describe, expect, test } from 'vitest';
import {
  classifyError,
  type ErrorClass,
  isWorthRetrying,
  SourceError,
} from '../../../pipeline/domain/error-class.ts';

/** An error as Node, PostgreSQL's clients and HTTP clients throw it. */
const coded = (code: unknown) => Object.assign(new Error('failed'), { code });

describe('a code decides the class', () => {
  test.each<[string, ErrorClass]>([
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['57014', 'timeout'], // query_canceled
    ['ECONNREFUSED', 'connection'],
    ['ECONNRESET', 'connection'],
    ['EPIPE', 'connection'],
    ['ENOTFOUND', 'connection'],
    ['EAI_AGAIN', 'connection'],
    ['EHOSTUNREACH', 'connection'],
    ['ENETUNREACH', 'connection'],
    ['UND_ERR_SOCKET', 'connection'],
    ['08006', 'connection'], // connection_failure
    ['08P01', 'connection'], // protocol_violation
    ['57P01', 'connection'], // admin_shutdown
    ['40001', 'connection'], // serialization_failure
    ['40P01', 'connection'], // deadlock_detected
    ['22001', 'constraint'], // string_data_right_truncation
    ['22P05', 'constraint'], // untranslatable_character
    ['23503', 'constraint'], // foreign_key_violation
    ['23505', 'constraint'], // unique_violation
    ['23P01', 'constraint'], // exclusion_violation
    ['42P01', 'unknown'], // undefined_table
    ['57000', 'unknown'], // operator_intervention
    ['', 'unknown'],
  ])('%s: %s', (code, errorClass) => {
    expect(classifyError(coded(code))).toBe(errorClass);
  });

  test.each([400, 401, 403, 404, 408, 409, '404', '08', '40', '57P', '57P0', '400010', '23'])(
    'but %j is no SQLSTATE, which has five characters',
    (code) => {
      expect(classifyError(coded(code))).toBe('unknown');
    },
  );
});

test.each<[ErrorClass, 'is tried again' | 'is final']>([
  ['timeout', 'is tried again'],
  ['quota', 'is tried again'],
  ['connection', 'is tried again'],
  ['unknown', 'is tried again'],
  ['constraint', 'is final'],
  ['budget', 'is final'],
  ['not_found', 'is final'],
  ['unauthorized', 'is final'],
  ['refused', 'is final'],
])('a source may say %s, which %s', (errorClass, fate) => {
  expect(classifyError(new SourceError(errorClass, 'failed'))).toBe(errorClass);
  expect(isWorthRetrying(errorClass)).toBe(fate === 'is tried again');
});

test('the name alone may show that an error is a timeout', () => {
  expect(classifyError(new DOMException('slow', 'TimeoutError'))).toBe('timeout');
});

test('the first known class of an error and its causes counts', () => {
  const cause = new Error('fetch failed', { cause: coded('ECONNRESET') });
  expect(classifyError(new Error('not read', { cause }))).toBe('connection');
  expect(classifyError(new SourceError('quota', 'slow down', { cause }))).toBe('quota');
});

test.each([
  ['an error without a code', new Error('failed')],
  ['an error whose cause is not an error', new Error('failed', { cause: { code: 'ECONNRESET' } })],
  ['a text', 'ECONNRESET'],
  ['null', null],
  ['undefined', undefined],
])('%s is of unknown class', (_, thrown) => {
  expect(classifyError(thrown)).toBe('unknown');
});
