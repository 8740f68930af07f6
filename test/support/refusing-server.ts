import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';

export interface RefusingServer {
  readonly host: string;
  close(): Promise<void>;
}

/** The certificate of the server, signed by itself, for 127.0.0.1. */
export const CERTIFICATE = fileURLToPath(
  new URL('../fixtures/tls/certificate.pem', import.meta.url),
);
const KEY = fileURLToPath(new URL('../fixtures/tls/key.pem', import.meta.url));

/** PostgreSQL's number of a request for TLS, in the place of the protocol's version. */
const TLS_REQUEST = 80_877_103;

/** A message of the server: its letter, its length, its content. */
function message(letter: string, ...parts: readonly (string | number)[]): Buffer {
  const content = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part);
      const number = Buffer.alloc(4);
      number.writeInt32BE(part);
      return number;
    }),
  );
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const WANTS_PASSWORD = message('R', 10, 'SCRAM-SHA-256\0\0');
const WRONG_PASSWORD = message('E', 'SFATAL\0C28P01\0Mpassword authentication failed\0\0');

/**
 * Speaks as much of PostgreSQL's protocol as a connection needs to fail. It wants a password, takes
 * none, and keeps a connection open on which it waits for one.
 */
export async function startRefusingServer({ tls }: { tls: boolean }): Promise<RefusingServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (first) => {
      if (first.readInt32BE(4) !== TLS_REQUEST) return askForPassword(socket);
      socket.write(tls ? 'S' : 'N');
      if (!tls) return;
      const options = { isServer: true, key: readFileSync(KEY), cert: readFileSync(CERTIFICATE) };
      const secure = new TLSSocket(socket, options).on('error', () => {});
      secure.once('data', () => askForPassword(secure));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function askForPassword(socket: Socket): void {
  socket.write(WANTS_PASSWORD);
  socket.once('data', () => socket.write(WRONG_PASSWORD));
}
