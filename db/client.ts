import { Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool, types as pgTypes } from 'pg';
import { openEmbedded } from './embedded.ts';
import { TYPE_PARSERS } from './parsers.ts';
import type { Database } from './schema.ts';

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
  return releasing(db, embedded.release);
}

function openServer(url: string): Db {
  const pool = new Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: {
      getTypeParser: ((oid: number, format: 'text' | 'binary') =>
        TYPE_PARSERS[oid] ?? pgTypes.getTypeParser(oid, format)) as typeof pgTypes.getTypeParser,
    },
  });
  // A server that stops closes idle connections; the next query reports it.
  pool.on('error', () => {});
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
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
