import type { Db } from '../client.ts';

/** A thing that an operator may want to trace. */
export interface AuditEntry {
  /** Now, by the clock of the database, where none is given. */
  readonly at?: Date;
  /** What happened, `BUDGET_RESERVED`. */
  readonly action: string;
  /** What it happened to, `job:12`. */
  readonly subject: string | null;
  readonly details: unknown;
}

export async function insertAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({ ...entry, details: JSON.stringify(entry.details) })
    .execute();
}

/** The same for a thing that happened to a job, where there is one. */
export async function insertJobAudit(
  db: Db,
  action: string,
  jobId: number | null,
  details: unknown,
  at: Date,
): Promise<void> {
  await insertAudit(db, { at, action, subject: jobId === null ? null : `job:${jobId}`, details });
}
