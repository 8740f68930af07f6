import { sql } from 'kysely';
import { LAST_STAGE, type LogLine, type StageEnd } from '../../pipeline/domain/run.ts';
import { LONGEST, toStoredText } from '../../pipeline/domain/stored-value.ts';
import { jsonWithoutSecrets, withoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';

/** Most characters of the fields of a line; they are left out above that. */
const LONGEST_FIELDS = 20_000;

/** Stores lines of the log of a run, in one statement. */
export async function insertRunLog(
  db: Db,
  runId: number,
  lines: readonly LogLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await db
    .insertInto('run_log')
    .values(
      lines.map(({ at, level, stage, jobId, message, fields }) => ({
        run_id: runId,
        at,
        level,
        stage,
        job_id: jobId,
        message: toStoredText(withoutSecrets(message), LONGEST.message),
        fields: fieldsOf(fields),
      })),
    )
    .execute();
}

function fieldsOf(fields: LogLine['fields']): string {
  const text = jsonWithoutSecrets(fields);
  return text.length > LONGEST_FIELDS ? '{}' : text;
}

const published = (db: Db, runId: number) =>
  db
    .selectFrom('run_log')
    .where('run_id', '=', runId)
    .where(sql<boolean>`stage IS DISTINCT FROM ${LAST_STAGE}`);

/** The number of lines of a run that are published. */
export async function countRunLog(db: Db, runId: number): Promise<number> {
  const { lines } = await published(db, runId)
    .select(({ fn }) => fn.countAll<number>().as('lines'))
    .executeTakeFirstOrThrow();
  return lines;
}

/** The last lines of a run, the oldest first. */
export async function readRunLog(db: Db, runId: number, limit: number) {
  const rows = await published(db, runId)
    .select(['at', 'level', 'stage', 'job_id', 'message', 'fields'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed();
}

export type RunLogRow = Awaited<ReturnType<typeof readRunLog>>[number];

/** The ended stages of a run in their order; a stage with several workers has several. */
export async function readStages(db: Db, runId: number): Promise<StageEnd[]> {
  const { rows } = await sql<StageEnd>`
    SELECT stage, fields ->> 'ended' AS status, (fields ->> 'seconds')::float8 AS seconds,
      fields ->> 'error_class' AS "errorClass", fields ->> 'error' AS message
    FROM run_log
    WHERE run_id = ${runId} AND stage IS DISTINCT FROM ${LAST_STAGE}
      AND fields ->> 'ended' IN ('COMPLETED', 'FAILED')
    ORDER BY id
  `.execute(db);
  return rows;
}

/** How long each stage took in the last run that has completed it, in seconds. */
export async function readLastDurations(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ stage: string; seconds: number }>`
    SELECT DISTINCT ON (stage) stage, (fields ->> 'seconds')::float8 AS seconds
    FROM run_log
    WHERE run_id > (SELECT max(id) - 10 FROM pipeline_runs)
      AND stage IS NOT NULL AND fields ->> 'ended' = 'COMPLETED'
    ORDER BY stage, id DESC
  `.execute(db);
  return new Map(rows.map(({ stage, seconds }) => [stage, seconds]));
}
