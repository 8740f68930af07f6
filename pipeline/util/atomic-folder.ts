import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { processName } from './process-name.ts';

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
 * draft of a running one. A process has one draft of a target at a time: a second one discards
 * the first.
 */
export function createFolderDraft(target: string): FolderDraft {
  mkdirSync(dirname(target), { recursive: true });
  clearUp(target);
  const me = ownerName(process.pid);
  const path = `${target}${DRAFT}${me}`;
  const former = `${target}${FORMER}${me}`;
  mkdirSync(path);
  return {
    path,
    publish: () => {
      if (existsSync(target)) renameSync(target, former);
      renameSync(path, target);
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

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** What ended processes, and earlier drafts of this one, left beside the target. */
function clearUp(target: string): void {
  for (const former of readLeftovers(target, FORMER)) {
    if (existsSync(target)) remove(former);
    else renameSync(former, target);
  }
  for (const draft of readLeftovers(target, DRAFT)) remove(draft);
}

function readLeftovers(target: string, mark: typeof DRAFT | typeof FORMER): string[] {
  const prefix = basename(target) + mark;
  return readdirSync(dirname(target))
    .filter((name) => name.startsWith(prefix) && !isOfAnother(name.slice(prefix.length)))
    .map((name) => join(dirname(target), name));
}

/** How a process stands in the name of a folder. Empty if it is not running. */
const ownerName = (pid: number) => processName(pid).trim().replace(' ', '-');

/** Whether another process than this one, which is still running, owns the folder. */
function isOfAnother(owner: string): boolean {
  const pid = Number(owner.split('-')[0]);
  return pid !== process.pid && ownerName(pid) === owner;
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
