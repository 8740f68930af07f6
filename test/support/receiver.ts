import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The receiver of a webhook, or a push gateway. */
export interface Receiver {
  readonly url: string;
  /** What was sent to it; JSON is parsed. */
  readonly bodies: readonly unknown[];
  close(): Promise<void>;
}

export async function startReceiver(status = 200): Promise<Receiver> {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const isJson = request.headers['content-type']?.includes('json') === true;
    bodies.push(isJson ? JSON.parse(body) : body);
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    bodies,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
