import {
  type Admission,
  admit,
  afterFailure,
  afterSuccess,
  type Breaker,
  type BreakerPolicy,
  closedBreaker,
} from '../../pipeline/domain/breaker.ts';
import type { Db, Trx } from '../client.ts';
import { insertAudit } from './audit.ts';

/** Circuit breakers, one per source, in the database: they outlive a process and a runner. */

/** Whether a source may be called now. Only one worker may make the first call after a pause. */
export async function admitCall(
  db: Db,
  source: string,
  policy: BreakerPolicy,
  now: Date,
): Promise<Admission> {
  return await db.transaction().execute(async (trx) => {
    const admission = admit(await lockBreaker(trx, source, now), policy, now);
    if (admission.isAdmitted) await writeBreaker(trx, source, admission.breaker);
    return admission;
  });
}

export async function recordSuccess(db: Db, source: string, now: Date): Promise<Breaker> {
  return await change(db, source, now, (breaker) => afterSuccess(breaker, now));
}

/** Counts a failure; `opensAtOnce` for one that will last, such as a used-up quota. */
export async function recordFailure(
  db: Db,
  source: string,
  policy: BreakerPolicy,
  now: Date,
  opensAtOnce = false,
): Promise<Breaker> {
  return await change(db, source, now, (breaker) =>
    afterFailure(breaker, policy, now, opensAtOnce),
  );
}

export async function readBreaker(db: Db, source: string): Promise<Breaker | null> {
  const row = await selectBreaker(db, source).executeTakeFirst();
  return row ?? null;
}

async function change(
  db: Db,
  source: string,
  now: Date,
  next: (breaker: Breaker) => Breaker,
): Promise<Breaker> {
  return await db.transaction().execute(async (trx) => {
    const before = await lockBreaker(trx, source, now);
    const after = next(before);
    await writeBreaker(trx, source, after);
    if (
      (before.state === 'OPEN') !== (after.state === 'OPEN') ||
      after.openedAt !== before.openedAt
    )
      await auditChange(trx, source, after, now);
    return after;
  });
}

async function auditChange(trx: Trx, source: string, { state, failures }: Breaker, at: Date) {
  const action = state === 'OPEN' ? 'BREAKER_OPENED' : 'BREAKER_CLOSED';
  await insertAudit(trx, { at, action, subject: `source:${source}`, details: { failures } });
}

async function lockBreaker(trx: Trx, source: string, now: Date): Promise<Breaker> {
  const { state, failures, updatedAt } = closedBreaker(now);
  await trx
    .insertInto('circuit_breakers')
    .values({ source, state, failures, opened_at: null, updated_at: updatedAt })
    .onConflict((conflict) => conflict.column('source').doNothing())
    .execute();
  return await selectBreaker(trx, source).forUpdate().executeTakeFirstOrThrow();
}

function selectBreaker(db: Db, source: string) {
  return db
    .selectFrom('circuit_breakers')
    .select(['state', 'failures', 'opened_at as openedAt', 'updated_at as updatedAt'])
    .where('source', '=', source);
}

async function writeBreaker(trx: Trx, source: string, breaker: Breaker): Promise<void> {
  const { state, failures, openedAt, updatedAt } = breaker;
  await trx
    .updateTable('circuit_breakers')
    .set({ state, failures, opened_at: openedAt, updated_at: updatedAt })
    .where('source', '=', source)
    .execute();
}
