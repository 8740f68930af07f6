import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { readBudgetSettings, upsertBudgetSettings } from '../../../../db/queries/budget.ts';
import { reserve } from '../../../../db/queries/reservations.ts';
import { DAY_MS, isoDate } from '../../../../pipeline/domain/time.ts';
import { costsSchema } from '../../../../pipeline/published/documents.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import { useLocalBigQuery } from '../../../support/bigquery/harness.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import type { RawEvent } from '../../../support/read-events.ts';
import { runCommand } from '../../../support/run-command.ts';

/** One issue a day from 1 March to 23 May 2025, the last complete days of the archive. */
const events: RawEvent[] = Array.from({ length: 84 }, (_, day) => ({
  id: String(day),
  type: 'IssuesEvent',
  created_at: new Date(Date.UTC(2025, 2, 1 + day, 12)).toISOString(),
  actor: { id: 7, login: 'ada' },
  repo: { id: 70, name: 'acme/widget' },
  payload: {
    action: 'opened',
    issue: { number: day + 1, user: { id: 7, login: 'ada', type: 'User' } },
  },
}));

const NOW = '2026-01-10T02:00:00Z';
const settings = {
  dailyLimitUsd: 7,
  monthlyLimitUsd: 70,
  warningThreshold: 1,
  pricePerTibUsd: 1,
  freeTibPerMonth: 0,
};

const from = ['--source', 'bigquery', '--from', '2025-03-01', '--to', '2026-01-10'];

describe.skipIf(inject('postgresUrl') === null)('the pipeline on BigQuery, as a command', () => {
  const bigquery = useLocalBigQuery();
  const database = useDatabase('server');
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-bigquery-'));

  beforeAll(() => {
    for (const [name, table] of archiveTables(events)) bigquery.local.tables.set(name, table);
    bigquery.local.checksTokens = false;
    writeFileSync(join(folder, 'repos.yaml'), 'repositories:\n  - acme/widget\n');
  });
  beforeEach(() => emptyTables(database.db));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(script: string, ...args: string[]) {
    const env = {
      DATABASE_URL: database.url,
      BIGQUERY_EMULATOR_HOST: bigquery.local.url,
      GOOGLE_CLOUD_PROJECT: 'test-project',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    };
    const options = ['--config', folder, '--now', NOW, '--out', join(folder, 'out')];
    return runCommand(script, [...args, ...options], { cwd: folder, env });
  }

  it('with --dry-run prints each job and the last day, and leaves nothing behind', async () => {
    bigquery.local.reset();
    bigquery.local.bytesScale = 1e8; // a day is worth some GiB
    const { code, output } = await run('pipeline', '--dry-run', ...from);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toMatch(/bigquery, now: \d+ jobs?, up to \d\.\d\d USD/);
    expect(output).toContain('2025-05-01 00:00 – 2025-05-24 00:00  acme/widget');
    expect(output).toMatch(/history would be complete by \d{4}-\d\d-\d\d/);
    expect(bigquery.local.jobs.all).toEqual([]);
    for (const table of ['repositories', 'scrape_jobs', 'cost_records', 'audit_log'] as const) {
      expect(await database.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it('as preflight saves the budget, releases the reservation of a dead worker, and then checks', async () => {
    bigquery.local.reset();
    const { db } = database;
    await upsertBudgetSettings(db, settings, new Date());
    const request = {
      jobId: null,
      externalJobId: 'never_started',
      bytesEstimated: 2 ** 40,
      maximumBytesBilled: 2 ** 40,
      repositoryIds: [1],
      leaseUntil: new Date(Date.now() - 1000),
    };
    await reserve(db, 'bigquery', request, new Date());
    const { code, output } = await run('preflight', '--source', 'bigquery');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('5.00 USD are left today');
    const costs = await db.selectFrom('cost_records').select('status').execute();
    expect(costs).toEqual([{ status: 'RELEASED' }]);
    expect(await readBudgetSettings(db)).toMatchObject({ dailyLimitUsd: 5, monthlyLimitUsd: 50 });
  });

  it('as preflight warns of a charge of a later day, whose budget counts until then', async () => {
    bigquery.local.reset();
    const { db } = database;
    const ahead = new Date(Date.now() + 30 * DAY_MS);
    await upsertBudgetSettings(db, settings, ahead);
    const request = {
      jobId: null,
      externalJobId: 'ahead',
      bytesEstimated: 2 ** 40,
      maximumBytesBilled: 2 ** 41,
      repositoryIds: [1],
      leaseUntil: new Date(ahead.getTime() + DAY_MS),
    };
    await reserve(db, 'bigquery', request, ahead);
    const { code, output } = await run('preflight', '--source', 'bigquery');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('3.00 USD are left today');
    expect(output).toContain(`money was charged on ${isoDate(ahead)}, which is later than today`);
  });

  it('reads the complete part of the archive, settles it, and publishes the costs', async () => {
    bigquery.local.reset();
    const { code, output } = await run('pipeline', ...from);
    expect({ code, output }).toMatchObject({ code: 0 });
    const rows = await database.db.selectFrom('contribution_events').selectAll().execute();
    expect(rows).toHaveLength(84);
    const costs = await database.db.selectFrom('cost_records').select('status').execute();
    // A query for the events, one for the hours and one for the ids, in each of three months.
    expect(costs.map(({ status }) => status)).toEqual(Array(9).fill('SETTLED'));
    const windows = await database.db.selectFrom('scrape_windows').select('gaps').execute();
    // Three months, read one by one, are one window. Only the hour after noon of each day has an
    // event: the gap after it goes on through midnight to the next noon.
    expect(windows.map(({ gaps }) => gaps.length)).toEqual([84 + 1]);
    const path = join(folder, 'out/api/v1/dashboard/costs.json');
    expect(costsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))).toMatchObject({
      backfill: null,
    });
    const summary = readFileSync(join(folder, 'summary.md'), 'utf8');
    expect(summary).toContain('## Run 1: completed\n');
    expect(summary).toContain('| Jobs | 3 completed |\n');
  });

  it('spends nothing within a budget of 0, and still publishes', async () => {
    bigquery.local.reset();
    writeFileSync(join(folder, 'budget.yaml'), 'daily_limit_usd: 0\nmonthly_limit_usd: 0\n');
    const { code, output } = await run('pipeline', ...from);
    rmSync(join(folder, 'budget.yaml'));
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(bigquery.local.jobs.all).toEqual([]);
    const path = join(folder, 'out/api/v1/dashboard/costs.json');
    expect(costsSchema.parse(JSON.parse(readFileSync(path, 'utf8')))).toMatchObject({
      daily: { limit_usd: 0, spent_usd: 0, used: null },
      backfill: { remaining_days: 84, whole_on: null },
    });
  });
});
