import { type Kysely, sql } from 'kysely';

/** Keeps the forecast of the backfill where maintenance does not delete it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE backfill_forecasts (
      source text PRIMARY KEY,
      planned_at timestamptz NOT NULL,
      done_days integer NOT NULL CHECK (done_days >= 0),
      remaining_days integer NOT NULL CHECK (remaining_days >= 0),
      estimated_usd numeric NOT NULL CHECK (estimated_usd >= 0),
      complete_on date
    )`.execute(db);
  // Until now it was an entry of the audit log.
  await sql`
    INSERT INTO backfill_forecasts
    SELECT 'bigquery', at, (details ->> 'doneDays')::integer, (details ->> 'remainingDays')::integer,
      (details ->> 'estimatedUsd')::numeric, (details ->> 'wholeOn')::date
    FROM audit_log
    WHERE action = 'BACKFILL_PLANNED'
    ORDER BY at DESC, id DESC
    LIMIT 1`.execute(db);
}
