import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The receiver of a webhook. */
export interface Receiver {
  readonly url: string;
  /** What was sent to it, parsed. */
  readonly bodies: readonly unknown[];
  close(): Promise<void>;
}

export async function startReceiver(status = 200): Promise<Receiver> {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    bodies,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
