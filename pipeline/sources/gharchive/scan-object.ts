/**
 * A careful scanner of JSON objects in bytes, for the lines that are not written
 * the usual way: other key order, white space, several objects, broken ones.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

/** Where an object ends, and the id and name of the repository that it names at its top. */
export interface ScannedObject {
  /** Index after the closing brace. */
  readonly end: number;
  readonly repositoryId: number | null;
  /** `owner/name`; null if it names none. */
  readonly repositoryName: string | null;
}

/** Scans the object that starts at `start`; null if it does not end before `end`. */
export function scanObject(bytes: Buffer, start: number, end: number): ScannedObject | null {
  let depth = 0;
  /** The last string that was a key, at depth 1 and at depth 2 inside `repo`. */
  let key = '';
  let isInRepo = false;
  let repositoryId: number | null = null;
  let repositoryName: string | null = null;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const close = endOfString(bytes, at, end);
      if (close < 0) return null;
      if (depth === 1 || (depth === 2 && isInRepo)) {
        if (isKey(bytes, close + 1, end)) key = bytes.toString('latin1', at + 1, close);
        else if (depth === 2 && key === 'name') repositoryName = textOf(bytes, at, close);
      }
      at = close;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      depth++;
      if (depth === 2) isInRepo = byte === OPEN && key === 'repo';
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--;
      if (depth === 0) return { end: at + 1, repositoryId, repositoryName };
    } else if (depth === 2 && isInRepo && key === 'id' && isDigit(byte)) {
      repositoryId = (repositoryId ?? 0) * 10 + ((byte as number) - ZERO);
    }
  }
  return null;
}

/** Index of the quote that closes the string opened at `start`, or -1. */
function endOfString(bytes: Buffer, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return -1;
}

function isKey(bytes: Buffer, after: number, end: number): boolean {
  let at = after;
  while (at < end && (bytes[at] as number) <= 0x20) at++;
  return bytes[at] === COLON;
}

function textOf(bytes: Buffer, quote: number, close: number): string {
  const text = bytes.toString('utf8', quote, close + 1);
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(1, -1);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
