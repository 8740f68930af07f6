import { sql } from 'kysely';
import type { Db } from '../client.ts';

/** The lock of a run: a row with a lease, since a session's lock is lost behind some poolers. */

/** A holder that does not renew its lease for this long has lost the lock. */
export const LOCK_LEASE_SECONDS = 60;

export interface LockHolder {
  /** The same for all that belong to one run. */
  readonly holder: string;
  /** For a person: which process or which run of a workflow. */
  readonly who: string;
  /** The process, if the run is one; plain JSON. */
  readonly process: unknown;
}

export interface HeldLock extends LockHolder {
  readonly since: Date;
  /** Milliseconds until the lease ends, unless it is renewed. */
  readonly leftMs: number;
  readonly leaseUntil: Date;
}

const NAME = 'pipeline';

/**
 * Takes the lock: if it is free, if its lease has ended, if the holder has it already, or in the
 * place of a holder of whom the caller knows that it has ended. Returns null, or who holds it.
 */
export async function takeRunLock(
  db: Db,
  { holder, who, process }: LockHolder,
  ended: string | null = null,
): Promise<HeldLock | null> {
  const { rows } = await sql`
    INSERT INTO run_locks (name, holder, who, process, lease_until)
    VALUES (${NAME}, ${holder}, ${who}, ${JSON.stringify(process)}::text::jsonb,
      now() + make_interval(secs => ${LOCK_LEASE_SECONDS}))
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, who = EXCLUDED.who,
      process = EXCLUDED.process, lease_until = EXCLUDED.lease_until,
      since = CASE WHEN run_locks.holder = EXCLUDED.holder THEN run_locks.since ELSE now() END
    WHERE run_locks.holder IN (EXCLUDED.holder, ${ended ?? holder}) OR run_locks.lease_until < now()
    RETURNING name`.execute(db);
  if (rows.length > 0) return null;
  const held = await readRunLock(db);
  // It was released between the two statements.
  return held ?? takeRunLock(db, { holder, who, process }, ended);
}

export async function readRunLock(db: Db): Promise<HeldLock | null> {
  const { rows } = await sql<HeldLock>`
    SELECT holder, who, process, since, lease_until AS "leaseUntil",
      (1000 * EXTRACT(EPOCH FROM lease_until - now()))::float8 AS "leftMs"
    FROM run_locks WHERE name = ${NAME}`.execute(db);
  return rows[0] ?? null;
}

/** Extends the lease of a holder; false if another one has taken the lock over. */
export async function renewRunLock(
  db: Db,
  holder: string,
  seconds = LOCK_LEASE_SECONDS,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('run_locks')
    .set({ lease_until: sql`now() + make_interval(secs => ${seconds})` })
    .where('name', '=', NAME)
    .where('holder', '=', holder)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function releaseRunLock(db: Db, holder: string): Promise<void> {
  await db.deleteFrom('run_locks').where('name', '=', NAME).where('holder', '=', holder).execute();
}
