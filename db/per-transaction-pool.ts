import type { PostgresPool, PostgresPoolClient } from 'kysely';

type Query = (text: string, values?: readonly unknown[]) => Promise<unknown>;

/** Can't be run in a transaction. It reads and writes no values. */
const WITHOUT_TRANSACTION = /^\s*VACUUM\b/i;

/**
 * A pool behind a pooler, where each transaction may get another connection of the server, and any
 * of them may have another client's settings: `set` is run at the start of each transaction, and a
 * statement by itself gets a transaction of its own.
 */
export function perTransaction(pool: PostgresPool, set: string): PostgresPool {
  return {
    connect: async () => wrap((await pool.connect()) as PostgresPoolClient, set),
    end: () => pool.end(),
    options: pool.options,
  };
}

function wrap(client: PostgresPoolClient, set: string): PostgresPoolClient {
  const send = client.query.bind(client) as unknown as Query;
  const begin = async (text: string) => {
    const isolated = text === 'begin' ? 'begin isolation level read committed' : text;
    return send(`${isolated}; ${set}`).catch(async (error) => {
      await send('rollback').catch(() => {});
      throw error;
    });
  };
  let isInside = false;
  const query: Query = async (text, values) => {
    if (/^(begin|start transaction)\b/.test(text)) {
      const result = await begin(text);
      isInside = true;
      return result;
    }
    if (/^(commit|rollback)$/.test(text)) isInside = false;
    const isOurs = isInside || /^(commit|rollback)$/.test(text) || WITHOUT_TRANSACTION.test(text);
    return isOurs ? send(text, values) : alone(begin, send, text, values);
  };
  return Object.create(client, {
    query: { value: query },
    release: { value: client.release.bind(client) },
  });
}

async function alone(
  begin: (text: string) => Promise<unknown>,
  send: Query,
  text: string,
  values?: readonly unknown[],
): Promise<unknown> {
  await begin('begin');
  try {
    const result = await send(text, values);
    await send('commit');
    return result;
  } catch (error) {
    // If the connection is gone as well, the first error is the one to report.
    await send('rollback').catch(() => {});
    throw error;
  }
}
