import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  type TestClock,
  track,
} from '../../../support/github/scrape.ts';

/** Our share of the hourly allowance is spent: the run waits for the next hour, or stops. */
const database = useDatabase();
const WINDOW = { from: MONTH.from, to: at(32) } as const;
const HOUR_MS = 3_600_000;
let clock: TestClock;
let github: LocalGithub;

async function start(limits: { core: number; graphql: number }) {
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
  github = await startLocalGithub({ world: makeWorld(), now: at(32), clock: clock.now, limits });
}

beforeEach(() => {
  clock = createTestClock();
});
afterEach(() => github.close());

async function readWhole() {
  await start({ core: 5000, graphql: 5000 });
  await runScrape(database.db, openSource(database.db, connect(github, clock)), WINDOW);
  await github.close();
  return readRows(database.db);
}

it('waits for the next hour if allowed, and never spends more than its share', async () => {
  const whole = await readWhole();
  await start({ core: 5, graphql: 5 });
  const client = connect(github, clock, { maximumWaitMs: 100 * HOUR_MS });
  await runScrape(database.db, openSource(database.db, client), WINDOW);
  expect(await readRows(database.db)).toEqual(whole);
  expect(clock.slept.length).toBeGreaterThan(1);
  expect(github.requests.every((request) => request.status === 200)).toBe(true);
  expect(github.graphql.used).toBeLessThanOrEqual(4);
});

it('stops if it may not wait, says so, and later runs continue until all is read', async () => {
  const whole = await readWhole();
  await start({ core: 6, graphql: 6 });
  const { db } = database;
  let runs = 0;
  for (let isWhole = false; !isWhole && runs < 10; runs++) {
    await runScrape(db, openSource(db, connect(github, clock)), WINDOW);
    const window = await db.selectFrom('scrape_windows').selectAll().executeTakeFirstOrThrow();
    isWhole = window.completeness === 1;
    if (!isWhole) expect(window.gaps[0]?.reason).toContain('allowance');
    clock.time += HOUR_MS;
  }
  expect(runs).toBeGreaterThan(2);
  expect(await readRows(db)).toEqual(whole);
  const pages = Map.groupBy(github.requests, (request) => request.page);
  const again = [...pages].filter(([page, all]) => all.length > 2 && !isFirstLook(page));
  expect(again.map(([page]) => page)).toEqual([]);
});

/** Every run requests the repository and its head again, and continues from there. */
function isFirstLook(page: string): boolean {
  return page.startsWith('head') || page === '/repos/guild/engine';
}

it('stays due until it is read, even if reading could not start', async () => {
  await start({ core: 6, graphql: 8 });
  const { db } = database;
  await track(db, 'guild/other');
  github.core.used = 5;
  const client = connect(github, clock);
  const ids = { ...WINDOW, repositoryIds: [1, 2] };
  expect(await runScrape(db, openSource(db, client), ids)).toMatchObject({ completed: 1 });
  const rows = await db.selectFrom('repositories').selectAll().orderBy('id').execute();
  expect(rows.map((row) => row.last_scraped_at)).toEqual([null, null]);
  const windows = await db.selectFrom('scrape_windows').selectAll().execute();
  expect(windows.map((window) => window.completeness)).toEqual([0, 0]);
  const wanted = await db.selectFrom('source_cursors').selectAll().where('list', '=', 'wanted');
  const froms = (await wanted.execute()).map(({ state }) => (state as { from: string }).from);
  expect(froms).toEqual([WINDOW.from, WINDOW.from].map((from) => new Date(from).toISOString()));
  // A later run requests a day only: the earlier windows are read as well.
  clock.time += HOUR_MS;
  github.core.used = -1000;
  github.graphql.used = -1000;
  const day = { from: at(31), to: at(32) };
  await runScrape(db, openSource(db, connect(github, clock, { allowanceShare: 1 })), day);
  const first = await db.selectFrom('repositories').selectAll().where('id', '=', 1).execute();
  expect(first[0]?.last_scraped_at).toEqual(new Date(WINDOW.to));
  expect((await readRows(db)).length).toBeGreaterThan(500);
});

it('waits no longer than allowed in total', async () => {
  await start({ core: 5, graphql: 5 });
  const client = connect(github, clock, { maximumWaitMs: 1.1 * HOUR_MS });
  await runScrape(database.db, openSource(database.db, client), WINDOW);
  expect(clock.slept.length).toBe(1);
  const window = await database.db
    .selectFrom('scrape_windows')
    .selectAll()
    .executeTakeFirstOrThrow();
  expect(window.gaps[0]?.reason).toContain('allowance');
});

it("also waits at GitHub's own limit, when others spend from it", async () => {
  const whole = await readWhole();
  await start({ core: 5000, graphql: 5000 });
  github.setFault(({ index }) => {
    if (index === 6) github.graphql.used = github.graphql.limit;
    return undefined;
  });
  const client = connect(github, clock, { maximumWaitMs: 2 * HOUR_MS });
  await runScrape(database.db, openSource(database.db, client), WINDOW);
  expect(await readRows(database.db)).toEqual(whole);
  expect(clock.slept.some((ms) => ms > HOUR_MS / 2)).toBe(true);
});

describe('a wait that GitHub asks for', () => {
  const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes.';
  const now = () => Math.ceil(clock.now() / 1000);
  const CASES: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
    'a day': () => ({ 'retry-after': '86400' }),
    'thirty years': () => ({ 'retry-after': '999999999' }),
    'no number that a date could have': () => ({ 'retry-after': '9'.repeat(30) }),
    'a reset in a year': () => ({
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now() + 365 * 86_400),
    }),
    'a reset after the end of all dates': () => ({
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '9'.repeat(20),
    }),
  };

  it.each([
    ['a day', 429, 'Too many'],
    ['thirty years', 403, SECONDARY],
    ['no number that a date could have', 429, SECONDARY],
    ['a reset in a year', 403, 'Too many'],
    ['a reset after the end of all dates', 429, 'Too many'],
  ])('%s, with %i and "%s", ends the attempt and not the run', async (name, status, message) => {
    await start({ core: 1e6, graphql: 1e6 });
    github.setFault(({ name: asked }) => {
      if (asked !== 'issues') return undefined;
      return { type: 'answer', status, body: { message }, headers: CASES[name]?.() ?? {} };
    });
    const { db } = database;
    const client = connect(github, clock, { maximumWaitMs: HOUR_MS });
    expect(await runScrape(db, openSource(db, client), WINDOW)).toMatchObject({
      completed: 1,
      failed: 0,
    });
    const window = await db.selectFrom('scrape_windows').selectAll().executeTakeFirstOrThrow();
    expect(window.completeness).toBe(0);
    expect(window.gaps[0]?.reason).toMatch(/allowance for us is spent until \d{4}-/);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(HOUR_MS);
    // What came before it is stored, and a later run goes on there.
    const kinds = new Set((await readRows(db)).map((row) => row.kind));
    expect([kinds.has('COMMIT'), kinds.has('PR_OPENED'), kinds.has('ISSUE_OPENED')]).toEqual([
      true,
      true,
      false,
    ]);
    github.setFault(() => undefined);
    await runScrape(db, openSource(db, connect(github, clock)), WINDOW);
    const after = await db.selectFrom('scrape_windows').select('completeness').execute();
    expect(after.map((row) => row.completeness)).toContain(1);
  });

  it.each(['-5', 'soon'])('of %s seconds is one at least', async (seconds) => {
    await start({ core: 1e6, graphql: 1e6 });
    github.setFault(() => ({
      type: 'answer',
      status: 429,
      body: { message: SECONDARY },
      headers: { 'retry-after': seconds },
    }));
    const client = connect(github, clock, { maximumWaitMs: 10_000 });
    const { signal } = new AbortController();
    await expect(client.rest('GET /rate_limit', {}, signal)).rejects.toThrow('allowance for us');
    await expect(client.graphql('query x { viewer { login } }', {}, signal)).rejects.toThrow();
    expect(github.requests.length).toBeLessThan(150);
  });
});
