import type { Db } from '../client.ts';
import { takeLock } from '../transactions.ts';
import { insertJobs, type NewJob } from './jobs.ts';

/** Up to which job the queue was known when a plan was begun. */
export async function readLastJobId(db: Db): Promise<number> {
  const { last } = await db
    .selectFrom('scrape_jobs')
    .select(({ fn, val }) => fn.coalesce(fn.max<number>('id'), val(0)).as('last'))
    .executeTakeFirstOrThrow();
  return last;
}

/**
 * Queues what was planned, all or nothing, without the repositories that somebody else has queued
 * for the source since the plan was begun: what is queued twice is read, and paid for, twice.
 * Returns what was queued.
 */
export async function queueJobs(
  db: Db,
  runId: number | null,
  planned: readonly NewJob[],
  lastJobId: number,
): Promise<NewJob[]> {
  return await db.transaction().execute(async (trx) => {
    await takeLock(trx, 'jobQueue');
    const taken = await readTaken(trx, lastJobId);
    const jobs = planned
      .map((job) => ({
        ...job,
        repositoryIds: job.repositoryIds.filter((id) => !taken.get(job.source)?.has(id)),
      }))
      .filter((job) => job.repositoryIds.length > 0);
    await insertJobs(trx, runId, jobs);
    return jobs;
  });
}

/** The repositories of jobs that are open or came after a moment, by source. */
async function readTaken(trx: Db, lastJobId: number): Promise<Map<string, Set<number>>> {
  const jobs = await trx
    .selectFrom('scrape_jobs')
    .select(['source', 'repository_ids'])
    .where((expression) =>
      expression.or([
        expression('status', 'in', ['QUEUED', 'RUNNING', 'RETRYING']),
        expression('id', '>', lastJobId),
      ]),
    )
    .execute();
  const bySource = Map.groupBy(jobs, ({ source }) => source);
  return new Map(
    [...bySource].map(([source, rows]) => [
      source,
      new Set(rows.flatMap(({ repository_ids }) => repository_ids)),
    ]),
  );
}
