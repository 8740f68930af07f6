import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { avatarHost, fetchAvatar } from '../../../../pipeline/sources/github/avatars.ts';
import {
  type AvatarHost,
  PICTURES,
  pictureOf,
  sendPicture,
  startAvatarHost,
} from '../../../support/avatar-host.ts';

/** What a look for a picture brings, whatever the host answers. */
let host: AvatarHost;
beforeAll(async () => {
  host = await startAvatarHost();
});
afterAll(() => host.close());
beforeEach(() => {
  host.answer = sendPicture;
  host.requests.length = 0;
});

const LIMITS = { timeoutMs: 400, bytes: 20_000 };
const look = (etag: string | null = null, signal = new AbortController().signal) =>
  fetchAvatar(host.url, { id: 7, etag }, signal, LIMITS);
const send =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
  (_: number, response: ServerResponse) =>
    void response.writeHead(status, headers).end(body);

it('asks for 56 pixels of an id, without a token', async () => {
  expect(await look()).toEqual({
    kind: 'picture',
    type: 'png',
    bytes: pictureOf(7),
    etag: '"of-7"',
  });
  expect(host.requests.map(({ path }) => path)).toEqual(['/u/7?s=56']);
  expect(host.requests[0]?.headers).not.toHaveProperty('authorization');
  expect(host.requests[0]?.headers).not.toHaveProperty('cookie');
});

it('gets no bytes of a picture that is stored', async () => {
  expect(await look('"of-7"')).toEqual({ kind: 'unchanged' });
  expect(await look('"other"')).toMatchObject({ kind: 'picture' });
});

it.each(Object.entries(PICTURES))('takes a %s, whatever it is called', async (type, bytes) => {
  host.answer = send(200, bytes, { 'content-type': 'text/html' });
  expect(await look()).toEqual({ kind: 'picture', type, bytes, etag: null });
});

it.each(['no-quotes', '"a b"', `"${'x'.repeat(201)}"`, '"\xe9"'])(
  'does not keep the ETag %j',
  async (etag) => {
    host.answer = send(200, PICTURES.png, { etag });
    expect(await look()).toMatchObject({ kind: 'picture', etag: null });
  },
);

const huge = Buffer.concat([PICTURES.png, Buffer.alloc(20_001)]);
const failure = (reason: string, isLimit = false) => ({ kind: 'failed', reason, isLimit });
const elsewhere = { location: 'https://example.com/u/7' };

describe.each<[string, (id: number, response: ServerResponse) => void, object]>([
  [
    'HTML',
    send(200, '<!doctype html>', { 'content-type': 'image/png' }),
    failure('no PNG, JPEG, WebP or GIF'),
  ],
  [
    'SVG',
    send(200, '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    failure('no PNG, JPEG, WebP or GIF'),
  ],
  ['nothing', send(200, ''), failure('no PNG, JPEG, WebP or GIF')],
  ['half a mark', send(200, PICTURES.png.subarray(0, 7)), failure('no PNG, JPEG, WebP or GIF')],
  ['a WAV', send(200, 'RIFF    WAVE'), failure('no PNG, JPEG, WebP or GIF')],
  ['a size of too many bytes', send(200, huge), failure('more than 20000 bytes')],
  [
    'too many bytes without a size',
    (_, response) => {
      response.write(huge.subarray(0, 9));
      response.end(huge);
    },
    failure('more than 20000 bytes'),
  ],
  [
    'bytes without an end',
    (_, response) => {
      response.on('error', () => {});
      response.write(PICTURES.png);
      const more = setInterval(() => response.write(huge), 5);
      response.on('close', () => clearInterval(more));
    },
    failure('more than 20000 bytes'),
  ],
  [
    'a gzip bomb',
    send(200, gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' }),
    failure('more than 20000 bytes'),
  ],
  [
    'a broken gzip',
    send(200, 'no gzip', { 'content-encoding': 'gzip' }),
    { kind: 'failed', isLimit: false },
  ],
  ['no answer', () => {}, failure('no answer in time')],
  [
    'a head and then nothing',
    (_, response) => void response.write(PICTURES.png),
    failure('no answer in time'),
  ],
  [
    'an end too early',
    (_, response) => {
      response.writeHead(200, { 'content-length': '99' }).write(PICTURES.png);
      setTimeout(() => response.destroy(), 50);
    },
    { kind: 'failed', isLimit: false },
  ],
  ...[301, 302, 303, 307, 308].map((status): [string, ReturnType<typeof send>, object] => [
    `${status} to elsewhere`,
    send(status, '', elsewhere),
    failure('the host leads elsewhere'),
  ]),
  ['304 though no picture is stored', send(304, ''), failure('the host answers 304')],
  ['204', send(204, ''), failure('the host answers 204')],
  ['206', send(206, PICTURES.png), failure('the host answers 206')],
  ['403', send(403, 'no'), failure('the host answers 403')],
  ['429', send(429, 'slow down', { 'retry-after': '60' }), failure('the host answers 429', true)],
  ['500', send(500, 'oh'), failure('the host answers 500')],
  ['404', send(404, 'none'), { kind: 'gone', reason: 'the host answers 404' }],
  ['410', send(410, 'none'), { kind: 'gone', reason: 'the host answers 410' }],
])('%s', (_, answer, expected) => {
  it('is no picture, and is asked for once', async () => {
    host.answer = answer;
    expect(await look()).toMatchObject(expected);
    expect(host.requests).toHaveLength(1);
  });
});

it('is asked for once more if the connection is cut before an answer', async () => {
  let asked = 0;
  host.answer = (id, response) => {
    asked += 1;
    if (asked === 1) response.destroy();
    else sendPicture(id, response);
  };
  expect(await look()).toMatchObject({ kind: 'picture' });
  host.answer = (_, response) => void response.destroy();
  expect(await look()).toMatchObject({ kind: 'failed', isLimit: false });
  expect(host.requests).toHaveLength(4);
});

it('ends with the run', async () => {
  host.answer = () => {};
  await expect(look(null, AbortSignal.timeout(50))).rejects.toThrow();
});

it('says that nobody is there', async () => {
  const gone = await startAvatarHost();
  await gone.close();
  const signal = new AbortController().signal;
  const answer = await fetchAvatar(gone.url, { id: 7, etag: null }, signal, LIMITS);
  expect(answer).toMatchObject({ kind: 'failed', isLimit: false });
});

it.each([
  ['https://api.github.com', 'https://github.com', 'https://avatars.githubusercontent.com'],
  ['https://ghe.example/api/v3', 'https://ghe.example', 'https://ghe.example/avatars'],
  ['http://ghe.example/api/v3', 'http://ghe.example', null],
  // Ids of one are other people's on the other.
  ['https://ghe.example/api/v3', 'https://github.com', null],
  ['https://api.github.com', 'https://ghe.example', null],
])('of %s and %s, asks %s', (githubApiUrl, githubServerUrl, expected) => {
  expect(avatarHost({ githubApiUrl, githubServerUrl })).toBe(expected);
});
