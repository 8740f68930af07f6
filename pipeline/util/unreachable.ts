/** What a connection that could not be made says about the other side, and what is to be checked. */

/** By the code of Node, undici or TLS. */
const BY_CODE: readonly (readonly [code: RegExp, fault: string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/, 'its name is not found'],
  [/^ECONNREFUSED$/, 'it refuses the connection'],
  [/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, 'there is no way to it'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/, 'it does not answer in time'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection was cut'],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/,
    'this machine does not know who signed its certificate: set NODE_EXTRA_CA_CERTS to a file of ' +
      'the authority',
  ],
  [/^(CERT_|ERR_TLS_)/, 'its certificate is not valid for it'],
];

/** Names that the standard of `fetch` has no code for: https://fetch.spec.whatwg.org/#port-blocking */
const BY_MESSAGE: readonly (readonly [message: RegExp, fault: string])[] = [
  [/^bad port$/, 'its port is one that is never asked by HTTP'],
];

/** What is wrong, by the error of a connection or one of its causes; null: it is another error. */
export function faultOfConnection(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const [first] = at instanceof AggregateError ? at.errors : [];
    const code = String((at as { code?: unknown }).code ?? first?.code ?? '');
    const { message } = at;
    const known =
      BY_CODE.find(([pattern]) => pattern.test(code)) ??
      BY_MESSAGE.find(([pattern]) => pattern.test(message));
    if (known) return known[1];
  }
  return null;
}

/** `github.com is not reached (its name is not found): check …`; null if the error is another one. */
export function explainUnreachable(error: unknown, host: string, advice: string): string | null {
  const fault = faultOfConnection(error);
  return fault && `${host} is not reached (${fault}): ${advice}`;
}
