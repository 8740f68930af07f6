import { sql } from 'kysely';
import type { Db } from '../client.ts';
import type { Database } from '../schema.ts';
import { insertAudit } from './audit.ts';
import { TABLE_NAMES } from './sample-rows.ts';

/** Deletes old records. Each function returns the number of rows it deleted. */

export async function deleteAuditLog(trx: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('audit_log')
    .where('at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export async function deleteRunLog(trx: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('run_log')
    .where('at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export async function deleteDeadLetters(trx: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('dead_letters')
    .where('created_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Deletes jobs that ended before a moment. Jobs that are queued, running or retrying stay. */
export async function deleteEndedJobs(trx: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('scrape_jobs')
    .where('status', 'in', ['COMPLETED', 'FAILED', 'BUDGET_EXCEEDED'])
    .where('finished_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Deletes runs that ended before a moment. A run that was killed ends when the next one starts. */
export async function deleteEndedRuns(trx: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('pipeline_runs')
    .where('status', 'in', ['COMPLETED', 'FAILED'])
    .where('finished_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/**
 * The UTC dates that have snapshots, oldest first. Steps from date to date along the key, since a
 * day has one row for each person of each board.
 */
export async function readSnapshotDays(db: Db): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    WITH RECURSIVE days AS (
      SELECT min(taken_on) AS day FROM leaderboard_snapshots
      UNION ALL
      SELECT (SELECT min(taken_on) FROM leaderboard_snapshots WHERE taken_on > day)
      FROM days WHERE day IS NOT NULL
    )
    SELECT day FROM days WHERE day IS NOT NULL ORDER BY day
  `.execute(db);
  return rows.map(({ day }) => day);
}

/** Deletes all snapshots of the given UTC dates. */
export async function deleteSnapshots(trx: Db, days: readonly string[]): Promise<number> {
  await sql`DELETE FROM board_days WHERE taken_on = ANY(${days}::date[])`.execute(trx);
  const result = await sql`
    DELETE FROM leaderboard_snapshots WHERE taken_on = ANY(${days}::date[])
  `.execute(trx);
  return Number(result.numAffectedRows);
}

/** Deletes the snapshots of the given UTC dates, except those of the boards of all time. */
export async function deleteShortPeriods(trx: Db, days: readonly string[]): Promise<number> {
  const result = await sql`
    DELETE FROM leaderboard_snapshots WHERE taken_on = ANY(${days}::date[]) AND period <> 'all'
  `.execute(trx);
  return Number(result.numAffectedRows);
}

/**
 * Frees the space of deleted rows of our tables and updates the statistics of the query planner.
 * Not inside a transaction: PostgreSQL rejects that.
 */
export async function vacuum(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1
  `.execute(db);
  const tables = rows.map(({ name }) => sql.id(name));
  await sql`VACUUM (ANALYZE) ${sql.join(tables)}`.execute(db);
}

/** Bytes. Below it every plan is fast. */
const SMALL = 2 ** 20;

/**
 * Updates the query planner's statistics of those tables that have doubled since it was last done,
 * and returns their names. Without statistics, plans for large tables are bad: the embedded
 * database never updates them by itself, and a server not yet after the load of a first night.
 */
export async function analyzeGrown(
  db: Db,
  tables: readonly (keyof Database)[],
): Promise<(keyof Database)[]> {
  const { rows } = await sql<{ name: keyof Database }>`
    SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = current_schema() AND relkind = 'r' AND relname::text = ANY(${tables}::text[])
      AND pg_relation_size(c.oid)
        > ${SMALL}::bigint + 2 * relpages::bigint * current_setting('block_size')::bigint
    ORDER BY relname COLLATE "C"`.execute(db);
  for (const { name } of rows) await sql`ANALYZE ${sql.table(name)}`.execute(db);
  return rows.map(({ name }) => name);
}

/** What was paid for and done stays: no budget may be spent twice. Ids are never given twice. */
const KEPT: readonly string[] = [
  'cost_records',
  'daily_cost_summaries',
  'budget_config',
  'audit_log',
  'repository_counter',
  'run_locks',
];

/** Tables that kept ones refer to: these can't be truncated. */
const REFERRED: readonly string[] = ['scrape_jobs', 'pipeline_runs'];

/** Empties our tables, but for what was spent and the audit log: all or none. */
export async function emptyOurTables(db: Db): Promise<void> {
  const emptied = TABLE_NAMES.filter((name) => !KEPT.includes(name) && !REFERRED.includes(name));
  await db.transaction().execute(async (trx) => {
    for (const name of REFERRED) await sql`DELETE FROM ${sql.table(name)}`.execute(trx);
    await sql`TRUNCATE ${sql.join(emptied.map((name) => sql.table(name)))}`.execute(trx);
    await insertAudit(trx, { action: 'STARTED_OVER', subject: null, details: {} });
  });
}
