import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { identifySelf, isAbandoned, type ProcessIdentity, stateOf } from './process-identity.ts';

/** A new folder that is written beside its target, and takes its place when it is complete. */
export interface FolderDraft {
  /** Write here. It exists and is empty. */
  readonly path: string;
  /** Replaces the target, if there is one, by the draft. */
  readonly publish: () => void;
  /** Deletes the draft; the target stays as it is. */
  readonly discard: () => void;
}

/** What stands after the target's name: a folder that is not complete yet. */
const DRAFT = '.partial-';
/** A folder that was the target, until the new one has taken its place. */
const FORMER = '.former-';

/**
 * Starts the draft of a folder. No reader sees a part of it: a process that is killed leaves the
 * former target or the new one. Between the two renames of `publish` there is none for a moment;
 * the next draft brings the former one back. It also deletes what ended processes left, never the
 * draft of a running one; the draft of another machine or container goes after a day. A process has one draft of a target at a time: a second one discards
 * the first.
 */
export function createFolderDraft(target: string): FolderDraft {
  mkdirSync(dirname(target), { recursive: true });
  clearUp(target);
  const me = nameOwner(identifySelf());
  const path = `${target}${DRAFT}${me}`;
  const former = `${target}${FORMER}${me}`;
  mkdirSync(path);
  return {
    path,
    publish: () => {
      putInPlace(path, target, former);
      remove(former);
    },
    discard: () => remove(path),
  };
}

/** Puts a finished folder, which may be on another disk, in the place of the target. */
export function replaceFolder(finished: string, target: string): void {
  const draft = createFolderDraft(target);
  try {
    rmdirSync(draft.path);
    moveFolder(finished, draft.path);
    draft.publish();
  } finally {
    draft.discard();
  }
}

/** Tries again where another process put its own in the place between the two renames. */
function putInPlace(path: string, target: string, former: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      moveAside(target, former);
      renameSync(path, target);
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (attempt === 10 || !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) throw error;
    }
  }
}

/** Does nothing if there is no target. */
function moveAside(target: string, former: string): void {
  remove(former);
  try {
    renameSync(target, former);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** What ended processes, and earlier drafts of this one, left beside the target. */
function clearUp(target: string): void {
  for (const former of readLeftovers(target, FORMER)) {
    if (existsSync(target)) remove(former);
    else bringBack(former, target);
  }
  for (const draft of readLeftovers(target, DRAFT)) remove(draft);
}

/** Another process may do the same at this moment. */
function bringBack(former: string, target: string): void {
  try {
    renameSync(former, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

function readLeftovers(target: string, mark: typeof DRAFT | typeof FORMER): string[] {
  const prefix = basename(target) + mark;
  const self = identifySelf();
  return readdirSync(dirname(target))
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ owner: name.slice(prefix.length), path: join(dirname(target), name) }))
    .filter(({ owner, path }) => isLeftover(owner, path, self))
    .map(({ path }) => path);
}

/** Machines and containers that share a disk, by a part of a hash: it stands in names of folders. */
function namePlace({ host, machine, boot, namespace }: ProcessIdentity): string {
  const place = [host, machine, boot, namespace].join('\n');
  return createHash('sha256').update(place).digest('hex').slice(0, 12);
}

/** How a process stands in the name of a folder: `4711-93021-5f0c9d1e2ab3`. */
const nameOwner = (owner: ProcessIdentity) => `${owner.pid}-${owner.started}-${namePlace(owner)}`;

/** Earlier versions did not name the place. */
const OWNER = /^(?<pid>\d+)(?:-(?<started>\d*))?(?:-(?<place>[0-9a-f]{12}))?$/;

/** Whether the owner of a folder has ended, or is this process. */
function isLeftover(owner: string, path: string, self: ProcessIdentity): boolean {
  const { pid, started = '', place } = OWNER.exec(owner)?.groups ?? {};
  if (pid === undefined) return false;
  if (place !== undefined && place !== namePlace(self)) return isAbandoned(path);
  return Number(pid) === self.pid || stateOf({ ...self, pid: Number(pid), started }) === 'ended';
}

/** A rename where that is possible; between two disks it is a copy. */
function moveFolder(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    cpSync(from, to, { recursive: true });
  }
}
