import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readSpending, upsertBudgetSettings } from '../../../../db/queries/budget.ts';
import { createBigQuerySource } from '../../../../pipeline/sources/bigquery/index.ts';
import {
  type BigQueryDependencies,
  recoverReservations,
} from '../../../../pipeline/sources/bigquery/job.ts';
import { openBudgetLedger } from '../../../../pipeline/stages/open-sources.ts';
import { apiErrors } from '../../../support/bigquery/api-error.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import { depsFor, useLocalBigQuery } from '../../../support/bigquery/harness.ts';
import { collect, requestFor, withStatedIds } from '../../../support/bigquery/requests.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import type { RawEvent } from '../../../support/read-events.ts';

const NOW = new Date('2026-03-14T12:00:00Z');
const AFTER_LEASE = new Date('2026-03-14T13:00:00Z');
const never = () => new Promise<never>(() => {});

const settings = {
  dailyLimitUsd: 5,
  monthlyLimitUsd: 50,
  warningThreshold: 0.8,
  pricePerTibUsd: 6.25,
  freeTibPerMonth: 0,
};

const issue: RawEvent = {
  id: '1',
  type: 'IssuesEvent',
  created_at: '2024-03-01T10:00:00Z',
  actor: { id: 7, login: 'ada' },
  repo: { id: 70, name: 'acme/widget' },
  payload: { action: 'opened', issue: { number: 3 } },
};

describeOnDatabases('a worker that dies between reserving and settling', (database) => {
  const bigquery = useLocalBigQuery();
  const signal = new AbortController().signal;

  beforeAll(() => {
    for (const [name, table] of archiveTables([issue])) bigquery.local.tables.set(name, table);
  });
  beforeEach(() => upsertBudgetSettings(database.db, settings, NOW));
  afterEach(async () => {
    bigquery.local.reset();
    await emptyTables(database.db);
  });

  function deps(at: Date): BigQueryDependencies {
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const clock = () => at;
    return depsFor(bigquery.local, {
      clock,
      ledger: openBudgetLedger(database.db, 'bigquery', clock, log),
    });
  }

  /** Starts to read and stops for ever where `dies` says so, as a killed process does. */
  async function readUntil(dies: (living: BigQueryDependencies) => Partial<BigQueryDependencies>) {
    const living = deps(NOW);
    const read = createBigQuerySource(
      { ...living, ...dies(living) },
      { payload: true, checksHours: false },
    );
    void collect(
      read(withStatedIds(requestFor(['acme/widget'], '2024-03-01', '2024-03-02'), [issue])),
    ).catch(() => {});
    await expect.poll(() => reserved(), { timeout: 10_000 }).toBe(1);
  }

  const reserved = async () =>
    (await database.db.selectFrom('cost_records').select('id').execute()).length;

  async function recorded() {
    const [record] = await database.db.selectFrom('cost_records').selectAll().execute();
    const summaries = await database.db.selectFrom('daily_cost_summaries').selectAll().execute();
    return {
      status: record?.status,
      spending: (await readSpending(database.db, NOW)).today,
      queries: summaries.reduce((total, day) => total + day.queries, 0),
    };
  }

  const settled = { status: 'SETTLED', spending: { settled: 60, reserved: 0 }, queries: 1 };
  const held = { status: 'RESERVED', spending: { settled: 0, reserved: 120 }, queries: 0 };
  const released = { status: 'RELEASED', spending: { settled: 0, reserved: 0 }, queries: 0 };

  it('after the query ran: settled once by its own record, however often one looks', async () => {
    await readUntil(({ ledger }) => ({ ledger: { ...ledger, settle: never } }));
    await expect.poll(() => bigquery.local.jobs.all.length, { timeout: 10_000 }).toBe(1);
    expect(await recorded()).toEqual(held);
    expect(await recoverReservations(deps(NOW), signal)).toBe(0);
    const both = [deps(AFTER_LEASE), deps(AFTER_LEASE)];
    await Promise.all(both.map((worker) => recoverReservations(worker, signal)));
    expect(await recorded()).toEqual(settled);
  });

  it('before the query started: given back when its lease is over, and not before', async () => {
    await readUntil(({ api }) => ({ api: { ...api, start: never } }));
    expect(await recoverReservations(deps(NOW), signal)).toBe(0);
    expect(await recorded()).toEqual(held);
    expect(await recoverReservations(deps(AFTER_LEASE), signal)).toBe(1);
    expect(await recorded()).toEqual(released);
  });

  it('after it was given back, and the query started all the same: settled', async () => {
    let startLate: () => Promise<void> = async () => {};
    await readUntil(({ api }) => ({
      api: {
        ...api,
        start: (...call) => {
          startLate = () => api.start(...call);
          return never();
        },
      },
    }));
    await expect.poll(() => bigquery.local.requests.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(await recoverReservations(deps(AFTER_LEASE), signal)).toBe(1);
    expect(await recorded()).toEqual(released);
    await startLate();
    const later = new Date(AFTER_LEASE.getTime() + 3_600_000);
    expect(await recoverReservations(deps(later), signal)).toBe(1);
    expect(await recoverReservations(deps(later), signal)).toBe(0);
    expect(await recorded()).toEqual(settled);
  });

  it('while the query runs: held until it is done, then settled', async () => {
    bigquery.local.pendingPolls = 3;
    await readUntil(({ api }) => ({ api: { ...api, fetchJob: never } }));
    await expect.poll(() => bigquery.local.jobs.all.length, { timeout: 10_000 }).toBe(1);
    expect(await recoverReservations(deps(AFTER_LEASE), signal)).toBe(0);
    expect(await recorded()).toEqual(held);
    const later = new Date(AFTER_LEASE.getTime() + 3_600_000);
    await recoverReservations(deps(later), signal);
    await recoverReservations(deps(new Date(later.getTime() + 3_600_000)), signal);
    expect(await recorded()).toEqual(settled);
  });

  it('and BigQuery cannot be asked: held, because it may have been billed', async () => {
    await readUntil(({ ledger }) => ({ ledger: { ...ledger, settle: never } }));
    bigquery.local.faults.push({ when: () => true, error: apiErrors.backendError(), times: 99 });
    expect(await recoverReservations(deps(AFTER_LEASE), signal)).toBe(0);
    expect(await recorded()).toEqual(held);
  });

  it('the next reader of the source settles old reservations before it reads', async () => {
    await readUntil(({ api }) => ({ api: { ...api, start: never } }));
    const read = createBigQuerySource(deps(AFTER_LEASE), { payload: true, checksHours: false });
    await collect(
      read(withStatedIds(requestFor(['acme/widget'], '2024-03-01', '2024-03-02'), [issue])),
    );
    const records = await database.db
      .selectFrom('cost_records')
      .select('status')
      .orderBy('id')
      .execute();
    expect(records.map((record) => record.status)).toEqual(['RELEASED', 'SETTLED']);
  });
});
