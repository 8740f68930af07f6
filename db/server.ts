import type { PostgresPool } from 'kysely';
import { Client, type ClientConfig, DatabaseError, Pool, types as pgTypes } from 'pg';
import { markLostConnection } from './lost-connection.ts';
import { TYPE_PARSERS } from './parsers.ts';
import { perTransaction } from './per-transaction-pool.ts';
import { readSession, type Session, setStatements, startOptions } from './session.ts';

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
export async function openServer(url: string): Promise<PostgresPool> {
  const session = await readServerSession(url);
  const pool = new Pool({
    ...addressOf(url, session.keepsOptions ? startOptions(session) : ''),
    Client: LastingClient,
    max: Math.min(POOL_SIZE, session.connectionLimit ?? POOL_SIZE),
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
  const open = pool as unknown as PostgresPool;
  return session.keepsOptions ? open : perTransaction(pool, setStatements(session, 'LOCAL'));
}

/** The address, with options for the server process beside those that it has. */
function addressOf(address: string, options: string) {
  const url = withPlainSslMode(address);
  const given = /([?&]options=)([^&#]*)/.exec(url);
  if (!given) {
    const all = [process.env.PGOPTIONS, options].filter(Boolean).join(' ');
    return { connectionString: url, options: all };
  }
  const [parameter, start = '', value = ''] = given;
  const all = `${value}${encodeURIComponent(` ${options}`)}`;
  return { connectionString: url.replace(parameter, () => `${start}${all}`) };
}

/**
 * Classes of errors that have nothing to do with the options: who may come in, a database that is
 * not there, no connection left, a server that starts or stops.
 */
const REFUSED_ANYWAY = /^(28|3D|53|57)/;

/** Tries a connection with our options, and, where a pooler refuses them, one without. */
async function readServerSession(url: string): Promise<Session> {
  try {
    return await connectOnce(url, startOptions({ version: 0, schemas: [] }));
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : undefined;
    if (code === undefined || REFUSED_ANYWAY.test(code)) throw error;
    return connectOnce(url, '');
  }
}

async function connectOnce(url: string, options: string): Promise<Session> {
  const client = new LastingClient({
    ...addressOf(url, options),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await new Promise<void>((done, fail) =>
    client.connect((error: Error | null) => (error ? fail(error) : done())),
  );
  try {
    return await readSession((text) => client.query(text));
  } finally {
    await client.end();
  }
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
