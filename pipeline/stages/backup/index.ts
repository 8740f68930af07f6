import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { type Db, isServerUrl, readServerVersion } from '../../../db/client.ts';
import { writeDumpFile } from '../../../db/dump/dump-file.ts';
import { readTableRegister } from '../../../db/dump/tables.ts';
import { dumpDatabase } from '../../../db/dump/write-dump.ts';
import { readEnvironment } from '../../config/environment.ts';
import { print } from '../../util/printable.ts';
import { UsageError } from '../../util/usage-error.ts';
import { embeddedIn, nameOf, withExisting } from './open-database.ts';
import { type PgVariables, pgVariables } from './pg-connection.ts';
import { readProgramVersion, runProgram } from './pg-programs.ts';
import { describeRows, withRowProgress } from './row-progress.ts';

export interface BackupOptions {
  readonly to: string;
  /** Never by pg_dump. */
  readonly portable?: boolean;
}

/**
 * Writes a backup of the database: by `pg_dump` in its custom format where that is there and not
 * older than the server, else the portable dump.
 */
export async function backup({ to, portable = false }: BackupOptions): Promise<void> {
  const address = readEnvironment().databaseUrl ?? embeddedIn();
  await withExisting(address, async (db) => {
    const { tables } = await readTableRegister(db);
    if (tables.length === 0) {
      throw new UsageError(`${nameOf(address)} has none of our tables: nothing to back up`);
    }
    const variables = portable ? null : await findPgDump(db, address);
    if (variables) await backUpByPgDump(db, to, variables);
    else await backUpPortably(db, to);
  });
}

/** How `pg_dump` connects; null if it is not there, too old, or can't connect as we do. */
async function findPgDump(db: Db, address: string): Promise<PgVariables | null> {
  if (!isServerUrl(address)) return null;
  const major = await readProgramVersion('pg_dump');
  const { version } = await readServerVersion(db);
  const isFit = major !== null && major >= Math.floor(version / 10_000);
  return isFit ? pgVariables(address, major) : null;
}

/** Our tables alone: another project may use the same database. */
async function backUpByPgDump(db: Db, to: string, variables: PgVariables): Promise<void> {
  const { schema, tables } = await readTableRegister(db);
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const draft = `${to}.partial`;
  // Its owner alone may read it; pg_dump keeps the mode of a file that is there.
  closeSync(openSync(draft, 'w', 0o600));
  try {
    const patterns = tables.map((table) => `--table=${quote(schema)}.${quote(table)}`);
    const options = ['--format=custom', '--no-owner', '--no-privileges', '--no-password'];
    await runProgram('pg_dump', [...options, ...patterns, `--file=${draft}`], variables);
    renameSync(draft, to);
  } finally {
    rmSync(draft, { force: true });
  }
  print(`Backed up by pg_dump to ${to}.`);
}

async function backUpPortably(db: Db, to: string): Promise<void> {
  const rows = await withRowProgress((onProgress) =>
    writeDumpFile(to, dumpDatabase(db, { withEmails: true, now: new Date(), onProgress })),
  );
  print(`Backed up ${describeRows(rows)} as a portable dump to ${to}.`);
}
