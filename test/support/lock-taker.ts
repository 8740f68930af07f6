import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseInUseError, holdFolder } from '../../db/folder-lock.ts';

/**
 * A process that takes and releases a lock: `node lock-taker.ts <folder> <takings> <seed>`. Now and
 * then it leaves the lock as if it had been killed at the worst moments. It prints how often it was
 * inside, and how often with another process.
 */

/** Above the highest id that Linux gives to a process. */
const ENDED_PID = 99_999_999;

const [folder = '', takings = '', seed = ''] = process.argv.slice(2);
const lock = `${folder}.lock`;
const marker = `${folder}.inside`;
const me = `${process.pid} ${randomUUID()}`;

/** mulberry32 */
let state = Number(seed);
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function readMarker(): string {
  try {
    return readFileSync(marker, 'utf8');
  } catch {
    return '';
  }
}

function writeEnded(path: string, id: string): void {
  const content = { ...JSON.parse(readFileSync(lock, 'utf8')), id, pid: ENDED_PID };
  writeFileSync(`${folder}.${me}`, JSON.stringify(content));
  renameSync(`${folder}.${me}`, path);
}

/** What a kill leaves: the lock, and sometimes the second lock of who was taking it over. */
function leaveAsKilled(): void {
  const { id } = JSON.parse(readFileSync(lock, 'utf8'));
  if (random() < 0.5) writeEnded(`${lock}.${id}.takeover`, randomUUID());
  if (random() < 0.1) writeEnded(`${lock}.${randomUUID()}.draft`, randomUUID());
  writeEnded(lock, id);
}

function tryHold(): (() => void) | null {
  try {
    return holdFolder(folder);
  } catch (error) {
    if (error instanceof DatabaseInUseError) return null;
    throw error;
  }
}

let overlaps = 0;
for (let taken = 0; taken < Number(takings); ) {
  const release = tryHold();
  if (release === null) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, random() * 2);
    continue;
  }
  taken++;
  if (readMarker() !== '') overlaps++;
  writeFileSync(marker, me);
  for (let turns = random() * 200; turns > 0; turns--) Math.sqrt(turns);
  if (readMarker() !== me) overlaps++;
  rmSync(marker);
  // Another machine or container never takes it over: the last one must be released.
  if (random() < 0.3 && taken < Number(takings)) leaveAsKilled();
  else release();
}
console.log(JSON.stringify({ taken: Number(takings), overlaps }));
