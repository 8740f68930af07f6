import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach } from 'vitest';
import { SOAK_VARIABLES } from '../support/runs.ts';

/**
 * Loaded before tests: writes what memory holds (MB) to a file, again and again and after each test:
 * a test that never waits lets no timer run. Garbage is collected first: else what is not freed yet
 * looks like growth.
 */

const EVERY_MS = 2_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const path = process.env[SOAK_VARIABLES.memory];
if (path) {
  const look = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    appendFileSync(path, `${((heapUsed + external) / 2 ** 20).toFixed(1)}\n`);
  };
  setInterval(look, EVERY_MS).unref();
  // What lies outside of the heap is given back a moment after it was collected.
  afterEach(async () => {
    collect();
    await sleep(100);
    look();
  });
}
