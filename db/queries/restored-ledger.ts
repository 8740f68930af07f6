import { sql } from 'kysely';
import type { LedgerDay } from '../../pipeline/domain/restored-ledger.ts';
import type { Db, Trx } from '../client.ts';

/** The source whose costs are published. */
const SOURCE = 'bigquery';

/** Letters that a job of BigQuery may have in its id, and no job of ours begins with. */
const PUBLISHED = 'published-';
const UNKNOWN = 'unknown-';

/**
 * Stores what the published documents say of a month's spending, in a database that is empty. What
 * is not known is reserved until the month ends, so that it is not spent twice.
 */
export async function insertLedger(
  trx: Trx,
  days: readonly LedgerDay[],
  { now, until }: { readonly now: Date; readonly until: Date },
): Promise<void> {
  const common = {
    source: SOURCE,
    bytes_estimated: 0,
    maximum_bytes_billed: 0,
    repository_ids: [],
    lease_until: until,
    created_at: now,
  };
  for (const { date, usd, bytesBilled, queries, unknownUsd } of days) {
    const amounts = { bytes_processed: bytesBilled, bytes_billed: bytesBilled };
    if (queries > 0) {
      const settled = { status: 'SETTLED', usd_reserved: usd, usd_settled: usd } as const;
      // The free allowance may have paid for all of it.
      const row = { ...common, ...settled, ...amounts, free_bytes: bytesBilled, charged_on: date };
      const external_job_id = `${PUBLISHED}${date}`;
      await trx
        .insertInto('cost_records')
        .values({ ...row, external_job_id, settled_at: now })
        .execute();
      await trx
        .insertInto('daily_cost_summaries')
        .values({ charged_on: date, source: SOURCE, queries, usd, ...amounts })
        .execute();
    }
    if (unknownUsd === 0) continue;
    const reserved = { status: 'RESERVED', usd_reserved: unknownUsd, charged_on: date } as const;
    await trx
      .insertInto('cost_records')
      .values({ ...common, ...reserved, external_job_id: `${UNKNOWN}${date}` })
      .execute();
  }
}

/** What is held back because the spending of this month is not known, in US dollars. */
export async function readHeldBackUsd(db: Db, now: Date): Promise<number> {
  const row = await db
    .selectFrom('cost_records')
    .select(sql<number>`coalesce(sum(usd_reserved), 0)`.as('usd'))
    .where('status', '=', 'RESERVED')
    .where(sql<boolean>`starts_with(external_job_id, ${UNKNOWN})`)
    .where('lease_until', '>', now)
    .executeTakeFirstOrThrow();
  return row.usd;
}
