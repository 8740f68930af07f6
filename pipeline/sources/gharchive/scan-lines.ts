import type { TrackedRepository } from '../../domain/source.ts';
import { type RepositoryMatcher, UNUSUAL } from '../match-repository.ts';
import { objectShape, pickJson, WHOLE } from './pick-json.ts';

/** Splits a stream of bytes into lines and picks the events of the tracked repositories. */

/** Longest line that is kept together. The largest real ones are below a third of it. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** In one broken line, so often we look for another event in it, */
const MAX_RESYNCS = 100;
/** and after the first time so many bytes are looked at again. */
const MAX_RESCANNED_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;
const CLOSE = 0x7d;
const CARRIAGE_RETURN = 0x0d;
const EVENT_START = Buffer.from('{"id":"');
const GLUED = Buffer.from('}{');
const REPOSITORY_SHAPE = objectShape({ repo: objectShape({ id: WHOLE, name: WHOLE }) });

export type LineFault = 'broken_line' | 'line_too_long' | 'glued_events';

export interface LineReceiver {
  /**
   * The JSON text of one event of a tracked repository; its bytes are gone after the call.
   * Returns false if it is no JSON after all.
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

/** A scanner in memory that does not grow with the stream: lines that span chunks are put together. */
export function createLineScanner(matcher: RepositoryMatcher, receiver: LineReceiver): LineScanner {
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  let isTooLong = false;

  const carry = (piece: Buffer) => {
    carriedBytes += piece.length;
    isTooLong ||= carriedBytes > MAX_LINE_BYTES;
    if (isTooLong) carried = [];
    else carried.push(Buffer.from(piece));
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

/** Scans whole lines; the last one has no newline after it. */
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
  // A whole event may stand beside what is broken.
  if (match === UNUSUAL || !receiver.onEvent(line, match)) scanCarefully(line, matcher, receiver);
}

/** Finds every whole object of a line; what is broken is counted and passed over. */
function scanCarefully(line: Buffer, matcher: RepositoryMatcher, receiver: LineReceiver): void {
  let events = 0;
  let resyncs = 0;
  let rescanned = 0;
  for (let at = skipBlanks(line, 0); at >= 0 && at < line.length; ) {
    const object = pickJson(line, at, REPOSITORY_SHAPE);
    if (object && line[object.end - 1] === CLOSE) {
      const { id, name } = repositoryOf(object.value);
      if (name !== null) events++;
      const match = matcher.matchName(id, name);
      if (match !== null) receiver.onEvent(line.subarray(at, object.end), match);
      at = skipBlanks(line, object.end);
    } else {
      if (resyncs === 0) receiver.onFault('broken_line');
      if (resyncs > 0) rescanned += line.length - at;
      const isEnough = ++resyncs > MAX_RESYNCS || rescanned > MAX_RESCANNED_BYTES;
      at = isEnough ? -1 : nextObject(line, at + 1);
    }
  }
  if (events > 1) receiver.onFault('glued_events');
}

/** The repository that an event names, as far as it does. */
function repositoryOf(event: unknown): { id: number | null; name: string | null } {
  const { id, name } = (event as { repo?: { id?: unknown; name?: unknown } | null }).repo ?? {};
  return {
    id: typeof id === 'number' ? id : null,
    name: typeof name === 'string' ? name : null,
  };
}

/** Where, after something broken, another event may start; -1 if nowhere. */
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
