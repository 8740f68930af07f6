import { sql } from 'kysely';
import type { Gap } from '../../pipeline/domain/gaps.ts';
import { earlierOf } from '../../pipeline/domain/window.ts';
import type { Db } from '../client.ts';
import type { Job, JobCounts } from './jobs.ts';
import { recordReading, toGap } from './windows.ts';

/** How far a job is: everything before `resumeAt` was read and is stored. */
export interface Checkpoint {
  readonly resumeAt: Date;
  /** What could not be read before it. */
  readonly gaps: readonly Gap[];
  readonly counts: JobCounts;
}

/** The checkpoint of a job as it was claimed; null: it begins at the start of its window. */
export function checkpointOf({ checkpoint }: Pick<Job, 'checkpoint'>): Checkpoint | null {
  if (checkpoint === null) return null;
  return {
    resumeAt: new Date(checkpoint.resume_at),
    gaps: checkpoint.gaps.map(toGap),
    counts: checkpoint.counts,
  };
}

/** The columns of a job that has come so far: attempts are counted from here on. */
export function checkpointColumns({ resumeAt, gaps, counts }: Checkpoint) {
  return { checkpoint: JSON.stringify({ resume_at: resumeAt, gaps, counts }), attempts: 1 };
}

/** Notes as read what a job that is given up had read, so that the next one goes on from there. */
export async function recordReadPart(trx: Db, job: Job): Promise<void> {
  const checkpoint = checkpointOf(job);
  if (!checkpoint) return;
  // A repository may have become one with another since.
  const repositories = await trx
    .selectFrom('repositories')
    .select('id')
    .where(sql<boolean>`id = ANY(${job.repository_ids}::bigint[])`)
    .execute();
  const window = { from: job.window_from, to: earlierOf(checkpoint.resumeAt, job.window_to) };
  await recordReading(trx, {
    source: job.source,
    repositoryIds: repositories.map(({ id }) => id),
    window,
    gaps: checkpoint.gaps,
  });
}
