import { sql } from 'kysely';
import type { Db } from '../client.ts';
import { insertAudit } from './audit.ts';

/** Notes that a run of the pipeline starts, and returns its id. */
export async function insertRun(db: Db, sources: readonly string[], clock: Date): Promise<number> {
  const { id } = await db
    .insertInto('pipeline_runs')
    .values({ status: 'RUNNING', sources: JSON.stringify(sources), clock })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface RunEnd {
  readonly status: 'COMPLETED' | 'FAILED';
  readonly errorMessage: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

/** Notes how a run ended, in the audit log, too. */
export async function finishRun(db: Db, runId: number, end: RunEnd): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('pipeline_runs')
      .set({
        status: end.status,
        error_message: end.errorMessage,
        counts: JSON.stringify(end.counts),
        finished_at: sql`now()`,
      })
      .where('id', '=', runId)
      .execute();
    await insertAudit(trx, {
      action: `PIPELINE_${end.status}`,
      subject: `run:${runId}`,
      details: end.counts,
    });
  });
}
