import { describe, expect, it } from 'vitest';
import { explainUnreachable, faultOfConnection } from '../../../pipeline/util/unreachable.ts';

/** As Node's fetch throws it: the reason is a cause. */
const failed = (code: string, message = code) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

describe('the fault of a connection', () => {
  it.each([
    [failed('ENOTFOUND'), 'its name is not found'],
    [failed('EAI_AGAIN'), 'its name is not found'],
    [failed('ECONNREFUSED'), 'it refuses the connection'],
    [failed('ENETUNREACH'), 'there is no way to it'],
    [failed('UND_ERR_CONNECT_TIMEOUT'), 'it does not answer in time'],
    [failed('ECONNRESET'), 'the connection was cut'],
    [failed('UND_ERR_SOCKET', 'other side closed'), 'the connection was cut'],
    [failed('SELF_SIGNED_CERT_IN_CHAIN'), /NODE_EXTRA_CA_CERTS/],
    [failed('CERT_HAS_EXPIRED'), 'its certificate is not valid for it'],
    [failed('ERR_TLS_CERT_ALTNAME_INVALID'), 'its certificate is not valid for it'],
    [new TypeError('fetch failed', { cause: new Error('bad port') }), /port/],
    // Both addresses of a name: one error for each.
    [
      new TypeError('fetch failed', {
        cause: new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })]),
      }),
      'it refuses the connection',
    ],
  ])('%s is: %s', (error, fault) => {
    expect(faultOfConnection(error)).toEqual(
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    );
  });

  it.each([
    new Error('a bug'),
    new TypeError('x is not a function'),
    failed('ENOENT'),
    Object.assign(new Error('HTTP'), { code: 404 }),
    'a text',
    null,
  ])('is not that of %s', (error) => {
    expect(explainUnreachable(error, 'github.com', 'check it')).toBeNull();
  });

  it('is one sentence with what to do', () => {
    expect(explainUnreachable(failed('ENOTFOUND'), 'github.com', 'check the network')).toBe(
      'github.com is not reached (its name is not found): check the network',
    );
  });
});
