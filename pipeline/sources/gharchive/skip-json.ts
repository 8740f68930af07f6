import { isAt } from '../bytes.ts';

/**
 * Passes over JSON in bytes without making anything of it. What `JSON.parse` would refuse is
 * refused here too, so a part that nobody reads is no hiding place for a broken line.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const SMALL_U = 0x75;

/** No event nests so deep; what does is hostile. */
const MAX_DEPTH = 1000;

/** What is no JSON. */
export class BrokenJsonError extends Error {
  override readonly name = 'BrokenJsonError';
}

const broken = (): never => {
  throw new BrokenJsonError('not JSON');
};

/** 1 for a byte that stands for itself inside a string. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const HEX = /^[0-9a-f]{4}$/i;
const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text));

/** Index of the first byte at or after `at` that is no white space. */
export function skipBlanks(bytes: Buffer, at: number): number {
  let next = at;
  while ((bytes[next] as number) <= 0x20 && isBlank(bytes[next])) next++;
  return next;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Index of the first byte of a string that does not stand for itself: nearly always its end. */
export function skipPlain(bytes: Buffer, at: number): number {
  let next = at;
  while (next < bytes.length && PLAIN[bytes[next] as number] === 1) next++;
  return next;
}

/** Index after the string whose opening quote is at `at`. */
export function skipString(bytes: Buffer, at: number): number {
  let next = skipPlain(bytes, at + 1);
  while (bytes[next] === BACKSLASH) next = skipPlain(bytes, skipEscape(bytes, next));
  return bytes[next] === QUOTE ? next + 1 : broken();
}

function skipEscape(bytes: Buffer, at: number): number {
  const what = bytes[at + 1] ?? 0;
  if (ESCAPED.has(what)) return at + 2;
  if (what === SMALL_U && HEX.test(bytes.toString('latin1', at + 2, at + 6))) return at + 6;
  return broken();
}

/** Index after the value that starts at `at`. */
export function skipValue(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === QUOTE) return skipString(bytes, at);
  return byte === OPEN || byte === OPEN_LIST ? skipNested(bytes, at) : skipScalar(bytes, at);
}

/** The bytes that close what is open, outermost first: one for all calls, since none is inside another. */
const closers = new Uint8Array(MAX_DEPTH);

/** Index after the object or list that starts at `at`. */
function skipNested(bytes: Buffer, at: number): number {
  let depth = 0;
  let next = at;
  for (;;) {
    const byte = bytes[next];
    if (byte === OPEN || byte === OPEN_LIST) {
      const closer = byte === OPEN ? CLOSE : CLOSE_LIST;
      next = skipBlanks(bytes, next + 1);
      if (bytes[next] !== closer) {
        if (depth === MAX_DEPTH) broken();
        closers[depth++] = closer;
        if (byte === OPEN) next = skipKey(bytes, next);
        continue;
      }
      next++;
    } else {
      next = byte === QUOTE ? skipString(bytes, next) : skipScalar(bytes, next);
    }
    for (;;) {
      if (depth === 0) return next;
      const closer = closers[depth - 1];
      next = skipBlanks(bytes, next);
      if (bytes[next] === COMMA) {
        next = skipBlanks(bytes, next + 1);
        if (closer === CLOSE) next = skipKey(bytes, next);
        break;
      }
      if (bytes[next] !== closer) broken();
      depth--;
      next++;
    }
  }
}

/** Index of the value after the key that starts at `at`. */
function skipKey(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) broken();
  return skipColon(bytes, skipString(bytes, at));
}

/** Index of the value after a colon, which may stand between blanks. */
export function skipColon(bytes: Buffer, at: number): number {
  const colon = skipBlanks(bytes, at);
  return bytes[colon] === COLON ? skipBlanks(bytes, colon + 1) : broken();
}

/** Index after a number, `true`, `false` or `null`. */
function skipScalar(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === MINUS || isDigit(byte)) return skipNumber(bytes, at);
  for (const literal of LITERALS) if (isAt(bytes, at, literal)) return at + literal.length;
  return broken();
}

function skipNumber(bytes: Buffer, at: number): number {
  const first = bytes[at] === MINUS ? at + 1 : at;
  let next = bytes[first] === ZERO ? first + 1 : skipDigits(bytes, first);
  if (bytes[next] === POINT) next = skipDigits(bytes, next + 1);
  if (bytes[next] === 0x65 || bytes[next] === 0x45) {
    const isSigned = bytes[next + 1] === PLUS || bytes[next + 1] === MINUS;
    next = skipDigits(bytes, isSigned ? next + 2 : next + 1);
  }
  return next;
}

/** Index after one digit or more. */
function skipDigits(bytes: Buffer, at: number): number {
  let next = at;
  while (isDigit(bytes[next])) next++;
  return next > at ? next : broken();
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
