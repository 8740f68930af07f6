/** What to do when a PostgreSQL server does not let us in. */

const PLAIN_TLS =
  'it wants TLS: add `sslmode=verify-full` to the address (`sslmode=no-verify` encrypts without ' +
  'checking who answers)';

/** By the code of TLS, PostgreSQL or Node, and the message behind it. The first that fits counts. */
const BY_ERROR: readonly (readonly [error: RegExp, advice: string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)) /,
    'no authority that this machine knows has signed its certificate: add ' +
      '`sslmode=verify-full&sslrootcert=/path/to/ca.pem` to the address, with the certificate of ' +
      'your authority, or `sslmode=no-verify`, which encrypts without checking who answers',
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID /,
    'its certificate is for another name: write that name in the address, or add ' +
      '`sslmode=no-verify`, which encrypts without checking who answers',
  ],
  [/^CERT_HAS_EXPIRED /, 'its certificate has expired: renew it'],
  [
    /^CERT_NOT_YET_VALID /,
    'its certificate is not valid yet: correct the clock of this machine, or renew the certificate',
  ],
  [
    /^ENOENT \bENOENT\b.*\bopen\b/,
    'a file that sslrootcert, sslcert or sslkey names is not there: correct the path',
  ],
  [
    /does not support SSL/,
    'it has no TLS: remove `sslmode` from the address, or write `sslmode=disable`',
  ],
  [/pg_hba\.conf.*no encryption/, PLAIN_TLS],
  [
    /requires a valid client certificate/,
    'it wants a certificate of yours: add `sslcert=/path/to/client.pem&sslkey=/path/to/key.pem` ' +
      'to the address',
  ],
  [
    /^28000 /,
    'it does not let this user in from here: allow user, database and address of this machine in ' +
      'its pg_hba.conf, or, of a hosted server, in its settings',
  ],
  [/^28P01 /, 'correct user and password in the address'],
  [/^3D000 /, 'it has no such database: create it, or correct its name in the address'],
  [
    /^53300 |no more connections allowed|max(imum|imum number of)? clients? /i,
    'no connection is free: end other sessions, or raise the CONNECTION LIMIT of the role or the ' +
      'database, max_connections of the server, or the limits of its pooler; one is enough for a run',
  ],
  [/^57P03 /, 'it starts or stops: run again when it has started'],
];

const NO_PASSWORD =
  'it wants a password, and the address has none: write postgres://user:password@host:port/database';

const ANY = 'start it, correct the address, or unset DATABASE_URL to use the embedded database';

/** What to do about a connection to the server at an address that could not be made. */
export function describeRefusal(error: unknown, address: string): string {
  if (!(error instanceof Error)) return ANY;
  const code = String((error as { code?: unknown }).code ?? '');
  if (wantsPassword(error, code) && !hasPassword(address)) return NO_PASSWORD;
  const text = `${code} ${error.message}`;
  return (
    missingRight(error.message, address) ?? BY_ERROR.find(([known]) => known.test(text))?.[1] ?? ANY
  );
}

/** The statement for a role that may not use the database; PostgreSQL has one code for all rights. */
function missingRight(message: string, address: string): string | undefined {
  const database = /^permission denied for database ("[^"]+")$/.exec(message)?.[1];
  const role = decodeURIComponent(new URL(address).username);
  return (
    database &&
    `it has no right to connect: type \`GRANT CONNECT ON DATABASE ${database} TO "${role}"\``
  );
}

/** The driver has no code for a password that it misses; it hashes none as the word `null`. */
const wantsPassword = ({ message }: Error, code: string) =>
  code === '28P01' || /client password must be|^SASL: .*password/.test(message);

function hasPassword(address: string): boolean {
  const { password, searchParams } = new URL(address);
  return password !== '' || searchParams.has('password') || Boolean(process.env.PGPASSWORD);
}
