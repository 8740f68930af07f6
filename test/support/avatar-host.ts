import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A host of pictures on this machine. */
export interface AvatarHost {
  readonly url: string;
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** What it answers, by id; else a PNG with an ETag. */
  answer: (id: number, response: ServerResponse) => void;
  close(): Promise<void>;
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Files that begin as each kind does. */
export const PICTURES = {
  png: PNG,
  jpg: Buffer.from('\xff\xd8\xff\xe0 jpeg', 'latin1'),
  webp: Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'),
  gif: Buffer.from('GIF89a\x01\0\x01\0', 'latin1'),
} as const;

/** The picture that the host has of an account. */
export const pictureOf = (id: number): Buffer => Buffer.concat([PNG, Buffer.from(` of ${id}`)]);

export async function startAvatarHost(): Promise<AvatarHost> {
  const requests: AvatarHost['requests'] = [];
  const server = createServer((request, response) => {
    const { url: path = '', headers } = request;
    requests.push({ path, headers });
    host.answer(Number(/^\/u\/(\d+)\?/.exec(path)?.[1]), response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host: AvatarHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: sendPicture,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return host;
}

/** As GitHub does: with an ETag, and without bytes for somebody who has them. */
export function sendPicture(id: number, response: ServerResponse): void {
  const etag = `"of-${id}"`;
  if (response.req.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { etag, 'content-type': 'image/png' }).end(pictureOf(id));
}
