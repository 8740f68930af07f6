/** What to do when a PostgreSQL server does not let us in. */

/** By the codes of TLS, PostgreSQL and Node. */
const BY_CODE: readonly (readonly [codes: RegExp, advice: string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?))$/,
    'no authority that this machine knows has signed its certificate: add ' +
      '`sslmode=verify-full&sslrootcert=/path/to/ca.pem` to the address, with the certificate of ' +
      'your authority, or `sslmode=no-verify`, which encrypts without checking who answers',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its certificate is for another name: write that name in the address, or add ' +
      '`sslmode=no-verify`, which encrypts without checking who answers',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired: renew it'],
  [/^28P01$/, 'correct user and password in the address'],
];

const BY_MESSAGE: readonly (readonly [message: RegExp, advice: string])[] = [
  [
    /^ENOENT\b.*\bopen\b/,
    'a file that sslrootcert, sslcert or sslkey names is not there: correct the path',
  ],
  [
    /does not support SSL/,
    'it has no TLS: remove `sslmode` from the address, or write `sslmode=disable`',
  ],
  [
    /no pg_hba\.conf entry.*no encryption/,
    'it wants TLS: add `sslmode=verify-full` to the address (`sslmode=no-verify` encrypts without ' +
      'checking who answers)',
  ],
];

const NO_PASSWORD =
  'it wants a password, and the address has none: write postgres://user:password@host:port/database';

const ANY = 'start it, correct the address, or unset DATABASE_URL to use the embedded database';

/** What to do about a connection to the server at an address that could not be made. */
export function describeRefusal(error: unknown, address: string): string {
  if (!(error instanceof Error)) return ANY;
  const code = String((error as { code?: unknown }).code ?? '');
  if (wantsPassword(error, code) && !hasPassword(address)) return NO_PASSWORD;
  const found =
    BY_CODE.find(([codes]) => codes.test(code)) ??
    BY_MESSAGE.find(([message]) => message.test(error.message));
  return found?.[1] ?? ANY;
}

/** The driver has no code for a password that it misses; it hashes none as the word `null`. */
const wantsPassword = ({ message }: Error, code: string) =>
  code === '28P01' || /client password must be|^SASL: .*password/.test(message);

function hasPassword(address: string): boolean {
  const { password, searchParams } = new URL(address);
  return password !== '' || searchParams.has('password') || Boolean(process.env.PGPASSWORD);
}
