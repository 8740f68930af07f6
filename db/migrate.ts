import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db, Trx } from './client.ts';
import * as firstTables from './migrations/0001-first-tables.ts';
import * as githubSource from './migrations/0002-github-source.ts';
import * as costTerms from './migrations/0003-cost-terms.ts';
import * as refusedJobs from './migrations/0004-refused-jobs.ts';
import * as repositoryCounter from './migrations/0005-repository-counter.ts';
import * as jobCheckpoints from './migrations/0006-job-checkpoints.ts';
import * as backfillForecast from './migrations/0007-backfill-forecast.ts';
import * as anySource from './migrations/0008-any-source.ts';
import * as asciiCase from './migrations/0009-ascii-case.ts';
import * as runLog from './migrations/0011-run-log.ts';
import * as runLock from './migrations/0012-run-lock.ts';
import * as looks from './migrations/0014-looks.ts';
import * as identity from './migrations/0015-identity.ts';
import * as titles from './migrations/0017-titles.ts';
import * as keptCounts from './migrations/0018-kept-counts.ts';
import * as weeksByRepository from './migrations/0019-weeks-by-repository.ts';
import * as months from './migrations/0021-months.ts';
import * as avatars from './migrations/0022-avatars.ts';
import * as movements from './migrations/0025-movements.ts';
import { takeLock } from './transactions.ts';

export { createFunctions } from './migrations/0018-kept-counts.ts';

/** Every migration by name, in the order of the names. Frozen once it has landed. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-github-source': githubSource,
  '0003-cost-terms': costTerms,
  '0004-refused-jobs': refusedJobs,
  '0005-repository-counter': repositoryCounter,
  '0006-job-checkpoints': jobCheckpoints,
  '0007-backfill-forecast': backfillForecast,
  '0008-any-source': anySource,
  '0009-ascii-case': asciiCase,
  '0011-run-log': runLog,
  '0012-run-lock': runLock,
  '0014-looks': looks,
  '0015-identity': identity,
  '0017-titles': titles,
  '0018-kept-counts': keptCounts,
  '0019-weeks-by-repository': weeksByRepository,
  '0021-months': months,
  '0022-avatars': avatars,
  '0025-movements': movements,
};

/** Tables of our own, since a schema may hold another project's migrations, too. */
const TABLES = { migrations: 'leaderboard_migration', lock: 'leaderboard_migration_lock' };

/** What they were called before: Kysely's own names, which any project that uses it may have. */
const FORMER = { migrations: 'kysely_migration', lock: 'kysely_migration_lock' };

interface Place {
  readonly tables: typeof TABLES;
  /** Null if no schema of the search path is there. */
  readonly schema: string | null;
}

/** Where the migrations that were applied are listed: under the former names until `migrate`. */
async function findPlace(db: Db): Promise<Place> {
  const { rows } = await sql<{ schema: string | null; ours: boolean; former: boolean }>`
    SELECT current_schema() AS schema, ${isTable(TABLES.migrations)} AS ours,
      ${isTable(FORMER.migrations)} AND ${isTable(FORMER.lock)} AS former`.execute(db);
  const { schema = null, ours, former } = rows[0] ?? {};
  const isFormer = !ours && former === true && (await listsOurs(db, FORMER.migrations));
  return { schema, tables: isFormer ? FORMER : TABLES };
}

/** A table that the role may read. Our role may read ours. */
const isTable = (name: string) => sql<boolean>`EXISTS (
  SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = ${name}
    AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT'))`;

/** Whether a table lists migrations of ours, and no others. */
async function listsOurs(db: Db, table: string): Promise<boolean> {
  try {
    const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(table)}`.execute(db);
    return rows.length > 0 && rows.every(({ name }) => name in MIGRATIONS);
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return false;
    throw error;
  }
}

/** Another process has just renamed it. */
const UNDEFINED_TABLE = '42P01';

const migratorOf = (db: Db, { schema, tables }: Place) =>
  new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableName: tables.migrations,
    migrationLockTableName: tables.lock,
    // Else a table of this name in any other schema counts as ours.
    ...(schema !== null && { migrationTableSchema: schema }),
  });

/** The names of the migrations that have not been applied. Changes nothing. */
export async function readPendingMigrations(db: Db): Promise<string[]> {
  const place = await findPlace(db);
  if (place.schema === null) return Object.keys(MIGRATIONS);
  const migrations = await migratorOf(db, place).getMigrations();
  return migrations.filter(({ executedAt }) => !executedAt).map(({ name }) => name);
}

/** The last migration that was applied; null if none was. Changes nothing. */
export async function readLastMigration(db: Db): Promise<string | null> {
  const place = await findPlace(db);
  if (place.schema === null) return null;
  const migrations = await migratorOf(db, place).getMigrations();
  return migrations.findLast(({ executedAt }) => executedAt)?.name ?? null;
}

/** The tables that list the migrations, and the schema they are in or would be made in. */
export async function readMigrationTables(
  db: Db,
): Promise<{ readonly schema: string | null; readonly names: readonly string[] }> {
  const { schema, tables } = await findPlace(db);
  return { schema, names: Object.values(tables) };
}

/** Makes the tables as a migration left them, where there are none yet. */
export async function migrateTo(trx: Trx, name: string): Promise<void> {
  const { error } = await migratorOf(trx, await findPlace(trx)).migrateTo(name);
  if (error) throw new Error(`the tables of ${name} could not be made`, { cause: error });
}

/** Deletes the lists of migrations: those tables whose names `findPlace` knows as ours. */
export async function dropMigrationTables(trx: Trx): Promise<void> {
  for (const name of (await readMigrationTables(trx)).names) {
    await sql`DROP TABLE IF EXISTS ${sql.table(name)}`.execute(trx);
  }
}

/** Brings the tables up to date and returns the names of the migrations that were applied. */
export async function migrate(db: Db): Promise<string[]> {
  const place = await renameFormer(db);
  const { error, results = [] } = await migratorOf(db, place).migrateToLatest();
  if (error) throw new Error('the tables could not be brought up to date', { cause: error });
  return results.map((result) => result.migrationName);
}

/** Gives the former tables their present names. A role that does not own them keeps using them. */
async function renameFormer(db: Db): Promise<Place> {
  const place = await findPlace(db);
  if (place.tables !== FORMER) return place;
  await db.transaction().execute(async (trx) => {
    await takeLock(trx, 'migrationTables');
    // Another process may have renamed them meanwhile.
    if ((await findPlace(trx)).tables !== FORMER || !(await ownsFormer(trx))) return;
    await sql`ALTER TABLE ${sql.table(FORMER.migrations)} RENAME TO ${sql.id(TABLES.migrations)}`.execute(
      trx,
    );
    await sql`ALTER TABLE ${sql.table(FORMER.lock)} RENAME TO ${sql.id(TABLES.lock)}`.execute(trx);
  });
  return findPlace(db);
}

/** Whether the role may rename them: it owns both and may create tables in their schema. */
async function ownsFormer(db: Db): Promise<boolean> {
  const { rows } = await sql<{ mayRename: boolean }>`
    SELECT bool_and(pg_has_role(tableowner, 'USAGE'))
      AND has_schema_privilege(current_schema(), 'CREATE') AS "mayRename"
    FROM pg_tables
    WHERE schemaname = current_schema() AND tablename IN (${FORMER.migrations}, ${FORMER.lock})`.execute(
    db,
  );
  return rows[0]?.mayRename === true;
}
