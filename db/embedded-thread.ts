import { Worker } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import type { PGliteDialectConfig } from 'kysely';

/** What the thread is asked, by the methods of its PostgreSQL. */
export interface ThreadRequest {
  readonly id: number;
  readonly method: 'query' | 'exec';
  readonly text: string;
  readonly values: readonly unknown[];
}

export type ThreadAnswer = { readonly id: number } & (
  | { readonly result: unknown }
  | { readonly error: { readonly message: string; readonly code?: string } }
);

type Queries = Pick<PGlite, 'query' | 'exec'>;

/** What is used of an embedded PostgreSQL: its own queries, and what Kysely calls. */
export type UsedPGlite = Queries & Extract<PGliteDialectConfig['pglite'], { ready: boolean }>;

/**
 * An embedded PostgreSQL in memory, in a thread of its own. Making one takes seconds, in which the
 * caller goes on; what is asked before waits. For one user: a transaction keeps out nobody else.
 */
export function startEmbeddedThread(): UsedPGlite {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url));
  const ask = askThread(worker);
  const queries = {
    query: (text: string, values: readonly unknown[] = []) => ask('query', text, values),
    exec: (text: string) => ask('exec', text, []),
  } as Queries;
  const pglite: UsedPGlite = {
    ...queries,
    closed: false,
    ready: true,
    waitReady: Promise.resolve(),
    transaction: (run) => runTransaction(queries, run),
    close: async () => {
      pglite.closed = true;
      await worker.terminate();
    },
  };
  return pglite;
}

function askThread(worker: Worker) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  const rejectAll = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: ThreadAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('result' in answer) asked?.resolve(answer.result);
    else asked?.reject(Object.assign(new Error(answer.error.message), answer.error));
  });
  worker.on('error', rejectAll);
  worker.on('exit', () => rejectAll(new Error('the thread of the database has ended')));
  return (method: ThreadRequest['method'], text: string, values: readonly unknown[]) => {
    last += 1;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(last, asked);
    worker.postMessage({ id: last, method, text, values } satisfies ThreadRequest);
    return asked.promise;
  };
}

async function runTransaction<T>(queries: Queries, run: (trx: never) => Promise<T>): Promise<T> {
  await queries.exec('BEGIN');
  try {
    const result = await run(queries as never);
    await queries.exec('COMMIT');
    return result;
  } catch (error) {
    await queries.exec('ROLLBACK');
    throw error;
  }
}
