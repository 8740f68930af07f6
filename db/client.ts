import { Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely';
import { openEmbedded } from './embedded.ts';
import { startEmbeddedThread, type UsedPGlite } from './embedded-thread.ts';
import type { Database } from './schema.ts';
import { openServer } from './server.ts';
import { readSession, setStatements } from './session.ts';

export type Db = Kysely<Database>;
/** For what must run inside a transaction; anything else takes `Db`, which may be one too. */
export type Trx = Transaction<Database>;

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
  if (isServerUrl(url))
    return new Kysely({ dialect: new PostgresDialect({ pool: () => openServer(url) }) });
  const { pglite, release } = await openEmbedded(url);
  return releasing(await prepare(pglite), release);
}

/** A database that is being made in a thread of its own. */
export interface ThreadDatabase {
  readonly opened: Promise<Db>;
  /** Ends the thread, whether the database is made or not. */
  close(): Promise<void>;
}

/** Makes a database in memory, for one user at a time, while the caller goes on. */
export function openInThread(pglite: UsedPGlite = startEmbeddedThread()): ThreadDatabase {
  const opened = prepare(pglite);
  opened.catch(() => {}); // who closes it before waits for it no longer
  return { opened, close: () => pglite.close() };
}

/** Gives an embedded PostgreSQL the settings that every connection has. */
async function prepare(pglite: UsedPGlite): Promise<Db> {
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  await db.connection().execute(async () => {}); // so that destroy() closes it, used or not
  const session = await readSession((text) => pglite.query(text));
  await pglite.exec(setStatements(session, 'SESSION'));
  return db;
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
