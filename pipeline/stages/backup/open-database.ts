import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Db, isServerUrl, openDatabase, readServerVersion } from '../../../db/client.ts';
import { DATA_FOLDER } from '../../runtime/context.ts';
import { describeRefusal } from '../../runtime/describe-refusal.ts';
import { UsageError } from '../../util/usage-error.ts';

/** The embedded database of a folder that `DATA_FOLDER` is the default of. */
export function embeddedIn(folder: string = DATA_FOLDER): string {
  return join(folder, 'live');
}

/** A place of a database in words that hold no password. */
export function nameOf(address: string): string {
  return isServerUrl(address) ? `the database at ${new URL(address).host}` : address;
}

/** Opens a database to read it, changes nothing in it, and closes it again. */
export async function withExisting<T>(address: string, run: (db: Db) => Promise<T>): Promise<T> {
  if (!isServerUrl(address) && !existsSync(address)) {
    throw new UsageError(`there is no database in ${address}: nothing to copy`);
  }
  return withAny(address, run);
}

/** Opens a database, which is made if it is embedded and not there, and closes it again. */
export async function withAny<T>(address: string, run: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(address);
  try {
    await requireAnswer(db, address);
    return await run(db);
  } finally {
    await db.destroy();
  }
}

async function requireAnswer(db: Db, address: string): Promise<void> {
  try {
    await readServerVersion(db);
  } catch (cause) {
    const advice = describeRefusal(cause, address);
    throw new Error(`${nameOf(address)} does not let us in: ${advice}`, { cause });
  }
}
