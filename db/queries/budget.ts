import { type Selectable, sql } from 'kysely';
import type { BudgetSettings, Spending } from '../../pipeline/domain/budget.ts';
import { isoDate } from '../../pipeline/domain/time.ts';
import type { Db, Trx } from '../client.ts';
import type { BudgetConfigTable } from '../schema.ts';

/** The budget in force and the spending. */

/** Saves the budget of the configuration: it is in force from now on. */
export async function upsertBudgetSettings(
  db: Db,
  settings: BudgetSettings,
  now: Date,
): Promise<void> {
  const row = {
    daily_limit_usd: settings.dailyLimitUsd,
    monthly_limit_usd: settings.monthlyLimitUsd,
    warning_threshold: settings.warningThreshold,
    price_per_tib_usd: settings.pricePerTibUsd,
    free_tib_per_month: settings.freeTibPerMonth,
    updated_at: now,
  };
  await db
    .insertInto('budget_config')
    .values({ id: 1, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** The budget in force; null if none was ever saved. */
export async function readBudgetSettings(db: Db): Promise<BudgetSettings | null> {
  const row = await selectSettings(db).executeTakeFirst();
  return row ? toSettings(row) : null;
}

/**
 * The budget in force, locked until the transaction ends: other workers that reserve or settle
 * wait here, so that the spending that one reads is still true when it writes. Throws if no budget
 * was ever saved.
 */
export async function lockBudgetSettings(trx: Trx): Promise<BudgetSettings> {
  const row = await selectSettings(trx).forUpdate().executeTakeFirst();
  if (!row) throw new Error('no budget has been set: run the preflight stage first');
  return toSettings(row);
}

function selectSettings(db: Db) {
  return db.selectFrom('budget_config').selectAll().where('id', '=', 1);
}

function toSettings(row: Selectable<BudgetConfigTable>): BudgetSettings {
  return {
    dailyLimitUsd: row.daily_limit_usd,
    monthlyLimitUsd: row.monthly_limit_usd,
    warningThreshold: row.warning_threshold,
    pricePerTibUsd: row.price_per_tib_usd,
    freeTibPerMonth: row.free_tib_per_month,
  };
}

/**
 * The UTC day that money is charged on: that of the moment, but never before the day of the last
 * charge. A clock that is set back must not bring back a budget that is spent.
 */
export async function readBudgetDay(db: Db, now: Date): Promise<string> {
  const { last } = await db
    .selectFrom('cost_records')
    .select(sql<string | null>`max(charged_on)::text`.as('last'))
    .where('status', '<>', 'RELEASED')
    .executeTakeFirstOrThrow();
  const today = isoDate(now);
  return last !== null && last > today ? last : today;
}

/** The spending of the UTC day and month of a moment. */
export async function readSpending(db: Db, now: Date): Promise<Spending> {
  const day = await readBudgetDay(db, now);
  const micros = (column: string, status: string, from: string) => sql<number>`
    coalesce(sum(${sql.ref(column)}) FILTER
      (WHERE status = ${status} AND charged_on >= ${from}::date), 0) * 1000000`;
  const monthStart = `${day.slice(0, 7)}-01`;
  const sums = await db
    .selectFrom('cost_records')
    .select([
      micros('usd_settled', 'SETTLED', day).as('settledToday'),
      micros('usd_reserved', 'RESERVED', day).as('reservedToday'),
      micros('usd_settled', 'SETTLED', monthStart).as('settled'),
      micros('usd_reserved', 'RESERVED', monthStart).as('reserved'),
      sql<number>`coalesce(sum(free_bytes) FILTER (WHERE status <> 'RELEASED'), 0)`.as('freeBytes'),
    ])
    .where('charged_on', '>=', monthStart)
    .where('charged_on', '<=', day)
    .executeTakeFirstOrThrow();
  return {
    today: { settled: sums.settledToday, reserved: sums.reservedToday },
    month: { settled: sums.settled, reserved: sums.reserved },
    freeBytes: sums.freeBytes,
  };
}
