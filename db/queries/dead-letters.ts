import { type Selectable, sql } from 'kysely';
import { LONGEST, toStoredText } from '../../pipeline/domain/stored-value.ts';
import { jsonWithoutSecrets, withoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';
import type { DeadLettersTable } from '../schema.ts';

/** A job or an item that failed for good. */
export interface DeadLetter {
  /** Null for an item that no job read. */
  readonly jobId: number | null;
  readonly source: string;
  readonly errorClass: string;
  readonly errorMessage: string;
  /** Plain JSON. */
  readonly payload: unknown;
}

/** Stores dead letters. A job that is tried again stores the same letter once. */
export async function insertDeadLetters(trx: Db, letters: readonly DeadLetter[]): Promise<void> {
  for (const letter of letters) {
    const { jobId, source, errorClass, errorMessage, payload: given } = clean(letter) as DeadLetter;
    const payload = jsonWithoutSecrets(given);
    await sql`
      INSERT INTO dead_letters (job_id, source, error_class, error_message, payload)
      SELECT ${jobId}::bigint, ${source}::text, ${errorClass}::text, ${errorMessage}::text,
        ${payload}::text::jsonb
      WHERE NOT EXISTS (SELECT FROM dead_letters WHERE job_id IS NOT DISTINCT FROM ${jobId}::bigint
        AND error_class = ${errorClass}::text AND payload = ${payload}::text::jsonb)
    `.execute(trx);
  }
}

/**
 * PostgreSQL stores neither NUL nor half a surrogate pair, which may be why the item was refused.
 */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return toStoredText(withoutSecrets(value), LONGEST.message);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(clean);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, clean(part)]));
}

/** A dead letter as it is stored. */
export type StoredLetter = Selectable<DeadLettersTable>;

/** The letters of some ids, or all, oldest first. */
export function readDeadLetters(db: Db, ids: readonly number[] | null): Promise<StoredLetter[]> {
  const query = db.selectFrom('dead_letters').selectAll().orderBy('id');
  return (ids ? query.where(sql<boolean>`id = ANY(${ids}::bigint[])`) : query).execute();
}

/** Deletes letters that were retried or given up, with an entry in the audit log for each. */
export async function removeDeadLetters(
  trx: Db,
  action: 'DEAD_LETTER_RETRIED' | 'DEAD_LETTER_DROPPED',
  ids: readonly number[],
): Promise<void> {
  await sql`
    WITH removed AS (
      DELETE FROM dead_letters WHERE id = ANY(${ids}::bigint[])
      RETURNING id, job_id, source, error_class, error_message
    )
    INSERT INTO audit_log (action, subject, details)
    SELECT ${action}::text, 'dead-letter:' || id, to_jsonb(removed) - 'id' FROM removed`.execute(
    trx,
  );
}
