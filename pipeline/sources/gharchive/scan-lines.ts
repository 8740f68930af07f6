import type { TrackedRepository } from '../../domain/source.ts';
import { type RepositoryMatcher, UNUSUAL } from '../match-repository.ts';
import { parseJson } from './parse-event.ts';

/** Splits a stream of bytes into lines and picks the events of the tracked repositories. */

/** Longest line that is kept together. The largest real ones are below a third of it. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** A longer line is parsed only after a look at how deep it nests: 60 MB of `[` cost 2.7 GB. */
const MAX_UNCHECKED_BYTES = 1024 * 1024;
/** No real event nests this deep; a line that does is hostile. */
const MAX_DEPTH = 1000;
/** How often we look for another event inside one broken line, */
const MAX_RESYNCS = 100;
/** and how many bytes we look at again for that, after the first time. */
const MAX_RESCANNED_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const CARRIAGE_RETURN = 0x0d;
const EVENT_START = Buffer.from('{"id":"');
const GLUED = Buffer.from('}{');

export type LineFault = 'broken_line' | 'line_too_long' | 'glued_events';

export interface LineReceiver {
  /**
   * The JSON text of one event of a tracked repository; its bytes are valid during the call only.
   * Returns false if it is not JSON after all.
   */
  onEvent(text: Buffer, repository: TrackedRepository): boolean;
  onFault(fault: LineFault): void;
}

export interface LineScanner {
  /** Takes the next bytes, and keeps none of them. */
  push(chunk: Buffer): void;
  /** The last line may lack its end. */
  finish(): void;
}

/** A scanner whose memory does not grow with the stream; it joins the lines that span chunks. */
export function createLineScanner(matcher: RepositoryMatcher, receiver: LineReceiver): LineScanner {
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  let isTooLong = false;

  const carry = (part: Buffer) => {
    carriedBytes += part.length;
    isTooLong ||= carriedBytes > MAX_LINE_BYTES;
    if (isTooLong) carried = [];
    else carried.push(Buffer.from(part));
  };
  const finishCarried = () => {
    if (isTooLong) receiver.onFault('line_too_long');
    else if (carriedBytes > 0) scanLines(Buffer.concat(carried), matcher, receiver);
    carried = [];
    carriedBytes = 0;
    isTooLong = false;
  };

  return {
    push(chunk) {
      const first = chunk.indexOf(NEWLINE);
      if (first < 0) return carry(chunk);
      let whole = chunk;
      if (carriedBytes > 0) {
        carry(chunk.subarray(0, first));
        finishCarried();
        whole = chunk.subarray(first + 1);
      }
      const last = whole.lastIndexOf(NEWLINE);
      if (last >= 0) scanLines(whole.subarray(0, last), matcher, receiver);
      if (last + 1 < whole.length) carry(whole.subarray(last + 1));
    },
    finish: finishCarried,
  };
}

/** Scans complete lines; the last one has no newline after it. */
function scanLines(bytes: Buffer, matcher: RepositoryMatcher, receiver: LineReceiver): void {
  let nextEvent = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const next = newline < 0 ? bytes.length : newline;
    const end = bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    if (nextEvent >= 0 && nextEvent <= start) nextEvent = bytes.indexOf(EVENT_START, start + 1);
    const isGlued = nextEvent >= 0 && nextEvent < end;
    if (end > start) scanLine(bytes, start, end, isGlued, matcher, receiver);
    start = next + 1;
  }
}

function scanLine(
  bytes: Buffer,
  start: number,
  end: number,
  isGlued: boolean,
  matcher: RepositoryMatcher,
  receiver: LineReceiver,
): void {
  const isUsual = !isGlued && bytes[end - 1] === CLOSE;
  const match = isUsual ? matcher.matchLine(bytes, start, end) : UNUSUAL;
  if (match === null) return;
  const line = bytes.subarray(start, end);
  const isClear = match !== UNUSUAL && line.length <= MAX_UNCHECKED_BYTES;
  // A complete event may stand beside a broken part.
  if (!isClear || !receiver.onEvent(line, match)) scanCarefully(line, matcher, receiver);
}

/** Finds every complete object of a line; broken parts are counted and skipped. */
function scanCarefully(line: Buffer, matcher: RepositoryMatcher, receiver: LineReceiver): void {
  let events = 0;
  let resyncs = 0;
  let rescanned = 0;
  for (let at = skipBlanks(line, 0); at >= 0 && at < line.length; ) {
    const end = endOfObject(line, at);
    const text = line.subarray(at, end);
    const object = parseJson(text);
    if (object !== undefined) {
      const { id, name } = repositoryOf(object);
      if (name !== null) events++;
      const match = matcher.matchName(id, name);
      if (match !== null) receiver.onEvent(text, match);
      at = skipBlanks(line, end);
    } else {
      if (resyncs === 0) receiver.onFault('broken_line');
      if (resyncs > 0) rescanned += line.length - at;
      const isEnough = ++resyncs > MAX_RESYNCS || rescanned > MAX_RESCANNED_BYTES;
      at = isEnough ? -1 : nextObject(line, at + 1);
    }
  }
  if (events > 1) receiver.onFault('glued_events');
}

/**
 * Index after the object that starts at `start`; `start` itself if there is no object, if it
 * has no end or nests too deep. The text between its braces may still be broken.
 */
function endOfObject(line: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < line.length; at++) {
    const byte = line[at];
    if (byte === QUOTE) at = endOfString(line, at);
    else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
    if (depth > MAX_DEPTH) return start;
    if (depth <= 0) return byte === CLOSE ? at + 1 : start;
  }
  return start;
}

/** Index of the quote that closes the string whose opening quote is at `start`. */
function endOfString(line: Buffer, start: number): number {
  let at = start + 1;
  while (at < line.length && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The repository that an event names; null for what it does not name. */
function repositoryOf(event: unknown): { id: number | null; name: string | null } {
  const { id, name } = (event as { repo?: { id?: unknown; name?: unknown } | null }).repo ?? {};
  return {
    id: typeof id === 'number' ? id : null,
    name: typeof name === 'string' ? name : null,
  };
}

/** Where another event may start after a broken part; -1 if nowhere. */
function nextObject(line: Buffer, from: number): number {
  const usual = line.indexOf(EVENT_START, from);
  const glued = line.indexOf(GLUED, from - 1) + 1;
  const candidates = [usual, glued].filter((at) => at >= from);
  return candidates.length === 0 ? -1 : Math.min(...candidates);
}

/** Skips white space, and the byte order mark that a file may start with. */
function skipBlanks(line: Buffer, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line[at] as number)) at++;
  return at;
}

function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;
}
