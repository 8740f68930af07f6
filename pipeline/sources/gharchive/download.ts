import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Downloads that survive a bad network: bytes that have arrived are never requested again.
 *
 * undici's RetryAgent resumes by Range and If-Match, too, but its resumed bodies had bugs until the
 * summer of 2026 (nodejs/undici issues 4970 and 5119, pull requests 5405, 5610 and 5724): look
 * again in 2027. `util/retry.ts` does not fit: it knows no Retry-After, and here the attempts are
 * counted anew whenever bytes arrive.
 */

/** A file that exists and can't be read: a fault of the disk, a refusal, a wrong length. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

export interface HttpIo {
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Attempts in a row without a single new byte, after which we give up. */
const MAX_FRUITLESS_ATTEMPTS = 6;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 60_000;
/** A connection that is silent for this long counts as dead. */
const STALL_MS = 30_000;

export const httpIo = (signal: AbortSignal): HttpIo => ({
  signal,
  sleep: (ms) => sleep(ms, undefined, { signal }),
});

/** The file's bytes, or null if the server says that there is no such file (404, 410). */
export async function download(url: URL, io: HttpIo): Promise<AsyncIterable<Buffer> | null> {
  const first = await request(url, 0, null, io);
  return first === null ? null : bodyOf(url, first, io);
}

/** Reads to the end, and resumes after the last byte whenever the connection breaks. */
async function* bodyOf(url: URL, first: Answer, io: HttpIo): AsyncGenerator<Buffer> {
  let answer: Answer | null = first;
  let received = 0;
  let fruitless = 0;
  const version = first.version;
  while (answer) {
    const before = received;
    try {
      for await (const bytes of answer.body) {
        received += bytes.length;
        yield bytes;
      }
      if (first.length === null || received >= first.length) return;
    } catch (error) {
      if (io.signal.aborted) throw error;
    }
    fruitless = received > before ? 0 : fruitless + 1;
    if (fruitless >= MAX_FRUITLESS_ATTEMPTS)
      throw new UnreadableFileError(`${url} breaks off again and again`);
    await io.sleep(delayMs(fruitless));
    answer = await request(url, received, version, io);
  }
  throw new Error(`${url} vanished while it was read`);
}

interface Answer {
  readonly body: AsyncIterable<Buffer>;
  /** Bytes of the whole file, if the server says so. */
  readonly length: number | null;
  /** ETag or modification time, by which two versions of the file differ. */
  readonly version: string | null;
}

async function request(
  url: URL,
  from: number,
  version: string | null,
  io: HttpIo,
): Promise<Answer | null> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(url, from, version, io);
    if (!('retry' in outcome)) return outcome.answer;
    if (attempt + 1 >= MAX_FRUITLESS_ATTEMPTS) {
      throw new Error(`${url} can't be read: ${outcome.retry}`, { cause: outcome.cause });
    }
    await io.sleep(outcome.afterMs ?? delayMs(attempt));
  }
}

type AttemptResult =
  | { answer: Answer | null }
  | { retry: string; afterMs?: number | undefined; cause?: unknown };

async function attemptOnce(
  url: URL,
  from: number,
  version: string | null,
  io: HttpIo,
): Promise<AttemptResult> {
  const stall = stallSignal(io.signal);
  try {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (from > 0) headers.range = `bytes=${from}-`;
    if (from > 0 && version) headers['if-range'] = version;
    const response = await fetch(url, { headers, signal: stall.signal });
    return classifyResponse(url, response, from, version, stall);
  } catch (error) {
    stall.stop();
    if (io.signal.aborted || error instanceof ChangedError) throw error;
    return { retry: 'the connection failed', cause: error };
  }
}

/** The file was replaced while it was read: the bytes that we have belong to another version. */
class ChangedError extends Error {}

async function classifyResponse(
  url: URL,
  response: Response,
  from: number,
  version: string | null,
  stall: Stall,
): Promise<AttemptResult> {
  const { status, headers } = response;
  if (status === 200 || status === 206) {
    requireAsStored(url, headers);
    if (status === 206 && !beginsAt(from, headers)) {
      stall.stop();
      await response.body?.cancel();
      return { retry: 'the server answers another range than was asked for' };
    }
    const seen = versionOf(headers);
    if (from > 0 && version !== null && seen !== null && seen !== version)
      throw new ChangedError(`${url} changed while it was read`);
    // A server without ranges sends the whole file again: skip the bytes that we have.
    const skip = status === 200 ? from : 0;
    return {
      answer: { body: chunksOf(response, skip, stall), length: lengthOf(response), version: seen },
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
  throw new UnreadableFileError(`${url} can't be read: the server answers ${status}`);
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** If a proxy unpacks the file on the way, length and ranges no longer fit the bytes. */
function requireAsStored(url: URL, headers: Headers): void {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding === 'identity') return;
  throw new UnreadableFileError(
    `${url} is sent with content-encoding ${encoding}, though identity was asked for: ` +
      'the server must send the file as it is stored',
  );
}

/** Whether an answer begins at the requested byte: some servers and proxies send the whole file. */
function beginsAt(from: number, headers: Headers): boolean {
  const range = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '');
  return range !== null && Number(range[1]) === from;
}

async function* chunksOf(response: Response, skip: number, stall: Stall): AsyncGenerator<Buffer> {
  let left = skip;
  try {
    for await (const bytes of response.body ?? []) {
      stall.touch();
      const passed = Math.min(left, bytes.length);
      left -= passed;
      if (passed < bytes.length)
        yield Buffer.from(bytes.buffer, bytes.byteOffset + passed, bytes.length - passed);
    }
  } finally {
    stall.stop();
  }
}

interface Stall {
  readonly signal: AbortSignal;
  touch(): void;
  stop(): void;
}

function stallSignal(outer: AbortSignal): Stall {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('no answer')), STALL_MS);
  return {
    signal: AbortSignal.any([outer, silence.signal]),
    touch: () => timer.refresh(),
    stop: () => clearTimeout(timer),
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

function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, MAX_DELAY_MS) : undefined;
}

function delayMs(attempt: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** attempt, MAX_DELAY_MS);
}
