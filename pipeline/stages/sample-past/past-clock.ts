import type { Db } from '../../../db/client.ts';
import { moveToPast } from '../../../db/queries/past-runs.ts';
import type { LogLine } from '../../domain/run.ts';
import { SECOND_MS } from '../../domain/time.ts';

/** A run of the past as it is written: its clock, and its log. */
export interface PastRun {
  readonly db: Db;
  readonly id: number;
  readonly lines: readonly LogLine[];
  /** The moment that its clock shows. */
  now(): Date;
  /** Moves its clock on. */
  wait(seconds: number): void;
  /** Does something, and moves what it has written to the moment of the clock. */
  step<T>(work: (now: Date) => Promise<T>): Promise<T>;
  log(line: Pick<LogLine, 'message'> & Partial<LogLine>): void;
}

/** @param since see `moveToPast` */
export function createPastRun(db: Db, id: number, startedAt: Date, since: Date): PastRun {
  let now = startedAt;
  const lines: LogLine[] = [];
  return {
    ...{ db, id, lines },
    now: () => now,
    wait(seconds) {
      now = new Date(now.getTime() + seconds * SECOND_MS);
    },
    async step(work) {
      const result = await work(now);
      await moveToPast(db, id, since, now);
      return result;
    },
    log: (line) =>
      lines.push({ at: now, level: 'info', stage: null, jobId: null, fields: {}, ...line }),
  };
}
