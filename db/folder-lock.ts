import { randomUUID } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { identifySelf, isAbandoned, stateOf } from '../pipeline/util/process-identity.ts';

/** Another process uses the embedded database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';
}

/** The lock of the embedded database can be neither taken nor read. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

/** One that can be printed. */
const word = z.string().regex(/^\P{C}{0,255}$/u);

/** The content of a lock: its owner. `id` is new for each taking. */
const lockSchema = z.object({
  id: z.uuid(),
  since: z.iso.datetime(),
  pid: z.int().positive(),
  started: word,
  host: word,
  machine: word,
  boot: word,
  namespace: word,
});

type Lock = z.infer<typeof lockSchema>;

/**
 * The lock is ours, or that of another process; or another process has changed it meanwhile, or is
 * about to; or what is in its place is no lock.
 */
type Attempt =
  | { readonly kind: 'taken' | 'held'; readonly lock: Lock }
  | { readonly kind: 'changed' | 'broken'; readonly lock: null };

const CHANGED: Attempt = { kind: 'changed', lock: null };
const BROKEN: Attempt = { kind: 'broken', lock: null };

/**
 * Another process needs about a millisecond to take a lock over, but on a busy machine it may not
 * run for a second in the middle of it.
 */
const PATIENCE_MS = 5_000;
/** A quarter of a second: where a lock is written in place, a part of it may be read. */
const BROKEN_ATTEMPTS = 70;
const ATTEMPTS_AT_ONCE = 20;
const PAUSE_MS = 5;

/** A lock has about 300 bytes. */
const MAX_BYTES = 10_000;

/**
 * Locks a folder for this process by a file beside it, `<folder>.lock`, and returns the function
 * that releases it. The lock of a process that has ended is taken over, so that a killed process
 * blocks no other one. The lock of another machine or container is not: whether its process is
 * running is not known here. Nor does its silence say it: a process that is suspended, or busy with
 * a long query, is silent too, and goes on to write afterwards.
 *
 * @throws DatabaseInUseError if another process holds it, or may hold it
 * @throws LockError if the lock cannot be read, or is not a file of ours
 */
export function holdFolder(folder: string): () => void {
  const path = `${folder}.lock`;
  const start = performance.now();
  let broken = 0;
  for (let attempt = 0; performance.now() - start < PATIENCE_MS; attempt++) {
    const { kind, lock } = take(path, path);
    if (kind === 'held') throw inUse(folder, path, lock);
    if (kind === 'taken') {
      clearUp(path);
      return () => release(path, lock);
    }
    broken = kind === 'broken' ? broken + 1 : 0;
    if (broken === BROKEN_ATTEMPTS) throw notTaken(folder, path, 'is not a lock of this version');
    if (attempt >= ATTEMPTS_AT_ONCE) pause();
  }
  throw notTaken(folder, path, 'could not be taken: other processes change it all the time');
}

function notTaken(folder: string, path: string, reason: string): LockError {
  return new LockError(`${path} ${reason}. If no process uses ${folder}, delete ${path}`);
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

function inUse(folder: string, path: string, lock: Lock): DatabaseInUseError {
  const holder = `process ${lock.pid} of ${lock.host || 'an unnamed host'}, since ${lock.since}`;
  if (stateOf(lock) !== 'unknown') {
    return new DatabaseInUseError(
      `the embedded database ${folder} is in use by ${holder}. ` +
        'Wait until it has finished, or stop it; for two processes at once set DATABASE_URL to a PostgreSQL server.',
    );
  }
  return new DatabaseInUseError(
    `the embedded database ${folder} is in use by ${holder}. That is another machine or container, ` +
      `so it is not known here whether the process is running. If it has ended, delete ${path}`,
  );
}

/** Each one needs a process that was killed within the millisecond of taking a lock over. */
const MOST_GUARDS = 20;

/**
 * `base` is the lock of the folder; the files that are needed to take it stand beside it. `guards`
 * counts the locks that are being taken over, each for the sake of the one before.
 */
function take(path: string, base: string, guards = 0): Attempt {
  const holder = readLock(path);
  if (holder && stateOf(holder) !== 'ended') return { kind: 'held', lock: holder };
  const lock: Lock = { id: randomUUID(), since: new Date().toISOString(), ...identifySelf() };
  if (holder) return guards < MOST_GUARDS ? replaceEnded(path, base, holder, lock, guards) : BROKEN;
  return placeNew(path, base, lock) ? { kind: 'taken', lock } : BROKEN;
}

/**
 * Takes over the lock of an ended process. Of several that try, one replaces it: the one that holds
 * a second lock, which is named after the first one's id. That id never comes back, so the process
 * that comes later finds another id in the first lock, and leaves it. The second lock of a process
 * that was killed here is taken over in the same way.
 */
function replaceEnded(
  path: string,
  base: string,
  ended: Lock,
  lock: Lock,
  guards: number,
): Attempt {
  const guard = `${base}.${ended.id}.takeover`;
  const guarded = take(guard, base, guards + 1);
  if (guarded.kind === 'held') return CHANGED;
  if (guarded.kind !== 'taken') return guarded;
  try {
    if (readLock(path)?.id !== ended.id) return CHANGED;
    withDraft(base, lock, (draft) => renameSync(draft, path));
    return { kind: 'taken', lock };
  } finally {
    release(guard, guarded.lock);
  }
}

/** Writes the whole lock beside its place, so that nobody reads a part of it. */
function withDraft(base: string, lock: Lock, use: (draft: string) => void): void {
  const draft = `${base}.${lock.id}.draft`;
  try {
    writeFileSync(draft, `${JSON.stringify(lock)}\n`, { flag: 'wx' });
    use(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** False if there is a lock already. */
function placeNew(path: string, base: string, lock: Lock): boolean {
  try {
    withDraft(base, lock, (draft) => linkSync(draft, path));
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (NO_HARD_LINKS.includes(code)) return createNew(path, lock);
    throw error;
  }
}

/** The answers of disks that have none: FAT, some network and virtual disks. */
const NO_HARD_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'];

/** Others may read a part of it, which they take for no lock, and try again. */
function createNew(path: string, lock: Lock): boolean {
  try {
    writeFileSync(path, `${JSON.stringify(lock)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Deletes the lock if it is still this one: somebody may have deleted or replaced it by hand. */
function release(path: string, lock: Lock): void {
  if (ownerOf(path)?.id === lock.id) rmSync(path, { force: true });
}

/** Null also for what cannot be read: it is not one of ours. */
function ownerOf(path: string): Lock | null {
  try {
    return readLock(path);
  } catch {
    return null;
  }
}

/** Null if there is none, or if its content is not that of a lock. */
function readLock(path: string): Lock | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (!stats) return null;
    // Not opened: a pipe would block, and a link could lead anywhere.
    if (!stats.isFile()) throw new LockError(`${path} is no file. Move it elsewhere or delete it`);
    if (stats.size > MAX_BYTES) return null;
    return parseLock(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof LockError) throw error;
    const reason = (error as Error).message;
    throw new LockError(`the lock ${path} cannot be read: ${reason}`, { cause: error });
  }
}

function parseLock(text: string): Lock | null {
  try {
    return lockSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** What stands after the name of the lock. */
const HELPERS = /^\.[0-9a-f-]{36}\.(draft|takeover)$/;

/**
 * Deletes what killed processes left beside a lock that this process holds. None of it is needed:
 * a process that is about to take an earlier lock over finds this one in its place.
 */
function clearUp(path: string): void {
  const name = basename(path);
  const left = readdirSync(dirname(path))
    .filter((file) => file.startsWith(name) && HELPERS.test(file.slice(name.length)))
    .map((file) => join(dirname(path), file))
    .filter(isLeft);
  for (const file of left) rmSync(file, { force: true });
}

function isLeft(file: string): boolean {
  const owner = ownerOf(file);
  const state = owner ? stateOf(owner) : 'unknown';
  return state === 'unknown' ? isAbandoned(file) : state === 'ended';
}
