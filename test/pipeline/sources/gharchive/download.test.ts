import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { download } from '../../../../pipeline/sources/gharchive/download.ts';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
const ETAG = '"one"';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answers: Answer[] = [];
let ranges: (string | undefined)[] = [];
let waits: number[] = [];

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

async function fetchAll(): Promise<Buffer | null> {
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file`);
  const signal = new AbortController().signal;
  const body = await download(url, { signal, sleep: async (ms) => void waits.push(ms) });
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
