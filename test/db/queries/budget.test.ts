import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../db/client.ts';
import { readSpending, upsertBudgetSettings } from '../../../db/queries/budget.ts';
import { readExpired, release, reserve, settle } from '../../../db/queries/reservations.ts';
import type { BudgetSettings, ReservationRequest } from '../../../pipeline/domain/budget.ts';
import { describeOnDatabases, emptyTables, useDatabase } from '../../support/databases.ts';

const TIB = 2 ** 40;
const NOW = new Date('2026-03-14T12:00:00Z');
const LATER = new Date('2026-03-14T13:00:00Z');

const settings: BudgetSettings = {
  dailyLimitUsd: 7,
  monthlyLimitUsd: 50,
  warningThreshold: 0.8,
  pricePerTibUsd: 1,
  freeTibPerMonth: 0,
};

let next = 0;
function request(tib: number): ReservationRequest {
  return {
    jobId: null,
    externalJobId: `test_${next++}`,
    bytesEstimated: tib * TIB,
    maximumBytesBilled: tib * TIB,
    repositoryIds: [1, 2],
    leaseUntil: LATER,
  };
}

const usage = (tib: number) => ({
  bytesProcessed: tib * TIB,
  bytesBilled: tib * TIB,
  slotMillis: 12,
});

async function reserveOne(db: Db, tib: number, now = NOW): Promise<number> {
  const result = await reserve(db, 'bigquery', request(tib), now);
  if ('shortage' in result) throw new Error('expected a reservation');
  return result.reservationId;
}

const audit = async (db: Db) =>
  (await db.selectFrom('audit_log').select('action').orderBy('id').execute()).map((r) => r.action);

describeOnDatabases('the budget', (database) => {
  beforeEach(() => upsertBudgetSettings(database.db, settings, NOW));
  afterEach(() => emptyTables(database.db));

  it('reserves, settles by the billed bytes, and frees the difference', async () => {
    const { db } = database;
    const id = await reserveOne(db, 5);
    expect((await readSpending(db, NOW)).today).toEqual({ settled: 0, reserved: 5_000_000 });
    await settle(db, id, usage(4), NOW);
    expect(await readSpending(db, NOW)).toEqual({
      today: { settled: 4_000_000, reserved: 0 },
      month: { settled: 4_000_000, reserved: 0 },
      freeBytes: 0,
    });
    const days = await db.selectFrom('daily_cost_summaries').selectAll().execute();
    expect(days).toMatchObject([
      { charged_on: '2026-03-14', queries: 1, usd: 4, bytes_billed: 4 * TIB },
    ]);
    expect(await audit(db)).toEqual(['BUDGET_RESERVED', 'BUDGET_SETTLED']);
  });

  it('rejects a query over budget with the figures, and reserves nothing for it', async () => {
    const { db } = database;
    await reserveOne(db, 5);
    const refused = await reserve(db, 'bigquery', request(3), NOW);
    expect(refused).toMatchObject({ shortage: { neededUsd: 3, leftTodayUsd: 2 } });
    expect((await readSpending(db, NOW)).today.reserved).toBe(5_000_000);
    expect(await audit(db)).toContain('BUDGET_EXCEEDED');
    expect(await reserve(db, 'bigquery', request(2), NOW)).toHaveProperty('reservationId');
  });

  it('counts nothing twice: a second settlement or release changes nothing', async () => {
    const { db } = database;
    const id = await reserveOne(db, 2);
    await settle(db, id, usage(2), NOW);
    await settle(db, id, usage(2), NOW);
    await release(db, id, 'late', NOW);
    expect((await readSpending(db, NOW)).today).toEqual({ settled: 2_000_000, reserved: 0 });
    const [day] = await db.selectFrom('daily_cost_summaries').selectAll().execute();
    expect(day).toMatchObject({ queries: 1, usd: 2 });
  });

  it('settles a reservation that was released too early, by the billed bytes', async () => {
    const { db } = database;
    const id = await reserveOne(db, 2);
    await release(db, id, 'its worker died', NOW);
    expect((await readSpending(db, NOW)).today).toEqual({ settled: 0, reserved: 0 });
    await settle(db, id, usage(2), NOW);
    expect((await readSpending(db, NOW)).today).toEqual({ settled: 2_000_000, reserved: 0 });
  });

  it('starts at 0 on a new day and month, and settles on the day of the reservation', async () => {
    const { db } = database;
    const lastOfMonth = new Date('2026-03-31T23:59:59Z');
    const firstOfNext = new Date('2026-04-01T00:00:01Z');
    const id = await reserveOne(db, 7, lastOfMonth);
    await settle(db, id, usage(7), firstOfNext);
    expect((await readSpending(db, lastOfMonth)).today.settled).toBe(7_000_000);
    expect((await readSpending(db, firstOfNext)).month.settled).toBe(0);
    await reserveOne(db, 7, firstOfNext);
  });

  it('warns once a day, when the threshold is reached', async () => {
    const { db } = database;
    expect((await reserve(db, 'bigquery', request(5), NOW)).warning).toBeNull();
    expect((await reserve(db, 'bigquery', request(1), NOW)).warning).toEqual({
      of: 'day',
      usedUsd: 6,
      limitUsd: 7,
    });
    expect((await reserve(db, 'bigquery', request(1), NOW)).warning).toBeNull();
    expect((await audit(db)).filter((action) => action === 'BUDGET_WARNING')).toHaveLength(1);
    const tomorrow = new Date('2026-03-15T01:00:00Z');
    expect((await reserve(db, 'bigquery', request(6), tomorrow)).warning).toMatchObject({
      of: 'day',
    });
  });

  it('uses the free allowance first, and frees its unused part', async () => {
    const { db } = database;
    await upsertBudgetSettings(db, { ...settings, freeTibPerMonth: 3 }, NOW);
    const id = await reserveOne(db, 3);
    expect(await reserve(db, 'bigquery', request(1), NOW)).toMatchObject({ usdReserved: 1 });
    await settle(db, id, usage(1), NOW);
    expect(await reserve(db, 'bigquery', request(2), NOW)).toMatchObject({ usdReserved: 0 });
  });

  it('settles at the price of the reservation, even if the price has changed since', async () => {
    const { db } = database;
    const id = await reserveOne(db, 2);
    await upsertBudgetSettings(db, { ...settings, pricePerTibUsd: 9 }, NOW);
    await settle(db, id, usage(2), NOW);
    expect((await readSpending(db, NOW)).today.settled).toBe(2_000_000);
  });

  it('lists reservations whose lease is over', async () => {
    const { db } = database;
    const id = await reserveOne(db, 1);
    expect(await readExpired(db, 'bigquery', NOW)).toEqual([]);
    const expired = await readExpired(db, 'bigquery', new Date('2026-03-14T13:00:01Z'));
    expect(expired).toMatchObject([{ reservationId: id }]);
  });

  it('says what to do where no budget was set', async () => {
    await sql`DELETE FROM budget_config`.execute(database.db);
    await expect(reserve(database.db, 'bigquery', request(1), NOW)).rejects.toThrow('preflight');
  });
});

describe.skipIf(inject('postgresUrl') === null)('20 workers with a budget for 7 jobs', () => {
  const database = useDatabase('server');

  /** The database itself checks the sum at every write, inside the transaction that makes it. */
  const guard = sql`
    CREATE FUNCTION check_budget() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (SELECT sum(CASE status WHEN 'RESERVED' THEN usd_reserved WHEN 'SETTLED'
            THEN usd_settled ELSE 0 END) FROM cost_records) > 7 THEN
        RAISE EXCEPTION 'the budget is overspent';
      END IF;
      RETURN NULL;
    END $$`;

  it('runs 7 and rejects 13, and the sum is never above the limit', async () => {
    await upsertBudgetSettings(database.db, settings, NOW);
    await guard.execute(database.db);
    await sql`CREATE TRIGGER check_budget AFTER INSERT OR UPDATE ON cost_records
      FOR EACH ROW EXECUTE FUNCTION check_budget()`.execute(database.db);
    const workers = await Promise.all(Array.from({ length: 20 }, () => openDatabase(database.url)));
    const watch = watchSums(database.db);
    const results = await Promise.all(workers.map(work));
    const sums = await watch.stop();
    await Promise.all(workers.map((worker) => worker.destroy()));

    expect(results.filter((result) => result === 'ran')).toHaveLength(7);
    expect(results.filter((result) => result === 'refused')).toHaveLength(13);
    expect(Math.max(...sums)).toBeLessThanOrEqual(7_000_000);
    expect((await readSpending(database.db, NOW)).today).toEqual({
      settled: 7_000_000,
      reserved: 0,
    });
  });

  async function work(db: Db, worker: number): Promise<'ran' | 'refused'> {
    const result = await reserve(db, 'bigquery', request(1), NOW);
    if ('shortage' in result) return 'refused';
    await delay(worker * 3);
    await settle(db, result.reservationId, usage(1), NOW);
    return 'ran';
  }

  function watchSums(db: Db) {
    const sums: number[] = [];
    let isOn = true;
    const watching = (async () => {
      while (isOn) {
        const { today } = await readSpending(db, NOW);
        sums.push(today.settled + today.reserved);
      }
    })();
    return {
      stop: async () => {
        isOn = false;
        await watching;
        return sums;
      },
    };
  }
});
