import { closeSync, openSync, readSync } from 'node:fs';
import { type Db, isServerUrl } from '../../../db/client.ts';
import { checkDumpFile, openDumpFile } from '../../../db/dump/dump-file.ts';
import { loadDump, NotEmptyError } from '../../../db/dump/load-dump.ts';
import { holdsData } from '../../../db/dump/tables.ts';
import { readEnvironment } from '../../config/environment.ts';
import { ask } from '../../runtime/ask.ts';
import { print } from '../../util/printable.ts';
import { UsageError } from '../../util/usage-error.ts';
import { embeddedIn, nameOf, withAny } from './open-database.ts';
import { readPgBackup, restorePgBackup } from './pg-restore.ts';
import { describeRows, withRowProgress } from './row-progress.ts';

export interface Replacement {
  /** Replaces what the database holds; else it must hold nothing. */
  readonly fresh?: boolean;
  /** Does so without a question. */
  readonly yes?: boolean;
}

/**
 * Makes the database that of a backup, and brings its tables up to date. In one transaction: what
 * fails leaves all as it was.
 * @throws UsageError for a file that is damaged, too new or of another kind, and for a database that
 *   holds data
 */
export async function restore({
  from,
  ...replacement
}: Replacement & { readonly from: string }): Promise<void> {
  const address = readEnvironment().databaseUrl ?? embeddedIn();
  if (isOfPgDump(from)) {
    if (!isServerUrl(address)) throw new UsageError(NEEDS_SERVER);
    const found = await readPgBackup(from, address);
    await withAny(address, async (db) => {
      await agreeToReplace(db, address, replacement);
      await restorePgBackup(db, found);
    });
    print(`Restored ${from} by pg_restore to ${nameOf(address)}.`);
    return;
  }
  await checkDumpFile(from);
  await withAny(address, async (db) => {
    await agreeToReplace(db, address, replacement);
    const rows = await withRowProgress(async (onProgress) =>
      loadDump(db, await openDumpFile(from), { fresh: replacement.fresh ?? false, onProgress }),
    );
    print(`Restored ${describeRows(rows)} of ${from} to ${nameOf(address)}.`);
  });
}

const NEEDS_SERVER =
  'this backup was made by pg_dump, and the embedded database can take only a portable dump: ' +
  'set DATABASE_URL to a PostgreSQL server, restore it there, and take it from there by ' +
  '`npm run database:copy -- --from server --to embedded`';

/** The first bytes of the custom format of pg_dump. */
const PG_DUMP_MAGIC = 'PGDMP';

function isOfPgDump(path: string): boolean {
  const start = Buffer.alloc(PG_DUMP_MAGIC.length);
  try {
    const file = openSync(path, 'r');
    readSync(file, start);
    closeSync(file);
  } catch (cause) {
    throw new UsageError(`--from ${path}: it can't be read (${(cause as Error).message})`, {
      cause,
    });
  }
  return start.toString('latin1') === PG_DUMP_MAGIC;
}

/**
 * Asks before data is replaced, on a terminal; anywhere else `--yes` has to say so.
 * @throws NotEmptyError, UsageError
 */
export async function agreeToReplace(
  db: Db,
  address: string,
  { fresh = false, yes = false }: Replacement,
): Promise<void> {
  if (!(await holdsData(db))) return;
  if (!fresh) throw new NotEmptyError();
  if (yes) return;
  const question = `--fresh replaces all that ${nameOf(address)} holds`;
  const answer = await ask(`${question}. Type yes to go on: `);
  if (answer === null) throw new UsageError(`${question}: add --yes if that is meant`);
  if (answer !== 'yes') throw new UsageError('nothing was changed');
}
