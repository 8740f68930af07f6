import { setTimeout as sleep } from 'node:timers/promises';
import { withReconnects } from '../../db/lost-connection.ts';
import {
  type HeldLock,
  LOCK_LEASE_SECONDS,
  type LockHolder,
  releaseRunLock,
  renewRunLock,
  takeRunLock,
} from '../../db/queries/run-lock.ts';
import { identifySelf, type ProcessIdentity, stateOf } from '../util/process-identity.ts';
import type { Context } from './context.ts';

/** Another run uses the database. */
export class RunLockedError extends Error {
  override readonly name = 'RunLockedError';
  constructor({ who, since, leaseUntil }: HeldLock) {
    super(
      `another run uses this database: ${who}, since ${since.toISOString()}. Wait until it has ` +
        `finished. If it was killed, its lock ends at ${leaseUntil.toISOString()}`,
    );
  }
}

/** Three heartbeats within a lease, so that one may be lost. */
const RENEWAL_MS = (LOCK_LEASE_SECONDS * 1000) / 4;

/** From the end of a step of a workflow to the next one: a runner has to be found and set up. */
const HANDOVER_SECONDS = 900;

/**
 * Does the work of a run, and lets no other run begin meanwhile. A run of a workflow has several
 * steps, on several machines: they share the lock, and it is held from one to the next.
 * @param isLast after this step, a run of a workflow has nothing to read or calculate any more
 * @throws RunLockedError if another run has the lock
 */
export async function withRunLock<T>(
  context: Context,
  isLast: boolean,
  run: (context: Context) => Promise<T>,
): Promise<T> {
  const { db } = context;
  const lock = holderOf(context);
  const isHandedOver = !isLast && lock.process === null;
  await take(context, lock);
  const beat = startHeartbeat(context, lock.holder);
  let isDone = false;
  try {
    const result = await run({ ...context, signal: beat.signal });
    isDone = true;
    return result;
  } finally {
    beat.stop();
    const end =
      isDone && isHandedOver
        ? renewRunLock(db, lock.holder, HANDOVER_SECONDS)
        : releaseRunLock(db, lock.holder);
    await end.catch((err) => context.log.warn({ err }, 'the lock of the run ends with its lease'));
  }
}

/** Keeps the lock for the run of the workflow, while one of its workers reads. */
export async function keepingRunLock<T>(context: Context, run: () => Promise<T>): Promise<T> {
  const { holder, process } = holderOf(context);
  if (process !== null) return run();
  const keep = () => renewRunLock(context.db, holder, HANDOVER_SECONDS).catch(() => {});
  await keep();
  const timer = setInterval(keep, RENEWAL_MS);
  return run().finally(() => clearInterval(timer));
}

/** On a server, all jobs of a workflow's run are one; anything else is a run by its process. */
function holderOf({ owner, isEmbedded }: Pick<Context, 'owner' | 'isEmbedded'>): LockHolder {
  const { GITHUB_RUN_ID, GITHUB_REPOSITORY, GITHUB_SERVER_URL } = process.env;
  if (GITHUB_RUN_ID && GITHUB_REPOSITORY && !isEmbedded) {
    const who = `${GITHUB_SERVER_URL ?? ''}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
    return { holder: who, who, process: null };
  }
  const self = identifySelf();
  return { holder: owner, who: `process ${self.pid} of ${self.host}`, process: self };
}

/** How often a lock is looked at whose holder may have ended. */
const LOOK_MS = 1_000;

async function take(context: Context, lock: LockHolder): Promise<void> {
  const tryTake = (ended: string | null) =>
    withReconnects('lock of the run', context, () => takeRunLock(context.db, lock, ended));
  const first = await tryTake(null);
  let held = first;
  while (held && first) {
    // The folder of an embedded database has a lock of its own, and we hold it.
    if (context.isEmbedded || hasEnded(held)) held = await tryTake(held.holder);
    else {
      if (mayBeAlive(held, first)) throw new RunLockedError(held);
      if (held === first) context.log.info({ holder: held.who }, 'waiting for the lock of a run');
      await sleep(LOOK_MS, undefined, { signal: context.signal });
      held = await tryTake(null);
    }
  }
}

const hasEnded = ({ process }: HeldLock) =>
  process !== null && stateOf(process as ProcessIdentity) === 'ended';

/** It renewed its lease while we looked, or it is known to run, or it holds the lock for long. */
function mayBeAlive(held: HeldLock, first: HeldLock): boolean {
  if (held.holder !== first.holder || held.leaseUntil > first.leaseUntil) return true;
  if (held.leftMs > LOCK_LEASE_SECONDS * 1000) return true;
  return held.process !== null && stateOf(held.process as ProcessIdentity) === 'running';
}

function startHeartbeat({ db, signal }: Context, holder: string) {
  const lost = new AbortController();
  const timer = setInterval(() => {
    renewRunLock(db, holder).then(
      (isHeld) => isHeld || lost.abort(new Error('another run has taken the database over')),
      // Ignored: the database may answer at the next heartbeat.
      () => {},
    );
  }, RENEWAL_MS);
  return { signal: AbortSignal.any([signal, lost.signal]), stop: () => clearInterval(timer) };
}
