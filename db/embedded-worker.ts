import { parentPort } from 'node:worker_threads';
import { openEmbedded } from './embedded.ts';
import type { ThreadAnswer, ThreadRequest } from './embedded-thread.ts';

/** The thread of `embedded-thread.ts`. */

const { pglite } = await openEmbedded('memory:');

parentPort?.on('message', async ({ id, method, text, values }: ThreadRequest) => {
  const answer = (message: ThreadAnswer) => parentPort?.postMessage(message);
  try {
    const result = await (method === 'query' ? pglite.query(text, [...values]) : pglite.exec(text));
    answer({ id, result });
  } catch (error) {
    // A copy of an error between threads has its message alone.
    answer({ id, error: { ...(error as Error), message: (error as Error).message } });
  }
});
