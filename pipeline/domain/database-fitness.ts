import { HOUR_MS, MINUTE_MS } from './time.ts';

/** What a database must be like for a run, and what to type where it is not. */

/** What is asked of the server. Names are quoted as in SQL, where they have to be. */
export interface ServerFacts {
  /** `server_version_num`, and its name. */
  readonly version: number;
  readonly versionName: string;
  /** The encoding of the database. */
  readonly encoding: string;
  readonly database: string;
  /** The role that logs in; `SET role` may make another of it. */
  readonly login: string;
  readonly role: string;
  /** Where tables are made; null if no schema of the search path may be used. */
  readonly schema: string | null;
  /** A schema that has our tables, whether the search path leads there or not. */
  readonly tablesIn: string | null;
  readonly mayCreate: boolean;
  /** A copy of another server that follows its changes. */
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  /** Settings that came with the connection: no `ALTER ROLE` changes them. */
  readonly fixedByAddress: readonly string[];
}

export interface TableFacts {
  readonly name: string;
  /** Rights that the role does not have. */
  readonly missing: readonly string[];
  /** A policy may hide rows from the role. */
  readonly isFiltered: boolean;
}

/** The oldest PostgreSQL whose SQL we use, as `server_version_num`. */
const OLDEST_POSTGRES = 150_000;

/** Encodings that hold every text: SQL_ASCII keeps the bytes as they are. */
const ENCODINGS = ['UTF8', 'SQL_ASCII'];

/** How to keep our tables apart from all others in the same database. */
function ownSchema({ login, role, database }: ServerFacts): string {
  return (
    `\`CREATE SCHEMA leaderboard AUTHORIZATION ${role}\` and ` +
    `\`ALTER ROLE ${login} IN DATABASE ${database} SET search_path = leaderboard\``
  );
}

/** What to do about a setting that came with the connection. */
const takeOut = (name: string) =>
  `take ${name} out of the options of DATABASE_URL and of the variable PGOPTIONS`;

/** How a role gets to a schema: that of our tables, or a new one. */
function anySchema(facts: ServerFacts): string {
  const { login, role, database, tablesIn, fixedByAddress } = facts;
  if (fixedByAddress.includes('search_path')) return takeOut('search_path');
  if (tablesIn === null) return `type ${ownSchema(facts)}`;
  return (
    `type \`GRANT USAGE ON SCHEMA ${tablesIn} TO ${role}\` and ` +
    `\`ALTER ROLE ${login} IN DATABASE ${database} SET search_path = ${tablesIn}\``
  );
}

function writable({ login, database, fixedByAddress }: ServerFacts): string {
  const name = 'default_transaction_read_only';
  if (fixedByAddress.includes(name)) return takeOut(name);
  return `type \`ALTER ROLE ${login} IN DATABASE ${database} SET ${name} = off\``;
}

/** What keeps a run from working on this server; empty if nothing does. */
export function problemsOfServer(facts: ServerFacts): string[] {
  const { versionName, encoding, database, role, schema } = facts;
  const problems: [isProblem: boolean, text: string][] = [
    [
      facts.version < OLDEST_POSTGRES,
      `PostgreSQL ${versionName} is too old: use version 15 or newer`,
    ],
    [
      facts.isStandby,
      'this server is a standby, which can only be read: give DATABASE_URL the address of the primary',
    ],
    [
      facts.isReadOnly && !facts.isStandby,
      `default_transaction_read_only is on, so nothing can be written: ${writable(facts)}`,
    ],
    [
      !ENCODINGS.includes(encoding),
      `the encoding of the database ${database} is ${encoding}, which can't hold every text: type ` +
        `\`CREATE DATABASE leaderboard OWNER ${role} ENCODING 'UTF8' TEMPLATE template0\` ` +
        'and give DATABASE_URL its address',
    ],
    [schema === null, `the role ${role} may use no schema of its search path: ${anySchema(facts)}`],
  ];
  return problems.filter(([isProblem]) => isProblem).map(([, text]) => text);
}

/** Clocks that are set over the network differ by less than a second, idle machines by a few. */
const CLOCK_NOTED_MS = MINUTE_MS;
/** A file of the archive: what a run that is an hour ahead looks for is not there yet. */
const CLOCK_REFUSED_MS = HOUR_MS;

/** What to do about two clocks that differ; null if they agree. */
export function problemOfClocks(leadMs: number): { text: string; isRefused: boolean } | null {
  const difference = Math.abs(leadMs);
  if (difference <= CLOCK_NOTED_MS) return null;
  const side = leadMs > 0 ? 'ahead of' : 'behind';
  const text =
    `the clock of this machine is ${Math.round(difference / MINUTE_MS)} minutes ` +
    `${side} the database's: set the one that is wrong (\`timedatectl set-ntp true\` on Linux), ` +
    'because what was read, and what was paid for, is stored with the time of this machine';
  return { text, isRefused: difference > CLOCK_REFUSED_MS };
}

/** What keeps tables from being made or changed. `isNew`: none of ours has been made yet. */
export function problemsOfMigration(
  facts: ServerFacts,
  tables: readonly TableFacts[],
  isNew: boolean,
): string[] {
  const { role, schema, mayCreate } = facts;
  if (schema === null) return [];
  const create =
    `the role ${role} may not make tables in the schema ${schema}: ` +
    `type \`GRANT CREATE ON SCHEMA ${schema} TO ${role}\``;
  const names = tables.map(({ name }) => name).join(', ');
  const foreign =
    `the schema ${schema} has tables of another project with names of ours (${names}): ` +
    `type ${ownSchema(facts)}`;
  return [...(mayCreate ? [] : [create]), ...(isNew && tables.length > 0 ? [foreign] : [])];
}

/** What keeps rows from being read or written. */
export function problemsOfTables(facts: ServerFacts, tables: readonly TableFacts[]): string[] {
  const { login, role, schema } = facts;
  const rights = tables
    .filter(({ missing }) => missing.length > 0)
    .map(
      ({ name, missing }) =>
        `the role ${role} lacks rights on the table ${name}: ` +
        `type \`GRANT ${missing.join(', ')} ON ${schema}.${name} TO ${role}\``,
    );
  const filtered = tables
    .filter(({ isFiltered }) => isFiltered)
    .map(
      ({ name }) =>
        `row level security may hide rows of the table ${name}: ` +
        `type \`ALTER TABLE ${schema}.${name} DISABLE ROW LEVEL SECURITY\`, ` +
        `or \`ALTER ROLE ${login} BYPASSRLS\` as a superuser`,
    );
  return [...rights, ...filtered];
}
