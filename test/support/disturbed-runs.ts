import { isDeepStrictEqual } from 'node:util';
import type { Db } from '../../db/client.ts';
import { createRng, type Rng } from '../../pipeline/sources/sample/rng.ts';
import { archiveEvent, push, sha } from './archive-events.ts';
import { dumpResults } from './pipeline.ts';

/** Runs whose database goes away at random moments, and what they leave. */

const EVENTS = 150;

/** An hour in which much happens in three repositories. */
export const BUSY_HOUR = {
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-01T01:00:00Z',
  repositories: ['acme/tool0', 'acme/tool1', 'acme/tool2'],
  /** Many transactions, and jobs that are tried again at once. */
  pipelineYaml: 'batch_size: 5\nretries:\n  delays_seconds: [0, 0, 0, 0, 0]\n',
} as const;

export function inventBusyHour() {
  return Array.from({ length: EVENTS }, (_, i) => {
    const common = {
      id: `${i}`,
      actor: { id: (i % 20) + 1, login: `user${i % 20}` },
      repo: { id: 10 + (i % 3), name: `acme/tool${i % 3}` },
      created_at: new Date(Date.parse(BUSY_HOUR.from) + (i / EVENTS) * 3_600_000)
        .toISOString()
        .replace(/\.\d+/, ''),
    };
    const commit = push('refs/heads/main', [{ sha: sha(i + 1), distinct: true }]);
    const opened = { action: 'opened', pull_request: { number: i + 1 } };
    return archiveEvent({
      ...common,
      ...(i % 2 ? commit : { type: 'PullRequestEvent', payload: opened }),
    });
  });
}

/** A database of its own, and the runs on it. */
export interface Workplace {
  readonly url: string;
  readonly db: Db;
  run(): { readonly started: Promise<unknown>; readonly ended: Promise<RunEnd> };
  close(): Promise<void>;
}

export interface RunEnd {
  readonly code: number;
  /** What a process printed. */
  readonly output: string;
}

export interface DisturbedRuns {
  /** Seeds of the runs that did not end with exit code 0. */
  readonly failed: readonly number[];
  /** Those that printed a stack: nothing caught the error. */
  readonly crashed: readonly number[];
  /** Those whose tables differ, after the next run, from those of a run that nothing disturbed. */
  readonly different: readonly number[];
}

/** `runMs` is how long a run takes that nothing disturbs. */
export type Disturb = (url: string, random: Rng, runMs: number) => Promise<void>;

/** For each seed, disturbs a run on a new database; then runs again, undisturbed. */
export async function disturbRuns(
  seeds: readonly number[],
  open: () => Promise<Workplace>,
  disturb: Disturb,
): Promise<DisturbedRuns> {
  const { runMs, expected } = await runUndisturbed(open);
  const [failed, crashed, different]: [number[], number[], number[]] = [[], [], []];
  for (const seed of seeds) {
    const place = await open();
    const { started, ended } = place.run();
    await started;
    const [{ code, output }] = await Promise.all([
      ended,
      disturb(place.url, createRng(seed), runMs),
    ]);
    if (code !== 0) failed.push(seed);
    if (/^ {4}at /m.test(output)) crashed.push(seed);
    const next = await place.run().ended;
    const isSame = next.code === 0 && isDeepStrictEqual(await dumpResults(place.db), expected);
    if (!isSame) different.push(seed);
    await place.close();
  }
  return { failed, crashed, different };
}

async function runUndisturbed(open: () => Promise<Workplace>) {
  const place = await open();
  const { started, ended } = place.run();
  await started;
  const start = performance.now();
  const { code, output } = await ended;
  const runMs = performance.now() - start;
  const expected = await dumpResults(place.db);
  await place.close();
  if (code !== 0 || expected.contribution_events?.length !== EVENTS) {
    throw new Error(`the run that nothing disturbed ended with exit code ${code}: ${output}`);
  }
  return { runMs, expected };
}
