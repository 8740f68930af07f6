import {
  Kysely,
  PGliteDialect,
  PostgresDialect,
  type PostgresPool,
  sql,
  type Transaction,
} from 'kysely';
import { Client, DatabaseError, Pool, types as pgTypes } from 'pg';
import { openEmbedded } from './embedded.ts';
import { TYPE_PARSERS } from './parsers.ts';
import { perTransaction } from './per-transaction-pool.ts';
import type { Database } from './schema.ts';
import { READ_SESSION, type Session, setStatements, startOptions } from './session.ts';

export type Db = Kysely<Database>;
/** For what must run inside a transaction; anything else takes `Db`, which may be one too. */
export type Trx = Transaction<Database>;

/**
 * Most connections of one process: workers of one machine, below the limits of small hosted plans.
 */
const POOL_SIZE = 8;
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Whether an address is that of a PostgreSQL server; any other is the folder of an embedded one.
 */
export function isServerUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/**
 * Opens the database: `postgres://…`, or the folder of an embedded PostgreSQL (`memory:` keeps it in
 * memory). `destroy()` closes it. Throws `DatabaseInUseError` if another process uses the folder.
 */
export async function openDatabase(url: string): Promise<Db> {
  if (isServerUrl(url)) return openServer(url);
  const embedded = await openEmbedded(url);
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite: embedded.pglite }) });
  await db.connection().execute(async () => {}); // so that destroy() closes it, used or not
  const session = await readSession((text) => embedded.pglite.query(text));
  await embedded.pglite.exec(setStatements(session, 'SESSION'));
  return releasing(db, embedded.release);
}

function openServer(url: string): Db {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: () => createPool(url) }) });
}

async function createPool(url: string): Promise<PostgresPool> {
  const session = await readServerSession(url);
  const pool = new Pool({
    ...addressOf(url, session.keepsOptions ? startOptions(session) : ''),
    max: Math.min(POOL_SIZE, session.connectionLimit ?? POOL_SIZE),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: {
      getTypeParser: ((oid: number, format: 'text' | 'binary') =>
        TYPE_PARSERS[oid] ?? pgTypes.getTypeParser(oid, format)) as typeof pgTypes.getTypeParser,
    },
  });
  // A server that stops closes idle connections; the next query reports it.
  pool.on('error', () => {});
  return session.keepsOptions ? pool : perTransaction(pool, setStatements(session, 'LOCAL'));
}

/** The address, with options for the server process beside those that it has. */
function addressOf(url: string, options: string) {
  const given = /([?&]options=)([^&#]*)/.exec(url);
  if (!given) {
    const all = [process.env.PGOPTIONS, options].filter(Boolean).join(' ');
    return { connectionString: url, options: all };
  }
  const [parameter, start = '', value = ''] = given;
  const all = `${value}${encodeURIComponent(` ${options}`)}`;
  return { connectionString: url.replace(parameter, () => `${start}${all}`) };
}

/**
 * Classes of errors that have nothing to do with the options: who may come in, a database that is
 * not there, no connection left, a server that starts or stops.
 */
const REFUSED_ANYWAY = /^(28|3D|53|57)/;

/** Tries a connection with our options, and, where a pooler refuses them, one without. */
async function readServerSession(url: string): Promise<Session> {
  try {
    return await connectOnce(url, startOptions({ version: 0, schemas: [] }));
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : undefined;
    if (code === undefined || REFUSED_ANYWAY.test(code)) throw error;
    return connectOnce(url, '');
  }
}

async function connectOnce(url: string, options: string): Promise<Session> {
  const client = new Client({
    ...addressOf(url, options),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A query that fails reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    return await readSession((text) => client.query(text));
  } finally {
    await client.end();
  }
}

async function readSession(
  query: (text: string) => Promise<{ rows: unknown[] }>,
): Promise<Session> {
  const sessions: unknown[] = [];
  for (const statement of READ_SESSION) sessions.push(...(await query(statement)).rows);
  return JSON.parse((sessions[0] as { session: string }).session);
}

/**
 * The version of PostgreSQL as a number (`180001`) and as its name (`18.1`). Throws if nobody
 * answers.
 */
export async function readServerVersion(db: Db): Promise<{ version: number; name: string }> {
  const { rows } = await sql<{ version: number; name: string }>`
    SELECT current_setting('server_version_num')::integer AS version,
      current_setting('server_version') AS name`.execute(db);
  return rows[0] as { version: number; name: string };
}

/** Releases the folder once the database is closed. */
function releasing(db: Db, release: () => void): Db {
  const destroy = db.destroy.bind(db);
  db.destroy = async () => {
    await destroy();
    release();
  };
  return db;
}
