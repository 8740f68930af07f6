import type { PostgresPool } from 'kysely';
import { Client, type ClientConfig, Pool, types as pgTypes } from 'pg';
import { markLostConnection } from './lost-connection.ts';
import { TYPE_PARSERS } from './parsers.ts';

/**
 * Most connections of one process: workers of one machine, below the limits of small hosted plans.
 */
const POOL_SIZE = 8;
const CONNECT_TIMEOUT_MS = 15_000;
/** A server that fell silent is asked for a sign of life after this time. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Opens connections to a server as they are needed. A connection that ends makes its query fail,
 * or the next one, with an error that `isLostConnection` knows; it never ends the process.
 */
export function openServer(url: string): PostgresPool {
  const pool = new Pool({
    connectionString: withPlainSslMode(url),
    Client: LastingClient,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: {
      getTypeParser: ((oid: number, format: 'text' | 'binary') =>
        TYPE_PARSERS[oid] ?? pgTypes.getTypeParser(oid, format)) as typeof pgTypes.getTypeParser,
    },
  });
  // A server that stops closes idle connections; the pool opens new ones.
  pool.on('error', () => {});
  return pool as unknown as PostgresPool;
}

/**
 * The driver treats `prefer`, `require` and `verify-ca` as `verify-full`, with a long warning:
 * this names what happens, and so needs no warning.
 */
function withPlainSslMode(url: string): string {
  if (/[?&]uselibpqcompat=true(?:&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/g, '$1verify-full');
}

type Connected = (error: Error | null, client?: Client) => void;
type Run = (...args: unknown[]) => unknown;

/** A connection whose end is an error of its queries. */
class LastingClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    let reason: Error | undefined;
    this.on('error', (error) => {
      reason ??= error;
    });
    const query = this.query.bind(this) as Run;
    const connect = this.connect.bind(this) as (connected: Connected) => void;
    const methods = {
      async query(...args: unknown[]) {
        try {
          return await query(...args);
        } catch (error) {
          throw markLostConnection(error, reason);
        }
      },
      connect: (connected: Connected) =>
        connect((error, client) => {
          if (error) this.#abandon(error);
          connected(error, client);
        }),
    };
    Object.assign(this, methods);
  }

  /** Closes the socket: a server that waits for a password would hold it, and the process. */
  #abandon(error: Error): void {
    markLostConnection(error);
    (this.connection as unknown as { stream: { destroy(): void } }).stream.destroy();
  }
}
