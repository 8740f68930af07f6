import { type RawBuilder, sql } from 'kysely';
import { jsonWithoutSecrets } from '../../pipeline/util/secrets.ts';

/**
 * What became of jobs, for the audit log: `JOB_RUNNING`, `JOB_FAILED`, … A statement that changes
 * the status of jobs returns them as `moved` and stores these entries itself, so that no transition
 * is without one.
 */

/** Columns that `moved` must have. */
export const MOVED = ['id', 'status', 'attempts'] as const;

const ACTION = sql<string>`'JOB_' || moved.status`;
const SUBJECT = sql<string>`'job:' || moved.id`;

const withAttempt = (details: RawBuilder<unknown>) =>
  sql<string>`jsonb_build_object('attempt', moved.attempts) || ${details}`;

/** The three columns of an entry, for `insertInto('audit_log')`. */
export function entryOfMoved(details: unknown) {
  const json = sql`${jsonWithoutSecrets(details)}::text::jsonb`;
  return [ACTION.as('action'), SUBJECT.as('subject'), withAttempt(json).as('details')] as const;
}

/** The statement that stores them. */
export const noteMoved = (details: RawBuilder<unknown>) => sql`
  INSERT INTO audit_log (action, subject, details)
  SELECT ${ACTION}, ${SUBJECT}, ${withAttempt(details)} FROM moved`;
