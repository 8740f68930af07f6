import { setOutput } from '@actions/core';
import { countOpenJobs } from '../../db/queries/job-queue.ts';
import type { Context } from '../runtime/context.ts';

/** A worker takes about a minute to start, which pays off for this number of jobs. */
const JOBS_PER_WORKER = 5;
/** All share the same allowance of GitHub; the free plan runs 20 jobs at once. */
const MOST_WORKERS = 8;

/** The numbers of the workers for a number of open jobs; empty if no job is open. */
export function workersFor(openJobs: number): number[] {
  const count = Math.min(MOST_WORKERS, Math.ceil(openJobs / JOBS_PER_WORKER));
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** `actions:workers`: the matrix of the scrape jobs, from the queue that discovery has filled. */
export async function countWorkers({ db, log, sources }: Context): Promise<void> {
  const openJobs = await countOpenJobs(db, sources);
  const workers = workersFor(openJobs);
  setOutput('workers', JSON.stringify(workers));
  log.info({ open_jobs: openJobs, workers: workers.length }, 'workers of this run');
}
