import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

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

/** A process by its id and, if the system provides it, its start time: ids are reused. */
function processName(pid: number): string {
  if (!isAlive(pid)) return '';
  const stat = readIfThere(`/proc/${pid}/stat`);
  // Field 22 is the start time; the name before it may hold spaces, but ends with the last `)`.
  const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${pid} ${started}`;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
