import type { Db } from '../../../db/client.ts';
import { insertAudit } from '../../../db/queries/audit.ts';
import { deleteAvatars } from '../../../db/queries/avatars.ts';
import {
  deleteAuditLog,
  deleteDeadLetters,
  deleteEndedJobs,
  deleteEndedRuns,
  deleteRunLog,
  deleteShortPeriods,
  deleteSnapshots,
  readSnapshotDays,
  vacuum,
} from '../../../db/queries/maintenance.ts';
import { rolledBack } from '../../../db/transactions.ts';
import type { Config } from '../../config/schema.ts';
import { thinSnapshots } from '../../domain/thin-snapshots.ts';
import { DAY_MS, isoDate } from '../../domain/time.ts';
import type { Context } from '../../runtime/context.ts';
import type { Log } from '../../util/log.ts';

export interface MaintenanceContext {
  readonly db: Db;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The moment from which ages are counted back. */
  readonly now: Date;
  readonly retention: Config['pipeline']['retention'];
  /** Whether the site shows pictures of people: if not, none is kept. */
  readonly avatars: boolean;
  /** Reports the rows that would be deleted, and deletes nothing. */
  readonly dryRun: boolean;
}

/** Pictures are looked at every 30 days, of people who may be shown: of others they go after these. */
const AVATAR_DAYS = 90;

/** Deleted rows by kind. */
export interface MaintenanceCounts {
  readonly auditLog: number;
  readonly runLog: number;
  readonly jobs: number;
  readonly deadLetters: number;
  readonly runs: number;
  readonly snapshots: number;
  readonly avatars: number;
}

/**
 * Deletes records that are older than the configured retention, thins the snapshots and vacuums
 * the tables. A second run at the same clock finds nothing to delete.
 */
export async function maintenance(context: MaintenanceContext): Promise<MaintenanceCounts> {
  const { db, log, signal, now } = context;
  if (context.dryRun) {
    const counts = await rolledBack(db, (trx) => deleteOld(trx, context));
    log.info(counts, 'rows that maintenance would delete; nothing is changed');
    return counts;
  }
  const counts = await db.transaction().execute((trx) => deleteOld(trx, context));
  log.info(counts, 'old rows deleted');
  signal.throwIfAborted();
  await vacuum(db);
  await insertAudit(db, {
    at: now,
    action: 'MAINTENANCE_COMPLETED',
    subject: null,
    details: counts,
  });
  log.info({}, 'maintenance completed');
  return counts;
}

async function deleteOld(
  trx: Db,
  { now, retention, avatars }: MaintenanceContext,
): Promise<MaintenanceCounts> {
  const jobsFrom = daysBefore(now, retention.jobs_days);
  return {
    auditLog: await deleteAuditLog(trx, daysBefore(now, retention.audit_log_days)),
    runLog: await deleteRunLog(trx, daysBefore(now, retention.run_log_days)),
    deadLetters: await deleteDeadLetters(trx, jobsFrom),
    jobs: await deleteEndedJobs(trx, jobsFrom),
    runs: await deleteEndedRuns(trx, jobsFrom),
    snapshots: await deleteThinned(trx, now),
    avatars: await deleteAvatars(trx, avatars ? daysBefore(now, AVATAR_DAYS) : null),
  };
}

async function deleteThinned(trx: Db, now: Date): Promise<number> {
  // Read
  const days = await readSnapshotDays(trx);
  // Decide
  const { whole, allButAllTime } = thinSnapshots(days, isoDate(now));
  // Write
  return (await deleteSnapshots(trx, whole)) + (await deleteShortPeriods(trx, allButAllTime));
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

export function runMaintenance(context: Context) {
  const { pipeline, site } = context.config;
  const { retention } = pipeline;
  const { avatars } = site;
  return maintenance({ ...context, retention, avatars, dryRun: context.options.dryRun });
}
