import { type CertificateName, pemFile } from './strict-server.ts';

/** A database, and what a run on it must come to. */
export interface Kind {
  readonly name: string;
  /** Options of CREATE DATABASE; by default a copy of one whose tables are up to date. */
  readonly create?: string;
  /** By default, what the rows need. */
  readonly rights?: 'rows' | 'read' | 'none' | 'owner' | 'superuser';
  /** Statements of a superuser in the database. ROLE and DATABASE stand for the names. */
  readonly statements?: readonly string[];
  /** What is added to the address. */
  readonly query?: string;
  /** On a server with TLS, few connections and rules for who may come in, with this certificate. */
  readonly strict?: CertificateName;
  /** Connections that all others leave on the server. */
  readonly free?: number;
  /** Connections of the role that are in use. */
  readonly inUse?: number;
  /** What is between the run and the server. */
  readonly pooler?: 'refusing' | 'session' | 'transaction' | 'ignoring';
  /** What is said, with exit code 1. */
  readonly advice?: RegExp;
  /** Whether a run ends well once the advice has been followed; by default it does. */
  readonly isMended?: false;
}

const setRole = (setting: string): Kind => ({
  name: setting,
  statements: [`ALTER ROLE ROLE SET ${setting}`],
});

const BY_ROLE: readonly Kind[] = [
  { name: 'a superuser', rights: 'superuser' },
  { name: 'the rights on rows alone' },
  { name: 'the owner of an empty database', create: 'TEMPLATE template0', rights: 'owner' },
  {
    name: 'no right to make tables',
    create: 'TEMPLATE template0',
    rights: 'none',
    advice: /may not make tables in the schema public: type `GRANT CREATE ON SCHEMA public TO/,
  },
  {
    name: 'the right to read alone',
    rights: 'read',
    advice: /type `GRANT INSERT, UPDATE, DELETE ON public\.audit_log TO/,
  },
  {
    name: 'a missing right on one table',
    statements: ['REVOKE DELETE ON scrape_windows FROM ROLE'],
    advice: /lacks rights on the table scrape_windows: type `GRANT DELETE ON public.scrape_windows/,
  },
  {
    name: 'no right to use the schema',
    statements: ['REVOKE USAGE ON SCHEMA public FROM PUBLIC'],
    advice: /may use no schema of its search path: type `GRANT USAGE ON SCHEMA public TO/,
  },
  {
    name: 'no right to use the schema of an empty database',
    create: 'TEMPLATE template0',
    statements: ['REVOKE USAGE ON SCHEMA public FROM PUBLIC'],
    advice: /may use no schema of its search path: type `CREATE SCHEMA leaderboard/,
  },
  { name: 'a connection limit of 3', statements: ['ALTER ROLE ROLE CONNECTION LIMIT 3'] },
  { name: 'a connection limit of 1', statements: ['ALTER ROLE ROLE CONNECTION LIMIT 1'] },
  {
    name: 'no right to make temporary tables',
    statements: ['REVOKE TEMPORARY ON DATABASE DATABASE FROM PUBLIC'],
  },
  {
    name: 'no right to connect',
    statements: ['REVOKE CONNECT ON DATABASE DATABASE FROM PUBLIC'],
    advice: /type `GRANT CONNECT ON DATABASE/,
  },
  {
    name: 'read-only transactions',
    statements: ['ALTER ROLE ROLE SET default_transaction_read_only = on'],
    advice: /type `ALTER ROLE \w+ IN DATABASE \w+ SET default_transaction_read_only = off`/,
  },
];

const BY_SETTING: readonly Kind[] = [
  ...['German', 'SQL, DMY', 'Postgres, MDY'].map((style) => setRole(`DateStyle = '${style}'`)),
  ...['Asia/Kathmandu', '<+0330>-3:30'].map((zone) => setRole(`TimeZone = '${zone}'`)),
  ...['sql_standard', 'iso_8601'].map((style) => setRole(`IntervalStyle = '${style}'`)),
  setRole('array_nulls = off'),
  setRole('standard_conforming_strings = off'),
  setRole('extra_float_digits = -15'),
  setRole("client_encoding = 'LATIN1'"),
  setRole("statement_timeout = '1ms'"),
  setRole("lock_timeout = '1ms'"),
  setRole("idle_in_transaction_session_timeout = '1ms'"),
  setRole("idle_session_timeout = '1s'"),
  setRole("work_mem = '64kB'"),
  setRole('transform_null_equals = on'),
  setRole('quote_all_identifiers = on'),
  setRole("bytea_output = 'escape'"),
  setRole("plan_cache_mode = 'force_generic_plan'"),
  {
    name: 'other plans',
    statements: ['hashagg', 'hashjoin', 'seqscan'].map(
      (plan) => `ALTER ROLE ROLE SET enable_${plan} = off`,
    ),
  },
  {
    name: 'no temporary files',
    statements: [
      "ALTER ROLE ROLE SET work_mem = '64kB'",
      "ALTER ROLE ROLE SET temp_file_limit = '0'",
    ],
    advice: /: raise temp_file_limit or work_mem of the role/,
    isMended: false,
  },
  setRole("default_transaction_isolation = 'serializable'"),
  setRole('search_path = pg_catalog, public'),
  {
    ...setRole('search_path = elsewhere'),
    advice: /`ALTER ROLE \w+ IN DATABASE \w+ SET search_path = public`/,
  },
  {
    ...setRole("search_path = ''"),
    advice: /`ALTER ROLE \w+ IN DATABASE \w+ SET search_path = public`/,
  },
];

const BY_OPTION: readonly Kind[] = [
  { name: 'options that do no harm', query: 'options=-c%20TimeZone%3DAsia/Kathmandu' },
  ...['default_transaction_read_only%3Don', 'search_path%3Delsewhere'].map((option) => ({
    name: option,
    query: `options=-c%20${option}`,
    advice: /: take \w+ out of the options of DATABASE_URL/,
    isMended: false as const,
  })),
];

const BY_DATABASE: readonly Kind[] = [
  { name: 'the collation C', create: "TEMPLATE template0 LOCALE 'C'", rights: 'owner' },
  { name: 'the ICU collation en-US', create: icu('en-US'), rights: 'owner' },
  // The lower case of I is another letter there.
  { name: 'the ICU collation tr-TR', create: icu('tr-TR'), rights: 'owner' },
  { name: 'the ICU collation sv-SE', create: icu('sv-SE'), rights: 'owner' },
  {
    name: 'the encoding SQL_ASCII',
    create: "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
    rights: 'owner',
  },
  {
    name: 'the encoding LATIN1',
    create: "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
    rights: 'owner',
    advice: /is LATIN1, which can't hold every text: type `CREATE DATABASE leaderboard OWNER/,
    isMended: false,
  },
  { name: 'a connection limit', statements: ['ALTER DATABASE DATABASE CONNECTION LIMIT 3'] },
  {
    name: "another project's tables of migrations",
    create: 'TEMPLATE template0',
    rights: 'owner',
    statements: [
      'CREATE TABLE kysely_migration (name text)',
      'CREATE TABLE kysely_migration_lock (id text)',
      "INSERT INTO kysely_migration VALUES ('0001-notes')",
    ],
  },
  {
    name: "another project's table with a name of ours",
    create: 'TEMPLATE template0',
    rights: 'owner',
    statements: ['CREATE TABLE repositories (path text)'],
    advice: /tables of another project with names of ours \(repositories\): type `CREATE SCHEMA/,
  },
];

const BY_TABLE: readonly Kind[] = [
  {
    name: 'row level security',
    statements: [
      'ALTER TABLE contribution_events ENABLE ROW LEVEL SECURITY',
      "CREATE POLICY few ON contribution_events USING (kind = 'COMMIT')",
    ],
    advice: /type `ALTER TABLE public.contribution_events DISABLE ROW LEVEL SECURITY`/,
  },
  {
    name: 'a trigger that drops rows',
    statements: [
      'CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
      'CREATE TRIGGER drop_row BEFORE INSERT ON github_users FOR EACH ROW EXECUTE FUNCTION drop_row()',
    ],
    advice: /the table github_users drops a row that is inserted: remove the trigger/,
    isMended: false,
  },
  {
    name: 'a trigger that changes rows',
    statements: [
      "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.login := 'x'; RETURN NEW; END $$",
      'CREATE TRIGGER change BEFORE INSERT ON github_users FOR EACH ROW EXECUTE FUNCTION change()',
    ],
    advice: /the table github_users changes login of a row: remove the trigger/,
    isMended: false,
  },
  {
    name: 'a constraint of its own',
    statements: ['ALTER TABLE contribution_events ADD CONSTRAINT few CHECK (lines_added < 9)'],
    advice: /the table contribution_events refuses a row: .*"few"/,
    isMended: false,
  },
];

const ODD = [
  "ALTER ROLE ROLE SET DateStyle = 'German'",
  'ALTER ROLE ROLE SET array_nulls = off',
  "ALTER ROLE ROLE SET TimeZone = 'Asia/Kathmandu'",
];

const trusting = (name: CertificateName | 'authority', mode = 'verify-full') =>
  `sslmode=${mode}&sslrootcert=${pemFile(name)}`;

function tls(name: string, strict: CertificateName, query: string, advice?: RegExp): Kind {
  return { name: `TLS: ${name}`, strict, query, ...(advice && { advice, isMended: false }) };
}

const UNKNOWN = /no authority that this machine knows .* add `sslmode=verify-full&sslrootcert=/;

const BY_TLS: readonly Kind[] = [
  tls('the own authority', 'signed', trusting('authority')),
  tls('its file alone', 'signed', `sslrootcert=${pemFile('authority')}`),
  tls('a self-signed certificate', 'certificate', trusting('certificate')),
  tls(
    'options of libpq',
    'certificate',
    'sslmode=require&uselibpqcompat=true&channel_binding=require',
  ),
  tls(
    'another name for libpq',
    'other-name',
    `${trusting('authority', 'verify-ca')}&uselibpqcompat=true`,
  ),
  ...(['certificate', 'signed', 'other-name', 'expired', 'future'] as const).map((certificate) =>
    tls(`no check of ${certificate}`, certificate, 'sslmode=no-verify'),
  ),
  ...['prefer', 'require', 'verify-ca', 'verify-full'].map((mode) =>
    tls(`a self-signed certificate with ${mode}`, 'certificate', `sslmode=${mode}`, UNKNOWN),
  ),
  tls('an unknown authority', 'signed', 'sslmode=verify-full', UNKNOWN),
  tls('another authority', 'signed', trusting('certificate'), UNKNOWN),
  tls(
    'another name',
    'other-name',
    trusting('authority'),
    /its certificate is for another name: write/,
  ),
  tls('an expired certificate', 'expired', trusting('authority'), /has expired: renew it/),
  tls('a certificate of the future', 'future', trusting('authority'), /is not valid yet: .*clock/),
  tls('a missing file', 'signed', 'sslrootcert=/none.pem', /is not there: correct the path/),
  tls('a file without a certificate', 'signed', `sslrootcert=${pemFile('key')}`, UNKNOWN),
  tls('none', 'signed', '', /it wants TLS: add `sslmode=verify-full`/),
  tls('switched off', 'signed', 'sslmode=disable', /it wants TLS: add `sslmode=verify-full`/),
  {
    ...tls('none, which a rule rejects', 'signed', '', /it wants TLS: add `sslmode=verify-full`/),
    statements: ['GRANT tls_rejected TO ROLE'],
  },
  {
    ...tls(
      'a rule against the role',
      'signed',
      trusting('authority'),
      /allow .* in its pg_hba\.conf/,
    ),
    statements: ['GRANT all_rejected TO ROLE'],
  },
  {
    ...tls('no certificate of ours', 'signed', trusting('authority'), /add `sslcert=/),
    statements: ['GRANT certified TO ROLE'],
  },
  {
    ...tls(
      'our certificate',
      'signed',
      `${trusting('authority')}&sslcert=${pemFile('signed')}&sslkey=${pemFile('key')}`,
    ),
    statements: ['GRANT certified TO ROLE'],
  },
  {
    name: 'TLS: a server without it',
    query: 'sslmode=verify-full',
    advice: /it has no TLS: remove `sslmode`/,
    isMended: false,
  },
];

const NO_ROOM = /no connection is free: .*max_connections/;

const BY_ROOM: readonly Kind[] = [
  {
    name: 'a full server',
    strict: 'signed',
    query: trusting('authority'),
    free: 0,
    advice: NO_ROOM,
  },
  ...[1, 2, 3].map((free) => ({
    name: `a server with ${free} free`,
    strict: 'signed' as const,
    query: trusting('authority'),
    free,
  })),
  {
    name: 'a connection limit that is used up',
    statements: ['ALTER ROLE ROLE CONNECTION LIMIT 2'],
    inUse: 2,
    advice: NO_ROOM,
  },
  {
    name: 'a connection limit that others use, too',
    statements: ['ALTER ROLE ROLE CONNECTION LIMIT 3'],
    inUse: 2,
  },
];

const BY_POOLER: readonly Kind[] = [
  { name: 'a pooler that refuses options', pooler: 'refusing', statements: ODD },
  { name: 'PgBouncer in session mode', pooler: 'session', statements: ODD },
  { name: 'PgBouncer in transaction mode', pooler: 'transaction', statements: ODD },
  { name: 'PgBouncer that ignores options', pooler: 'ignoring', statements: ODD },
];

function icu(locale: string): string {
  return `TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE '${locale}' LOCALE 'C'`;
}

export const KINDS: readonly Kind[] = [
  BY_ROLE,
  BY_SETTING,
  BY_OPTION,
  BY_DATABASE,
  BY_TABLE,
  BY_TLS,
  BY_ROOM,
  BY_POOLER,
].flat();
