import { setTimeout as sleep } from 'node:timers/promises';
import { SourceError } from '../../domain/error-class.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { explainUnreachable } from '../../util/unreachable.ts';
import {
  DownloadMeter,
  type HourLimits,
  requireSize,
  TooSlowError,
  UnreadableFileError,
} from './limits.ts';

/**
 * Downloads that survive a bad network: bytes that have arrived are never requested again.
 *
 * undici's RetryAgent resumes by Range and If-Match, too, but its resumed bodies had bugs until the
 * summer of 2026 (nodejs/undici issues 4970 and 5119, pull requests 5405, 5610 and 5724): look
 * again in 2027. `util/retry.ts` does not fit: it knows no Retry-After, and here the attempts are
 * counted anew whenever bytes arrive.
 */

export interface HttpIo {
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  readonly limits: HourLimits;
}

/** One file on its way. Its address stays here: messages are stored and published. */
interface Transfer extends HttpIo {
  readonly url: URL;
  /** The file's name. */
  readonly name: string;
  readonly meter: DownloadMeter;
}

/** Attempts in a row without a single new byte, after which we give up. */
const MAX_FRUITLESS_ATTEMPTS = 6;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 60_000;
/** A connection that is silent for this long counts as dead. */
const STALL_MS = 30_000;

/** Longest wait that a server may ask for; more ends the attempt of the job, which comes again. */
const MAX_RETRY_AFTER_MS = 10 * MINUTE_MS;

export const httpIo = (signal: AbortSignal, limits: HourLimits): HttpIo => ({
  signal,
  sleep: (ms) => sleep(ms, undefined, { signal }),
  now: () => performance.now(),
  limits,
});

/** The file's bytes, or null if the server says that there is no such file (404, 410). */
export async function download(url: URL, io: HttpIo): Promise<AsyncIterable<Buffer> | null> {
  const name = url.pathname.split('/').at(-1) ?? '';
  const transfer = { ...io, url, name, meter: new DownloadMeter(name, io.limits) };
  const first = await request(transfer, 0, null);
  return first === null ? null : bodyOf(transfer, first);
}

/** Reads to the end, and resumes after the last byte whenever the connection breaks. */
async function* bodyOf(transfer: Transfer, first: Answer): AsyncGenerator<Buffer> {
  const { name, signal, limits } = transfer;
  let answer: Answer | null = first;
  let received = 0;
  let fruitless = 0;
  while (answer) {
    const before = received;
    let isSlow = false;
    try {
      for await (const bytes of answer.body) {
        received += bytes.length;
        requireSize(name, 'packed', received, limits.packedBytes);
        yield bytes;
      }
      if (first.length === null || received >= first.length) return;
    } catch (error) {
      if (signal.aborted || error instanceof UnreadableFileError) throw error;
      isSlow = error instanceof TooSlowError;
    }
    fruitless = received > before && !isSlow ? 0 : fruitless + 1;
    if (fruitless >= MAX_FRUITLESS_ATTEMPTS) {
      throw new UnreadableFileError(
        `${name} ${isSlow ? 'is too slow' : 'breaks off'} again and again`,
      );
    }
    await pause(transfer, delayMs(fruitless));
    answer = await request(transfer, received, first.version);
  }
  throw new Error(`${name} vanished while it was read`);
}

/** Waits; the time counts as time of the download. */
async function pause({ sleep, meter, now }: Transfer, ms: number): Promise<void> {
  const from = now();
  await sleep(ms);
  meter.addWait(now() - from);
}

interface Answer {
  readonly body: AsyncIterable<Buffer>;
  /** Bytes of the whole file, if the server says so. */
  readonly length: number | null;
  /** ETag or modification time, by which two versions of the file differ. */
  readonly version: string | null;
}

async function request(
  transfer: Transfer,
  from: number,
  version: string | null,
): Promise<Answer | null> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(transfer, from, version);
    if (!('retry' in outcome)) return outcome.answer;
    const { retry, cause, afterMs = delayMs(attempt) } = outcome;
    if (attempt + 1 >= MAX_FRUITLESS_ATTEMPTS) {
      throw new Error(`${transfer.name} can't be read: ${retry}`, { cause });
    }
    if (afterMs > MAX_RETRY_AFTER_MS) {
      throw new SourceError(
        'quota',
        `${transfer.name} can't be read: ${retry}, for too long a time`,
      );
    }
    await pause(transfer, afterMs);
  }
}

const UNREACHED =
  "check this machine's network and GHARCHIVE_URL, or read hour files of this machine " +
  '(GHARCHIVE_URL=file:///…)';

type AttemptResult =
  | { answer: Answer | null }
  | { retry: string; afterMs?: number | undefined; cause?: unknown };

async function attemptOnce(
  transfer: Transfer,
  from: number,
  version: string | null,
): Promise<AttemptResult> {
  const { signal, meter, now } = transfer;
  const stall = stallSignal(signal);
  const asked = now();
  let response: Response;
  try {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (from > 0) headers.range = `bytes=${from}-`;
    if (from > 0 && version) headers['if-range'] = version;
    response = await fetchRedirected(transfer, headers, stall.signal);
  } catch (error) {
    stall.stop();
    if (signal.aborted || error instanceof UnreadableFileError) throw error;
    meter.addWait(now() - asked);
    return {
      retry: explainUnreachable(error, 'the archive', UNREACHED) ?? 'the connection failed',
      cause: error,
    };
  }
  try {
    meter.addWait(now() - asked);
    return await classifyResponse(transfer, response, from, version, stall);
  } catch (error) {
    stall.stop();
    await response.body?.cancel();
    throw error;
  }
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** As many as GH Archive's own address could ever need. */
const MAX_REDIRECTS = 5;

/** Follows redirects within the same origin, and to https. */
async function fetchRedirected(
  { url, name }: Transfer,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    const response = await fetch(at, { headers, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const target = URL.canParse(location, at.href) ? new URL(location, at) : null;
    if (target === null || !isAllowedTarget(at, target)) {
      throw new UnreadableFileError(
        `${name} can't be read: the server redirects to where we don't follow ` +
          '(only to the same origin, or to https)',
      );
    }
    at = target;
  }
  throw new UnreadableFileError(`${name} can't be read: more than ${MAX_REDIRECTS} redirects`);
}

function isAllowedTarget(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '') return false;
  return to.origin === from.origin || to.protocol === 'https:';
}

/** The file was replaced while it was read: the bytes that we have belong to another version. */
class ChangedError extends Error {}

async function classifyResponse(
  transfer: Transfer,
  response: Response,
  from: number,
  version: string | null,
  stall: Stall,
): Promise<AttemptResult> {
  const { name, limits } = transfer;
  const { status, headers } = response;
  if (status === 200 || status === 206) {
    requireAsStored(name, headers);
    requireSize(name, 'packed', lengthOf(response) ?? 0, limits.packedBytes);
    if (status === 206 && !beginsAt(from, headers)) {
      stall.stop();
      await response.body?.cancel();
      return { retry: 'the server answers another range than was asked for' };
    }
    const seen = versionOf(headers);
    if (from > 0 && version !== null && seen !== null && seen !== version)
      throw new ChangedError(`${name} changed while it was read`);
    // A server without ranges sends the whole file again: skip the bytes that we have.
    const skip = status === 200 ? from : 0;
    return {
      answer: {
        body: chunksOf(transfer, response, skip, stall),
        length: lengthOf(response),
        version: seen,
      },
    };
  }
  stall.stop();
  await response.body?.cancel();
  if (status === 404 || status === 410) return { answer: null };
  // The file ends where we are: we have all of it.
  if (status === 416 && headers.get('content-range') === `bytes */${from}`)
    return { answer: { body: nothing(), length: from, version } };
  if (status === 408 || status === 429 || status >= 500)
    return { retry: `the server answers ${status}`, afterMs: retryAfterMs(headers) };
  throw new UnreadableFileError(`${name} can't be read: the server answers ${status}`);
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** If a proxy unpacks the file on the way, length and ranges no longer fit the bytes. */
function requireAsStored(name: string, headers: Headers): void {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding === 'identity') return;
  throw new UnreadableFileError(
    `${name} is sent with content-encoding ${encoding}, though identity was asked for: ` +
      'the server must send the file as it is stored',
  );
}

/** Whether an answer begins at the requested byte: some servers and proxies send the whole file. */
function beginsAt(from: number, headers: Headers): boolean {
  const range = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '');
  return range !== null && Number(range[1]) === from;
}

async function* chunksOf(
  { meter, now }: Transfer,
  response: Response,
  skip: number,
  stall: Stall,
): AsyncGenerator<Buffer> {
  let left = skip;
  meter.startConnection();
  let asked = now();
  try {
    for await (const bytes of response.body ?? []) {
      stall.stop();
      meter.addBytes(bytes.length, now() - asked);
      const passed = Math.min(left, bytes.length);
      left -= passed;
      if (passed < bytes.length)
        yield Buffer.from(bytes.buffer, bytes.byteOffset + passed, bytes.length - passed);
      // While we worked on the bytes, nobody waited for the server.
      stall.start();
      asked = now();
    }
  } finally {
    stall.stop();
  }
}

interface Stall {
  readonly signal: AbortSignal;
  start(): void;
  stop(): void;
}

/** Aborts when it has run for too long; it runs from its making on. */
function stallSignal(outer: AbortSignal): Stall {
  const silence = new AbortController();
  const begin = () => setTimeout(() => silence.abort(new Error('no answer')), STALL_MS);
  let timer = begin();
  const stop = () => clearTimeout(timer);
  return {
    signal: AbortSignal.any([outer, silence.signal]),
    start() {
      stop();
      timer = begin();
    },
    stop,
  };
}

function versionOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
}

function lengthOf({ status, headers }: Response): number | null {
  const text =
    status === 206 ? headers.get('content-range')?.split('/')[1] : headers.get('content-length');
  const length = Number(text ?? Number.NaN);
  return Number.isSafeInteger(length) ? length : null;
}

/** Seconds or a date; undefined if the server gives neither. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * SECOND_MS;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(date - Date.now(), FIRST_DELAY_MS);
}

function delayMs(attempt: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** attempt, MAX_DELAY_MS);
}
