import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A pooler before a server. */
export interface Pooler {
  /** The address of a database, with the pooler in the place of its server. */
  address(url: string): string;
  close(): Promise<void>;
}

const withPort = (url: string, port: number) => {
  const address = new URL(url);
  address.host = `127.0.0.1:${port}`;
  return address.toString();
};

/** Refuses options at the start of a connection, as PgBouncer does, and passes on all else. */
export async function startRefusingPooler(serverUrl: string): Promise<Pooler> {
  const { hostname, port } = new URL(serverUrl);
  const server = createServer((client) => {
    client.on('error', () => {});
    client.once('data', (first) => {
      if (first.includes('\0options\0')) {
        client.end(refusal('08P01', 'unsupported startup parameter: options'));
        return;
      }
      const upstream = connect(Number(port), hostname);
      upstream.on('error', () => client.destroy());
      upstream.write(first);
      upstream.pipe(client).pipe(upstream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    address: (url) => withPort(url, own),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The ErrorResponse of PostgreSQL's protocol. */
function refusal(code: string, message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Where nothing may be skipped, a test without it fails. */
export const hasPgBouncer =
  process.env.LEADERBOARD_REQUIRE_ALL === '1' || spawnSync('pgbouncer', ['--version']).status === 0;

/**
 * PgBouncer with one connection to the server, so that its clients take turns on it. The last mode
 * is `transaction`, with options at the start of a connection ignored.
 */
export async function startPgBouncer(
  serverUrl: string,
  mode: 'session' | 'transaction' | 'ignoring',
  port: number,
): Promise<Pooler> {
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-pooler-'));
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${serverPort} user=${username} password=${password}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    `auth_type = any\npool_mode = ${mode === 'session' ? mode : 'transaction'}`,
    ...(mode === 'ignoring' ? ['ignore_startup_parameters = options'] : []),
    `default_pool_size = ${mode === 'session' ? 10 : 1}`,
  ];
  writeFileSync(join(folder, 'pgbouncer.ini'), settings.join('\n'));
  // It refuses to run as root.
  spawnSync('chmod', ['-R', 'a+rX', folder]);
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('pgbouncer', [...user, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' });
  await answers(port);
  return {
    address: (url) => withPort(url, port),
    close: async () => {
      child.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => resolve(true));
      probe.once('error', () => resolve(false)).once('connect', () => probe.destroy());
    });
    if (isOpen) return;
    await delay(100);
  }
  throw new Error(`nothing listens on port ${port}`);
}
