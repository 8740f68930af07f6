import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { type Db, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { openMigrated } from './templates.ts';

/** A fresh, migrated database for one block of tests. */
export interface TestDatabase {
  /** The database; available from `beforeAll` on. */
  readonly db: Db;
  /** Its address, for a second connection or another process (a server only). */
  readonly url: string;
}

/** Runs a block of tests on both databases: the embedded one and a PostgreSQL server. */
export function describeOnDatabases(name: string, tests: (database: TestDatabase) => void): void {
  describe.each(['embedded', 'server'] as const)(`${name}, on %s PostgreSQL`, (kind) => {
    const server = inject('postgresUrl');
    if (kind === 'server' && server === null) {
      describe.skip('no PostgreSQL server could be started', () => {});
      return;
    }
    tests(useDatabase(kind));
  });
}

/**
 * Opens a fresh database before the tests of the block and removes it after them. Without a kind it
 * is one on the server, where there is a server: that takes half the time of the embedded one.
 */
export function useDatabase(kind?: 'embedded' | 'server'): TestDatabase {
  const state: { db?: Db; url: string } = { url: 'memory:' };
  beforeAll(async () => {
    Object.assign(state, await openFresh(kind));
  });
  afterAll(async () => {
    await state.db?.destroy();
  });
  return {
    get db() {
      if (!state.db) throw new Error('the database is there from beforeAll on');
      return state.db;
    },
    get url() {
      return state.url;
    },
  };
}

/** Opens a fresh, migrated database of a kind; without one as `useDatabase` does. */
export async function openFresh(
  kind: 'embedded' | 'server' = inject('postgresUrl') === null ? 'embedded' : 'server',
): Promise<{ db: Db; url: string }> {
  if (kind === 'embedded') return { db: await openMigrated(), url: 'memory:' };
  const url = await createServerDatabase(`TEMPLATE ${inject('postgresTemplate')}`);
  return { db: await openDatabase(url), url };
}

/** Opens the database at an address with all its tables; without an address a fresh one. */
export async function openTables(url?: string): Promise<Db> {
  if (url === undefined) return (await openFresh()).db;
  if (url === 'memory:') return openMigrated();
  const db = await openDatabase(url);
  await migrate(db);
  return db;
}

/**
 * Makes an empty database on the server of the tests and returns its address.
 * @param options of `CREATE DATABASE`: its encoding and its language
 */
export async function createServerDatabase(options = ''): Promise<string> {
  const server = inject('postgresUrl');
  if (server === null) throw new Error('there is no PostgreSQL server');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = await openDatabase(server);
  await sql
    .raw(`CREATE DATABASE ${name} ${options}`)
    .execute(admin)
    .finally(() => admin.destroy());
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

/**
 * Empties every table, so that one test does not see another's rows. Only what holds rows is emptied:
 * to truncate all tables takes five times as long.
 */
export async function emptyTables(db: Db): Promise<void> {
  const { tables, sequences } = await readUsed(db);
  await runAll(db, [
    ...(tables.length > 0 ? [`TRUNCATE ${tables.join(', ')} CASCADE`] : []),
    ...sequences.map((name) => `ALTER SEQUENCE ${name} RESTART`),
  ]);
}

async function runAll(db: Db, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** The tables that hold rows, and the sequences that gave a number. */
async function readUsed(db: Db) {
  const { rows } = await sql
    .raw<{ table: string | null; sequence: string | null }>(await searchOf(db))
    .execute(db);
  return {
    tables: rows.flatMap(({ table }) => table ?? []),
    sequences: rows.flatMap(({ sequence }) => sequence ?? []),
  };
}

/** The query of `readUsed`, by database. */
const searches = new WeakMap<Db, string>();

async function searchOf(db: Db): Promise<string> {
  const known = searches.get(db);
  if (known !== undefined) return known;
  const names = await namesOfTables(db);
  const filled = names.map(
    (name) => `SELECT '${name}', NULL WHERE EXISTS (SELECT FROM ${name}) UNION ALL`,
  );
  const search = `WITH used ("table", sequence) AS (${filled.join(' ')}
    SELECT NULL, quote_ident(sequencename) FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value IS NOT NULL) SELECT * FROM used`;
  searches.set(db, search);
  return search;
}

async function namesOfTables(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables();
  return tables
    .map((table) => table.name)
    .filter((name) => !name.startsWith('leaderboard_migration'));
}

/** Copies the rows of every table, and returns what makes the tables hold these rows again. */
export async function keepRows(db: Db): Promise<() => Promise<void>> {
  const { tables: names } = await readUsed(db);
  const copies = names.map((name) => `CREATE TABLE kept.${name} AS TABLE ${name};`);
  await runAll(db, ['CREATE SCHEMA kept', ...copies]);
  const rows = names.map(
    (name) => `INSERT INTO ${name} OVERRIDING SYSTEM VALUE TABLE kept.${name};`,
  );
  // No foreign key is checked meanwhile, so that the order of the tables does not matter.
  return async () => {
    const { tables } = await readUsed(db);
    await runAll(db, [
      'SET session_replication_role = replica',
      ...(tables.length > 0 ? [`TRUNCATE ${tables.join(', ')} CASCADE`] : []),
      ...rows,
      'SET session_replication_role = origin',
    ]);
  };
}
