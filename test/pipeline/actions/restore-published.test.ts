import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readSpending, upsertBudgetSettings } from '../../../db/queries/budget.ts';
import { reserve } from '../../../db/queries/reservations.ts';
import { readHeldBackUsd } from '../../../db/queries/restored-ledger.ts';
import {
  readPublishedPast,
  restorePublished,
} from '../../../pipeline/actions/restore-published.ts';
import { budgetSettings } from '../../../pipeline/config/schema/budget.ts';
import { calculate } from '../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../pipeline/stages/report/index.ts';
import { configOf, NOW, quiet } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';
import { addFixedCommunity, FIXED_PEOPLE } from '../../support/fixed-community.ts';

const DAY_MS = 86_400_000;
const signal = new AbortController().signal;

describeOnDatabases('what a lost database has published', (database) => {
  const out = mkdtempSync(join(tmpdir(), 'published-'));
  const files = new Map<string, string>();
  const site = createServer((request, response) => {
    const text = files.get(request.url ?? '');
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  const config = configOf({ people: FIXED_PEOPLE });
  const named = [
    { owner: 'octo', name: 'one', neverRescrapeBefore: null, defaultBranch: null },
    { owner: 'octo', name: 'two.js', neverRescrapeBefore: null, defaultBranch: null },
  ];
  const all = {
    ...config,
    repositories: named,
    organisations: [],
    pipeline: { sources: ['github', 'bigquery'] },
  } as never as Parameters<typeof restorePublished>[1];
  let url = '';

  beforeAll(async () => {
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/x`;
  });
  afterAll(() => {
    site.close();
    rmSync(out, { recursive: true });
  });
  beforeEach(async () => {
    files.clear();
    await emptyTables(database.db);
  });

  const read = (name: string) => readFileSync(join(out, 'api/v1', name), 'utf8');
  const publish = async (now: Date) => {
    const { db } = database;
    await calculate({ db, config, now, log: quiet });
    await report({ db, config, now, log: quiet, out, sample: false });
    for (const name of ['history.json', 'dashboard/costs.json']) {
      files.set(`/x/api/v1/${name}`, read(name));
    }
  };
  const past = () => readPublishedPast({ site: { ...config.site, url } }, signal);
  const ranks = async () =>
    (
      await sql`SELECT taken_on, owner || '/' || name AS scope, period, login, rank
        FROM leaderboard_snapshots s JOIN github_users ON github_id = user_id
        LEFT JOIN repositories r ON r.id = s.repository_id WHERE user_id > 0 ORDER BY 1, 2, 3, 4`.execute(
        database.db,
      )
    ).rows;

  const namesIn = (rows: readonly unknown[]) => [
    ...new Set(rows.map((row) => String((row as { scope: unknown }).scope).toLowerCase())),
  ];

  it('gives the rank history back', async () => {
    await addFixedCommunity(database.db);
    for (const days of [21, 14, 7]) await publish(new Date(NOW.getTime() - days * DAY_MS));
    const before = await ranks();
    expect(before.length).toBeGreaterThan(20);
    await publish(NOW);
    const published = await past();
    await emptyTables(database.db);
    const [sentence] = await restorePublished(database.db, all, published, NOW);
    expect(sentence).toMatch(/The published history of 4 weeks gave \d+ ranks back/);
    await sql`DELETE FROM leaderboard_snapshots WHERE taken_on = '2026-03-15'`.execute(database.db);
    expect(await ranks()).toEqual(before);

    // The repositories of an organisation are those that were published.
    await emptyTables(database.db);
    const organisation = { org: 'OCTO', exclude: [], topics: [] };
    const organisations = [{ ...organisation, includeForks: false, includeArchived: false }];
    const follows = { ...all, repositories: [], organisations };
    await restorePublished(database.db, follows, published, NOW);
    await sql`DELETE FROM leaderboard_snapshots WHERE taken_on = '2026-03-15'`.execute(database.db);
    expect(namesIn(await ranks())).toEqual(namesIn(before));
  });

  it('gives this month of the ledger back, and holds back what is not known', async () => {
    const { db } = database;
    const wall = new Date('2026-11-20T10:00:00Z');
    await upsertBudgetSettings(db, budgetSettings(config.budget), wall);
    const costs = {
      ...JSON.parse(read('dashboard/costs.json')),
      generated_at: '2026-11-19T03:00:00.000Z',
      days: [{ date: '2026-11-18', usd: 4.5, bytes_billed: 10, queries: 2 }],
    };
    const published = { history: null, costs, problems: [] };
    const [, sentence] = await restorePublished(db, all, published, wall);
    expect(sentence).toContain('gave back 4.50 USD that BigQuery cost this month; 10.00 USD more');
    const spending = await readSpending(db, wall);
    expect(spending.month).toEqual({ settled: 4_500_000, reserved: 10_000_000 });
    expect(spending.today).toEqual({ settled: 0, reserved: 5_000_000 });
    expect(await readHeldBackUsd(db, wall)).toBe(10);
    const december = new Date('2026-12-01T00:00:00Z');
    expect(await readHeldBackUsd(db, december)).toBe(0);
    expect((await readSpending(db, december)).month).toEqual({ settled: 0, reserved: 0 });
  });

  it('keeps BigQuery off until the month ends where no costs can be read', async () => {
    const { db } = database;
    const wall = new Date('2026-11-20T10:00:00Z');
    await upsertBudgetSettings(db, budgetSettings(config.budget), wall);
    const published = await past();
    expect(published).toMatchObject({ history: null, costs: null });
    expect(published.problems).toHaveLength(2);
    const [, sentence] = await restorePublished(db, all, published, wall);
    expect(sentence).toBe(
      'BigQuery stays off until 2026-12-01: what was spent this month is not known.',
    );
    const request = {
      jobId: null,
      externalJobId: 'x',
      bytesEstimated: 1,
      maximumBytesBilled: 1,
      repositoryIds: [],
      leaseUntil: wall,
    };
    const later = new Date('2026-11-30T23:00:00Z');
    expect(await reserve(db, 'bigquery', request, later)).toHaveProperty('shortage');
    const december = new Date('2026-12-01T00:00:00Z');
    expect(await reserve(db, 'bigquery', request, december)).toHaveProperty('reservationId');
  });

  it('is believed only as far as it fits', async () => {
    const { db } = database;
    const history = JSON.parse(read('history.json'));
    const set = (change: object) =>
      files.set('/x/api/v1/history.json', JSON.stringify({ ...history, ...change }));
    for (const change of [{ weeks: ['yesterday'] }, { boards: [{}] }, { more: 1 }]) {
      set(change);
      expect((await past()).history).toBeNull();
    }
    files.set('/x/api/v1/history.json', '<html>');
    expect((await past()).history).toBeNull();
    set({ sample: true });
    expect((await past()).history).toBeNull();
    const board = { scope: 'global', period: 'all', first_week: 0 };
    set({
      weeks: ['2026-03-08', '2999-01-01'],
      github_ids: [1, 2, 2 ** 52],
      usernames: ['ada', '../evil', 'big'],
      boards: [
        { ...board, people: [0, 1, 2, 99], ranks: [1, 1, 1, 1, 2 ** 40, 0, 5, 5, 7] },
        { ...board, people: [0], ranks: [3, 3] },
        { ...board, first_week: 7, people: [0], ranks: [3] },
        { ...board, scope: 'no/where', people: [0], ranks: [3] },
      ],
    });
    await restorePublished(db, all, await past(), NOW);
    expect(await ranks()).toEqual([
      { taken_on: '2026-03-08', scope: null, period: 'all', login: 'ada', rank: 1 },
    ]);
  });
});
