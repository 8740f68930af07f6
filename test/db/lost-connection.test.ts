import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import type { Db } from '../../db/client.ts';
import { isLostConnection, markLostConnection, withReconnects } from '../../db/lost-connection.ts';
import { classifyError } from '../../pipeline/domain/error-class.ts';
import { useDatabase } from '../support/databases.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const { signal } = new AbortController();

describe.runIf(inject('postgresUrl'))('a connection that ends', () => {
  const database = useDatabase('server');
  const thrownBy = (run: () => Promise<unknown>) => run().catch((error: unknown) => error);
  const processOf = async (db: Db) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
    return rows[0]?.pid ?? 0;
  };
  const select = (db: Db) => sql`SELECT 1`.execute(db);

  it.each([
    ['between two statements', async () => {}],
    ['in a statement', (trx: Db) => sql`SELECT pg_sleep(10)`.execute(trx)],
  ])('%s fails the transaction, and the next one has another', async (_, work) => {
    const { db } = database;
    const error = await thrownBy(() =>
      db.transaction().execute(async (trx) => {
        const pid = await processOf(trx);
        const terminated = sql`SELECT pg_terminate_backend(${pid}, 1000)`.execute(db);
        await Promise.all([work(trx), terminated]);
        await select(trx);
      }),
    );
    expect([isLostConnection(error), classifyError(error)]).toEqual([true, 'connection']);
    await select(db);
  });

  it('because its transaction idles too long fails that transaction', async () => {
    const error = await thrownBy(() =>
      database.db.transaction().execute(async (trx) => {
        await sql`SET LOCAL idle_in_transaction_session_timeout = 50`.execute(trx);
        await new Promise((resolve) => setTimeout(resolve, 200));
        await select(trx);
      }),
    );
    expect([isLostConnection(error), classifyError(error)]).toEqual([true, 'connection']);
  });

  it('makes its work start again', async () => {
    let attempts = 0;
    const work = () =>
      database.db.transaction().execute(async (trx) => {
        attempts += 1;
        const pid = await processOf(trx);
        if (attempts < 3) await sql`SELECT pg_terminate_backend(${pid})`.execute(trx);
        return pid;
      });
    const reconnectDelaysMs = [1, 1, 1];
    await withReconnects('test', { log, signal, reconnectDelaysMs }, work);
    expect(attempts).toBe(3);
  });
});

describe('withReconnects', () => {
  const lost = () =>
    markLostConnection(Object.assign(new Error('gone'), { code: '57P01' })) as Error;

  it('throws the last failure after the last wait', async () => {
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      throw new Error('a stage', { cause: lost() });
    };
    const run = withReconnects('test', { log, signal, reconnectDelaysMs: [1, 1] }, work);
    await expect(run).rejects.toThrow('a stage');
    expect(attempts).toBe(3);
  });

  it.each([
    ['a lost connection to another server', 'ECONNRESET'],
    ['a constraint', '23505'],
  ])('does not repeat %s', async (_, code) => {
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      throw Object.assign(new Error('other'), { code });
    };
    await expect(withReconnects('test', { log, signal }, work)).rejects.toThrow('other');
    expect(attempts).toBe(1);
  });

  it('ends its wait when the run is stopped', async () => {
    const stop = new AbortController();
    const work = async () => {
      setTimeout(() => stop.abort(), 10);
      throw lost();
    };
    const run = withReconnects(
      'test',
      { log, signal: stop.signal, reconnectDelaysMs: [60_000] },
      work,
    );
    await expect(run).rejects.toThrow(/abort/i);
  });
});
