import { devNull } from 'node:os';
import type { Db } from '../../../db/client.ts';
import { DamagedDumpError, NewerDumpError } from '../../../db/dump/format.ts';
import { analyzeTables, readTableRegister } from '../../../db/dump/tables.ts';
import { createFunctions, MIGRATIONS, migrate } from '../../../db/migrate.ts';
import { UsageError } from '../../util/usage-error.ts';
import { type PgVariables, pgVariables } from './pg-connection.ts';
import { awaitEnd, readProgramVersion, runProgram, startProgram } from './pg-programs.ts';

/** A backup that pg_dump made, read to its end. */
export interface PgBackup {
  readonly path: string;
  readonly schema: string;
  /** How the programs connect to the database that it is restored to. */
  readonly variables: PgVariables;
}

/** Reads a backup to its end, before a database is touched. @throws UsageError */
export async function readPgBackup(path: string, address: string): Promise<PgBackup> {
  const major = await readProgramVersion('pg_restore');
  const hasPsql = (await readProgramVersion('psql')) !== null;
  const variables = major === null || !hasPsql ? null : pgVariables(address, major);
  if (!variables) throw new UsageError(NEEDS_PROGRAMS);
  const list = await readArchive(path, ['--list']);
  await readArchive(path, [`--file=${devNull}`]);
  const schema = schemaOf(list);
  await requireKnownMigrations(path);
  return { path, schema, variables };
}

const NEEDS_PROGRAMS =
  'this backup was made by pg_dump: to restore it, install pg_restore and psql ' +
  '(the package postgresql-client, not older than the server)';

async function readArchive(path: string, options: readonly string[]): Promise<string> {
  try {
    return await runProgram('pg_restore', [...options, path], {});
  } catch (error) {
    const { message } = error as Error;
    if (/unsupported version/.test(message)) {
      throw new UsageError(
        `a newer pg_dump made this backup than the pg_restore that is here can read: ${message}`,
        { cause: error },
      );
    }
    throw new DamagedDumpError(message, error);
  }
}

/** `214; 1259 16386 TABLE public repositories postgres` */
const TABLE_LINE = /^\d+; \d+ \d+ TABLE (\S+) repositories /m;

function schemaOf(list: string): string {
  const [, schema] = TABLE_LINE.exec(list) ?? [];
  if (schema !== undefined) return schema;
  throw new UsageError('this backup of pg_dump has none of our tables: nothing was restored');
}

const MIGRATION_TABLES = ['leaderboard_migration', 'kysely_migration'];

/** @throws NewerDumpError if a migration was applied that this version does not know */
async function requireKnownMigrations(path: string): Promise<void> {
  const tables = MIGRATION_TABLES.map((name) => `--table=${name}`);
  const script = await readArchive(path, ['--data-only', ...tables, '--file=-']);
  const names = [...script.matchAll(/^(\d{4}-[\w-]+)\t/gm)].map(([, name = '']) => name);
  const unknown = names.find((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown !== undefined) throw new NewerDumpError(`migration ${unknown}`);
}

/** Replaces our tables by those of a backup, and brings them up to date. */
export async function restorePgBackup(db: Db, found: PgBackup): Promise<void> {
  const { schema, tables } = await readTableRegister(db);
  if (schema !== found.schema) {
    throw new UsageError(
      `the backup has its tables in the schema ${found.schema}, and this database would have them ` +
        `in ${schema || 'none'}: type \`ALTER ROLE … SET search_path = ${found.schema}\`, or copy ` +
        'the database by `npm run database:copy`, which can change the schema',
    );
  }
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const names = tables.map((table) => `${quote(schema)}.${quote(table)}`);
  await createFunctions(db);
  await runScript(found, names.length > 0 ? `DROP TABLE IF EXISTS ${names.join(', ')}` : null);
  await migrate(db);
  await analyzeTables(db);
}

/**
 * Sends what pg_restore writes to psql, in one transaction. If pg_restore fails, psql is killed
 * before the end of its input, which is what would make it commit.
 */
async function runScript({ path, variables }: PgBackup, before: string | null): Promise<void> {
  const output = ['--no-owner', '--no-privileges', '--file=-'];
  const script = startProgram('pg_restore', [...output, path], {});
  const options = ['--no-psqlrc', '--quiet', '--no-password', '--single-transaction'];
  const commands = [...(before ? [`--command=${before}`] : []), '--file=-'];
  const stop = '--set=ON_ERROR_STOP=1';
  const psql = startProgram('psql', [...options, stop, ...commands], variables, true);
  // It stops reading at the first error, which its end reports.
  psql.stdin?.on('error', () => {});
  psql.stdout?.resume();
  if (psql.stdin) script.stdout?.pipe(psql.stdin, { end: false });
  const written = awaitEnd('pg_restore', script).then(
    () => psql.stdin?.end(),
    (error) => {
      psql.kill('SIGKILL');
      throw error;
    },
  );
  const read = awaitEnd('psql', psql).finally(() => script.kill());
  const [first, second] = await Promise.allSettled([read, written]);
  for (const { reason } of [first, second].filter((one) => one.status === 'rejected')) throw reason;
}
