import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SiteError } from './options.ts';
import { readIndex } from './src/lib/documents.ts';
import type { Shell } from './src/many/page.ts';
import { listUnits } from './src/many/units.ts';
import type { WriteEnd, WriteJob } from './src/many/write.ts';

/** A thread pays from about so many people on; each takes memory of its own. */
const PEOPLE_A_THREAD = 1_000;
const MOST_THREADS = 4;

/**
 * Writes the pages of which there are many into the shells, in several threads.
 * @param onStart gets a function that says which share of the work is done, 0 to 1
 * @returns how many pages were written
 * @throws SiteError for a document that is missing or wrong
 */
export async function writeManyPages(
  out: string,
  shells: Readonly<Record<Shell, readonly string[]>>,
  onStart: (share: () => number) => void,
): Promise<number> {
  const units = listUnits().length;
  const progress = new Int32Array(new SharedArrayBuffer(8));
  onStart(() => Atomics.load(progress, 1) / units);
  const wanted = Math.ceil(readIndex().contributors.length / PEOPLE_A_THREAD);
  const threads = Math.max(1, Math.min(wanted, MOST_THREADS, availableParallelism()));
  const written = await Promise.all(
    Array.from({ length: threads }, () => runThread({ out, shells, progress }, units)),
  );
  return written.reduce((sum, pages) => sum + pages, 0);
}

/** When one thread fails, the others find no unit any more. */
function runThread(job: WriteJob, units: number): Promise<number> {
  const worker = new Worker(new URL('src/many/write.ts', import.meta.url), { workerData: job });
  const ended = new Promise<number>((done, fail) => {
    worker.once('message', (end: WriteEnd) => {
      if ('pages' in end) done(end.pages);
      else fail(new SiteError(end.mistake));
    });
    worker.once('error', fail);
    worker.once('exit', (code) => fail(new Error(`a thread ended with ${code}`)));
  });
  ended.catch(() => Atomics.store(job.progress, 0, units));
  return ended;
}
