import { sql } from 'kysely';
import { LONGEST, toStoredText } from '../../pipeline/domain/stored-value.ts';
import { withoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';
import { insertAudit } from './audit.ts';

/** Stores that a run of the pipeline starts, and returns its id. */
export async function insertRun(
  db: Db,
  sources: readonly string[],
  clock: Date,
  externalId: string | null = null,
): Promise<number> {
  const { id } = await db
    .insertInto('pipeline_runs')
    .values({ status: 'RUNNING', sources: JSON.stringify(sources), clock, external_id: externalId })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The last run of a workflow's run, `github:123`; null: none has begun. */
export async function findRun(db: Db, externalId: string): Promise<number | null> {
  const row = await db
    .selectFrom('pipeline_runs')
    .where('external_id', '=', externalId)
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The longest that a run can last: GitHub Actions ends a job after six hours. */
const LONGEST_RUN_HOURS = 6;

/**
 * Fails the runs that were killed and so could not store their end; returns their ids.
 * If no other process uses the database (`isAlone`), that is every run which has not ended. On a
 * server other processes may be running: there a run must be older than a run can be, and no
 * worker may hold a job, as a longer run on another machine does for most of its time. If such a
 * run still goes on, its own end replaces this one.
 */
export async function endInterruptedRuns(
  db: Db,
  { isAlone }: { readonly isAlone: boolean },
): Promise<number[]> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number }>`
      UPDATE pipeline_runs
      SET status = 'FAILED', error_message = 'interrupted', finished_at = now()
      WHERE status = 'RUNNING' AND (${isAlone}::boolean OR (
        started_at < now() - make_interval(hours => ${LONGEST_RUN_HOURS})
        AND NOT EXISTS (SELECT FROM scrape_jobs WHERE status = 'RUNNING' AND lease_until > now())))
      RETURNING id
    `.execute(trx);
    const ids = rows.map(({ id }) => id).toSorted((a, b) => a - b);
    for (const id of ids) await auditEnd(trx, id, 'FAILED', {});
    return ids;
  });
}

export interface RunEnd {
  readonly status: 'COMPLETED' | 'FAILED';
  readonly errorMessage: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

/** Stores how a run ended, also in the audit log. */
export async function finishRun(db: Db, runId: number, end: RunEnd): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('pipeline_runs')
      .set({
        status: end.status,
        error_message:
          end.errorMessage && toStoredText(withoutSecrets(end.errorMessage), LONGEST.message),
        counts: JSON.stringify(end.counts),
        finished_at: sql`now()`,
      })
      .where('id', '=', runId)
      .execute();
    await auditEnd(trx, runId, end.status, end.counts);
  });
}

function auditEnd(trx: Db, runId: number, status: RunEnd['status'], counts: RunEnd['counts']) {
  return insertAudit(trx, {
    action: `PIPELINE_${status}`,
    subject: `run:${runId}`,
    details: counts,
  });
}
