import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processName } from '../pipeline/util/process-name.ts';

/** Another process uses the embedded database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
  constructor(folder: string, holder: string) {
    super(
      `the embedded database ${folder} is in use by process ${holder}. ` +
        'Wait until it has finished, or stop it; for two processes at once set DATABASE_URL to a PostgreSQL server.',
    );
  }
}

/**
 * Locks a folder for this process by a file beside it, and returns the function that releases it.
 * A lock whose process has ended is removed, so that a killed process blocks no other one.
 */
export function holdFolder(folder: string): () => void {
  const lock = `${folder}.lock`;
  const mine = processName(process.pid);
  for (;;) {
    try {
      writeFileSync(lock, mine, { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    removeIfStale(folder, lock);
  }
}

function removeIfStale(folder: string, lock: string): void {
  const holder = readIfThere(lock);
  if (holder === null) return;
  const [pid = ''] = holder.split(' ');
  if (holder !== '' && processName(Number(pid)) === holder)
    throw new DatabaseInUseError(folder, pid);
  // Renamed before it is deleted: of two processes that find it stale, only one succeeds.
  const stale = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, stale);
  } catch {
    return;
  }
  if (readIfThere(stale) !== holder) renameSync(stale, lock);
  else rmSync(stale, { force: true });
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
