import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a finished folder in the place of another one. The old one is moved away whole before it
 * is removed, so that a killed process leaves the old one, the new one, or for a moment none.
 */
export function replaceFolder(finished: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  removeLeftovers(target);
  const beside = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    const ready = join(beside, 'new');
    moveFolder(finished, ready);
    if (existsSync(target)) renameSync(target, join(beside, 'old'));
    renameSync(ready, target);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Nobody takes so long to change two folders. */
const LEFT_BEHIND_MS = 3_600_000;

/** What killed processes left beside the target. */
function removeLeftovers(target: string): void {
  const prefix = `.${basename(target)}-`;
  for (const name of readdirSync(dirname(target))) {
    if (!name.startsWith(prefix) || name.length !== prefix.length + 6) continue;
    const path = join(dirname(target), name);
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > LEFT_BEHIND_MS) rmSync(path, { recursive: true, force: true });
  }
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
