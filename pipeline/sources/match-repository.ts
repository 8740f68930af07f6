import { asciiLower, fullName } from '../domain/names.ts';
import type { TrackedRepository } from '../domain/source.ts';
import { RepositoryIds } from './repository-ids.ts';

/**
 * Finds the tracked repository that an event of the archive belongs to. Lines of an hour file are
 * matched without parsing them: nearly all belong to no tracked repository, so the speed of that
 * source depends on this.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;
/** Sets the bit that makes an ASCII letter lower case; other bytes of a name stay distinct enough. */
const SMALL = 0x20;

/** How GH Archive has always written an event: id, type, actor, repo, and then the payload. */
const LINE_START = Buffer.from('{"id":"');
const BEFORE_TYPE = Buffer.from('","type":"');
const BEFORE_ACTOR = Buffer.from('","actor":{');
const AFTER_ACTOR = Buffer.from(',"repo":{"id":');
const BEFORE_NAME = Buffer.from(',"name":"');

/** The line is not written the usual way: it has to be parsed. */
export const UNUSUAL = Symbol('unusual');

export interface RepositoryMatcher {
  /** The repository of a usual line, null for one that is not tracked, or `UNUSUAL`. */
  matchLine(bytes: Buffer, start: number, end: number): TrackedRepository | null | typeof UNUSUAL;
  matchName(id: number | null, name: string | null): TrackedRepository | null;
}

/**
 * Matches by GitHub's id where it is known, and by name without regard to case. A line that has the
 * name and another id is matched, too: `ids` decides what becomes of it.
 */
export function createMatcher(
  repositories: readonly TrackedRepository[],
  ids = new RepositoryIds(repositories),
): RepositoryMatcher {
  const hashes = new Uint8Array(1 << 16);
  for (const one of repositories) hashes[hashOf(Buffer.from(asciiLower(fullName(one))))] = 1;

  const matchLine = (bytes: Buffer, start: number, end: number) => {
    let at = afterActor(bytes, start, end);
    if (at < 0) return UNUSUAL;
    let id = 0;
    for (let byte = bytes[at] as number; byte >= ZERO && byte <= NINE; byte = bytes[++at] as number)
      id = id * 10 + (byte - ZERO);
    if (!isAt(bytes, at, BEFORE_NAME)) return UNUSUAL;
    const nameStart = at + BEFORE_NAME.length;
    let hash = 0;
    for (at = nameStart; at < end && bytes[at] !== QUOTE; at++) {
      if (bytes[at] === BACKSLASH) return UNUSUAL;
      hash = nextHash(hash, bytes[at] as number);
    }
    const isFound = hashes[hash & 0xffff] !== 0 || ids.hasId(id);
    const found = isFound ? ids.find(id, bytes.toString('latin1', nameStart, at)) : null;
    if (found === null) ids.passBy(id);
    return found;
  };
  return { matchLine, matchName: (id, name) => ids.find(id, name) };
}

/** Index of the digits of the repository's id, or -1 where the line is not written the usual way. */
function afterActor(bytes: Buffer, start: number, end: number): number {
  if (!isAt(bytes, start, LINE_START)) return -1;
  let at = indexOf(bytes, QUOTE, start + LINE_START.length, end);
  if (!isAt(bytes, at, BEFORE_TYPE)) return -1;
  at = indexOf(bytes, QUOTE, at + BEFORE_TYPE.length, end);
  if (!isAt(bytes, at, BEFORE_ACTOR)) return -1;
  // The actor is flat, and its texts hold no braces.
  at = indexOf(bytes, CLOSE, at + BEFORE_ACTOR.length, end) + 1;
  return isAt(bytes, at, AFTER_ACTOR) ? at + AFTER_ACTOR.length : -1;
}

/** Faster than the built-in over the short distances in a line. */
function indexOf(bytes: Buffer, byte: number, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

/** Whether the expected bytes stand at this index. */
function isAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function nextHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + (byte | SMALL)) & 0xffff;
}

function hashOf(bytes: Buffer): number {
  let hash = 0;
  for (const byte of bytes) hash = nextHash(hash, byte);
  return hash;
}
