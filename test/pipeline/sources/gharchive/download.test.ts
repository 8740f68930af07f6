import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { download } from '../../../../pipeline/sources/gharchive/download.ts';
import {
  HOUR_LIMITS,
  type HourLimits,
  UnreadableFileError,
} from '../../../../pipeline/sources/gharchive/limits.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
const ETAG = '"one"';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answers: Answer[] = [];
let ranges: (string | undefined)[] = [];
let waits: number[] = [];
/** What the clock of the download shows, in ms. */
let clock = 0;

const server = createServer((request, response) => {
  ranges.push(request.headers.range);
  (answers.shift() ?? whole)(request, response);
});

beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
afterAll(() => void server.close());
beforeEach(() => {
  answers = [];
  ranges = [];
  waits = [];
  clock = 0;
});

/** Answers as a good server does, ranges included. */
const whole: Answer = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    etag: ETAG,
    'content-length': part.length,
    ...(from > 0
      ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }
      : {}),
  });
  response.end(part);
};

/** Sends some bytes of the whole and then drops the connection. */
const dropAfter =
  (bytes: number, withLength = true): Answer =>
  (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      etag: ETAG,
      ...(withLength ? { 'content-length': content.length - from } : {}),
      ...(from > 0
        ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }
        : {}),
    });
    response.write(content.subarray(from, from + bytes), () => response.socket?.destroy());
  };

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end();

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function fetchAll(limits: Partial<HourLimits> = {}): Promise<Buffer | null> {
  const url = new URL(`${origin()}/folder/file?key=sesame`);
  const body = await download(url, {
    signal: new AbortController().signal,
    sleep: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    now: () => clock,
    limits: { ...HOUR_LIMITS, ...limits },
  });
  if (body === null) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a download', () => {
  it('brings the bytes', async () => {
    expect((await fetchAll())?.equals(content)).toBe(true);
    expect(waits).toEqual([]);
  });

  it('goes on from the last byte when the connection drops', async () => {
    answers = [dropAfter(50_000), dropAfter(50_000)];
    expect((await fetchAll())?.equals(content)).toBe(true);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
    expect(ranges).toHaveLength(3);
  });

  it('passes over what it has where a server knows no ranges', async () => {
    answers = [
      dropAfter(50_000),
      (request, response) => whole(Object.assign(request, { headers: {} }), response),
    ];
    expect((await fetchAll())?.equals(content)).toBe(true);
  });

  it.each([500, 502, 503, 408, 429])('waits and asks again after a %i', async (code) => {
    answers = [status(code), status(code)];
    expect((await fetchAll())?.equals(content)).toBe(true);
    expect(waits).toEqual([500, 1000]);
  });

  it('waits as long as the server asks for', async () => {
    answers = [status(429, { 'retry-after': '7' })];
    await fetchAll();
    expect(waits).toEqual([7000]);
  });

  it.each([404, 410])('finds nothing at a %i', async (code) => {
    answers = [status(code)];
    expect(await fetchAll()).toBeNull();
    expect(ranges).toHaveLength(1);
  });

  it('gives up after six attempts in vain, and says why', async () => {
    answers = Array.from({ length: 6 }, () => status(503));
    await expect(fetchAll()).rejects.toThrow("can't be read: the server answers 503");
    expect(ranges).toHaveLength(6);
  });

  it.each([
    ['a server that is not running', 'http://127.0.0.1:2/', 'it refuses the connection'],
    ['a name that nobody has', 'http://archive.invalid/', 'its name is not found'],
    ['a machine without a way out', 'http://[2001:db8::1]/', /there is no way to it|in time/],
  ])('says in one sentence what to do about %s', async (_, address, fault) => {
    const url = new URL('2024-01-01-0.json.gz?key=sesame', address);
    const io = {
      signal: AbortSignal.timeout(60_000),
      sleep: async () => {},
      now: () => 0,
      limits: HOUR_LIMITS,
    };
    const { message } = await download(url, io).then(
      () => new Error('it was read'),
      (error: Error) => error,
    );
    expect(message).toMatch(/^2024-01-01-0\.json\.gz can't be read: the archive is not reached \(/);
    expect(message).toMatch(fault);
    expect(message).toMatch(/check this machine's network and GHARCHIVE_URL, or read hour files/);
    expect(message).not.toContain('sesame');
  });

  it('does not ask again where it is refused', async () => {
    answers = [status(403)];
    await expect(fetchAll()).rejects.toThrow('the server answers 403');
    expect(ranges).toHaveLength(1);
  });

  it('takes no file that is unpacked on the way', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(content));
      },
    ];
    await expect(fetchAll()).rejects.toThrow('is sent with content-encoding gzip');
  });

  it('asks again where the server answers another range', async () => {
    const another: Answer = (_, response) => {
      const range = `bytes 0-${content.length - 1}/${content.length}`;
      response.writeHead(206, { etag: ETAG, 'content-range': range });
      response.end(content);
    };
    answers = [dropAfter(50_000), another];
    expect((await fetchAll())?.equals(content)).toBe(true);
  });

  it('is whole where nothing comes after what it has', async () => {
    answers = [
      dropAfter(content.length, false),
      status(416, { 'content-range': `bytes */${content.length}` }),
    ];
    expect((await fetchAll())?.equals(content)).toBe(true);
  });

  it('does not mix two versions of a file', async () => {
    const replaced: Answer = (_, response) => {
      response.writeHead(200, { etag: '"two"', 'content-length': content.length });
      response.end(content);
    };
    answers = [dropAfter(50_000), replaced];
    await expect(fetchAll()).rejects.toThrow('changed while it was read');
  });
});

/** Sends the whole in pieces of so many bytes; each takes its time. */
const slowly =
  (bytes: number, ms: number): Answer =>
  async (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(from > 0 ? 206 : 200, {
      etag: ETAG,
      'content-length': content.length - from,
      ...(from > 0 ? { 'content-range': range } : {}),
    });
    for (let at = from; at < content.length && !response.destroyed; at += bytes) {
      clock += ms;
      response.write(content.subarray(at, at + bytes));
      await new Promise((done) => setTimeout(done, 3));
    }
    response.end();
  };

describe('a download ends', () => {
  it('where it takes too long in all, however often it comes on', async () => {
    answers = Array.from({ length: 10_000 }, () => dropAfter(1));
    await expect(fetchAll({ waitMs: 20_000 })).rejects.toThrow(UnreadableFileError);
    expect(clock).toBeGreaterThan(20_000);
    expect(clock).toBeLessThan(22_000);
  });

  it('where waiting for a busy server takes too long', async () => {
    answers = Array.from({ length: 6 }, () => status(503, { 'retry-after': '400' }));
    await expect(fetchAll({ waitMs: 900_000 })).rejects.toThrow('file takes more than 15 minutes');
    expect(waits).toEqual([400_000, 400_000, 400_000]);
  });

  it('where it trickles: six connections are tried', async () => {
    answers = Array.from({ length: 6 }, () => slowly(100, 20_000));
    await expect(fetchAll()).rejects.toThrow('file is too slow again and again');
    expect(ranges).toHaveLength(6);
    expect(clock).toBeLessThan(20 * 60_000);
  });

  it('with the whole where one connection was slow', async () => {
    answers = [slowly(100, 20_000)];
    expect((await fetchAll())?.equals(content)).toBe(true);
    expect(ranges).toHaveLength(2);
  });

  it('before it begins where the server says that it is too large', async () => {
    await expect(fetchAll({ packedBytes: 100_000 })).rejects.toThrow(
      'file has more than 0 MB packed',
    );
    expect(ranges).toHaveLength(1);
  });

  it('where more and more comes', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(content), 1);
        response.once('close', () => clearInterval(timer));
      },
    ];
    await expect(fetchAll({ packedBytes: 3_000_000 })).rejects.toThrow('more than 3 MB packed');
  });

  it.each([
    ['6 hours', '21600'],
    ['more than any number', '9'.repeat(400)],
    ['a date', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ])('at once where the server asks for a wait of %s', async (_, retryAfter) => {
    answers = [status(429, { 'retry-after': retryAfter })];
    await expect(fetchAll()).rejects.toMatchObject({ errorClass: 'quota' });
    expect(waits).toEqual([]);
  });

  it.each([
    ['Thu, 01 Jan 1970 00:00:00 GMT', 500],
    ['soon', 500],
    ['-5', 500],
  ])('after a wait of its own for %j', async (retryAfter, ms) => {
    answers = [status(429, { 'retry-after': retryAfter })];
    expect((await fetchAll())?.equals(content)).toBe(true);
    expect(waits).toEqual([ms]);
  });
});

describe('a redirect', () => {
  const to = (location: string) => status(302, { location });

  it('is followed within the same origin', async () => {
    answers = [to('/other/place'), to(`${origin()}/again`)];
    expect((await fetchAll())?.equals(content)).toBe(true);
    expect(ranges).toHaveLength(3);
  });

  it.each([
    'http://127.0.0.1:1/file',
    'http://localhost/file',
    '//evil.example/file',
    'file:///etc/passwd',
    'data:text/plain,x',
    'ftp://evil.example/file',
    'https://me:sesame@evil.example/file',
    'http://[',
  ])('to %s is not followed', async (location) => {
    answers = [to(location)];
    await expect(fetchAll()).rejects.toThrow("file can't be read: the server redirects");
    expect(ranges).toHaveLength(1);
  });

  it('to https is followed', async () => {
    // Nobody listens there: the attempts fail, and are no refusal.
    answers = Array.from({ length: 6 }, () => to('https://127.0.0.1:1/file'));
    await expect(fetchAll()).rejects.toThrow("file can't be read: the archive is not reached");
    expect(ranges).toHaveLength(6);
  });

  it('in a circle ends', async () => {
    answers = Array.from({ length: 100 }, () => to('/file'));
    await expect(fetchAll()).rejects.toThrow('more than 5 redirects');
    expect(ranges).toHaveLength(6);
  });
});

it.each([
  [[status(403)]],
  [[status(302, { location: 'http://evil.example/sesame' })]],
  [[dropAfter(5), status(404)]],
  [Array.from({ length: 6 }, () => status(503))],
  [Array.from({ length: 6 }, () => status(302, { location: 'https://127.0.0.1:1/sesame' }))],
  [[status(429, { 'retry-after': '99999' })]],
])('what fails names the file, and nothing else of its address', async (faults) => {
  answers = faults;
  const error = await fetchAll().catch((reason: Error) => reason);
  expect((error as Error).message).toMatch(/^file /);
  expect((error as Error).message).not.toMatch(/sesame|127\.0\.0\.1|folder|evil/);
});
