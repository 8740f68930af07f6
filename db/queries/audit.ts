import { jsonWithoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';

/** An action that an operator may want to trace. */
export interface AuditEntry {
  /** Default: now, by the clock of the database. */
  readonly at?: Date;
  /** What happened, `BUDGET_RESERVED`. */
  readonly action: string;
  /** What was concerned, `job:12`. */
  readonly subject: string | null;
  readonly details: unknown;
}

export async function insertAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({ ...entry, details: jsonWithoutSecrets(entry.details) })
    .execute();
}

/** Stores an action that concerns a job, if there is one. */
export async function insertJobAudit(
  db: Db,
  action: string,
  jobId: number | null,
  details: unknown,
  at: Date,
): Promise<void> {
  await insertAudit(db, { at, action, subject: jobId === null ? null : `job:${jobId}`, details });
}
