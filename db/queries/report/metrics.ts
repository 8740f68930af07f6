import { sql } from 'kysely';
import type { Db } from '../../client.ts';

/** What the metrics are made from, beside what the documents read. */

/** The failed jobs and items that are kept, by source and kind. */
export async function countErrors(db: Db) {
  return db
    .selectFrom('dead_letters')
    .select(({ fn }) => [
      'source',
      'error_class',
      fn.countAll<number>().as('errors'),
      fn.max('created_at').as('last_at'),
    ])
    .groupBy(['source', 'error_class'])
    .orderBy('source')
    .orderBy('error_class')
    .execute();
}

export function readBreakers(db: Db) {
  return db
    .selectFrom('circuit_breakers')
    .select(['source', 'state', 'failures'])
    .orderBy('source')
    .execute();
}

/** The events of a run's jobs by source, and what was kept of them. */
export async function readEventsOfRun(db: Db, runId: number) {
  return db
    .selectFrom('scrape_jobs')
    .where('run_id', '=', runId)
    .select(['source', 'status'])
    .select(({ fn }) => [
      fn.countAll<number>().as('jobs'),
      sql<number>`sum(events_processed)::bigint`.as('events'),
      sql<number>`sum(contributions_kept)::bigint`.as('kept'),
      sql<number>`coalesce(sum((skipped ->> 'constraint')::bigint), 0)::bigint`.as('refused'),
    ])
    .groupBy(['source', 'status'])
    .orderBy('source')
    .orderBy('status')
    .execute();
}

/** Requests to GitHub's API of a UTC date. */
export async function readUsageOf(db: Db, day: string) {
  return db
    .selectFrom('github_usage')
    .where('used_on', '=', day)
    .select([
      sql<number>`coalesce(sum(points), 0)::bigint`.as('points'),
      sql<number>`coalesce(sum(requests), 0)::bigint`.as('requests'),
      sql<number>`coalesce(sum(recheck_points), 0)::bigint`.as('recheck_points'),
      sql<number>`coalesce(sum(recheck_requests), 0)::bigint`.as('recheck_requests'),
    ])
    .executeTakeFirstOrThrow();
}

/** Runs by how they ended. */
export function countRuns(db: Db) {
  return db
    .selectFrom('pipeline_runs')
    .select(({ fn }) => ['status', fn.countAll<number>().as('runs')])
    .groupBy('status')
    .orderBy('status')
    .execute();
}
