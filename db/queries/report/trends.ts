import { sql } from 'kysely';
import { LAST_STAGE } from '../../../pipeline/domain/run.ts';
import type { Db } from '../../client.ts';
import { eligibleContributions } from '../eligible-contributions.ts';

/** What the last runs and days were like. */

/** How long the stages of some runs took, in seconds and in their order; of workers, together. */
export async function readStageSeconds(db: Db, runIds: readonly number[]) {
  const { rows } = await sql<{ run_id: number; stage: string; seconds: number }>`
    SELECT run_id, stage, sum((fields ->> 'seconds')::float8) AS seconds
    FROM run_log
    WHERE run_id = ANY(${runIds}::bigint[]) AND stage IS DISTINCT FROM ${LAST_STAGE}
      AND fields ->> 'ended' IN ('COMPLETED', 'FAILED')
    GROUP BY run_id, stage ORDER BY run_id, min(id)`.execute(db);
  return rows;
}

/** The jobs of some runs: how they ended, how many were tried again, and what they read. */
export async function readJobsOfRuns(db: Db, runIds: readonly number[]) {
  const { rows } = await sql<JobsOfRun>`
    SELECT run_id,
      count(*) FILTER (WHERE status = 'COMPLETED') AS completed,
      count(*) FILTER (WHERE status = 'FAILED') AS failed,
      count(*) FILTER (WHERE status IN ('QUEUED', 'RUNNING', 'RETRYING')) AS open,
      count(*) FILTER (WHERE 'job:' || id IN (
        SELECT subject FROM audit_log WHERE action = 'JOB_RETRYING' AND details ? 'error_class'
      )) AS tried_again,
      sum(events_processed)::bigint AS events, sum(contributions_kept)::bigint AS kept
    FROM scrape_jobs WHERE run_id = ANY(${runIds}::bigint[]) GROUP BY run_id`.execute(db);
  return rows;
}

interface JobsOfRun {
  readonly run_id: number;
  readonly completed: number;
  readonly failed: number;
  readonly open: number;
  readonly tried_again: number;
  readonly events: number;
  readonly kept: number;
}

/** Contributions that count by UTC day, since a day (`YYYY-MM-DD`); days without any are absent. */
export async function readContributionDays(db: Db, now: Date, since: string) {
  const { rows } = await sql<{ date: string; contributions: number }>`
    SELECT (occurred_at AT TIME ZONE 'UTC')::date AS date, count(*) AS contributions
    FROM ${eligibleContributions(now)} AS c
    WHERE occurred_at >= ${`${since}T00:00:00Z`}::timestamptz
    GROUP BY 1 ORDER BY 1`.execute(db);
  return rows;
}

/** Points and requests of GitHub's rate limit by UTC day, since a day; days without any are absent. */
export function readUsageDays(db: Db, since: string) {
  return db
    .selectFrom('github_usage')
    .where('used_on', '>=', since)
    .select([
      'used_on as date',
      sql<number>`sum(points)::bigint`.as('points'),
      sql<number>`sum(requests)::bigint`.as('requests'),
    ])
    .groupBy('used_on')
    .orderBy('used_on')
    .execute();
}

/** The breakers of all sources, with when each opened and closed last, as the audit log has it. */
export async function readBreakerChanges(db: Db) {
  const last = (action: string) => sql`(
    SELECT max(at) FROM audit_log
    WHERE action = ${action} AND subject = 'source:' || b.source)`;
  const { rows } = await sql<BreakerChanges>`
    SELECT source, state, failures, ${last('BREAKER_OPENED')} AS opened_at,
      ${last('BREAKER_CLOSED')} AS closed_at
    FROM circuit_breakers b ORDER BY source`.execute(db);
  return rows;
}

interface BreakerChanges {
  readonly source: string;
  readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  readonly failures: number;
  readonly opened_at: Date | null;
  readonly closed_at: Date | null;
}

/**
 * Attempts at jobs that failed, newest first. One is solved by the end of the first job from then on
 * that read as much of the same repositories: the same job, or one of a later run.
 */
export async function readFailures(db: Db, limit: number) {
  const { rows } = await sql<Failure>`
    SELECT a.at, j.source, a.details ->> 'error_class' AS error_class, j.id AS job_id,
      (a.details ->> 'attempt')::integer AS attempt,
      (SELECT min(later.finished_at) FROM scrape_jobs later
        WHERE later.source = j.source AND later.id >= j.id AND later.status = 'COMPLETED'
          AND later.repository_ids @> j.repository_ids
          AND later.window_from <= j.window_from AND later.window_to >= j.window_to) AS solved_at
    FROM audit_log a JOIN scrape_jobs j ON a.subject = 'job:' || j.id
    WHERE a.action IN ('JOB_RETRYING', 'JOB_FAILED', 'JOB_BUDGET_EXCEEDED')
      AND a.details ? 'error_class'
    ORDER BY a.id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

interface Failure {
  readonly at: Date;
  readonly source: string;
  readonly error_class: string;
  readonly job_id: number;
  /** 1 is the first. */
  readonly attempt: number;
  readonly solved_at: Date | null;
}
