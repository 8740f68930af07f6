import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import {
  type ChooseFault,
  FAULTS,
  type Fault,
  faultsAt,
  slow,
} from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  track,
  workOff,
} from '../../../support/github/scrape.ts';

/** After any fault on the way: the same rows in the end, and no page fetched more than twice. */
const database = useDatabase();
const WINDOW = { from: MONTH.from, to: at(32), jobType: 'full' } as const;
let github: LocalGithub;
let whole: unknown;

beforeAll(async () => {
  github = await startLocalGithub({
    world: makeWorld(),
    now: at(32),
    limits: { core: 1e6, graphql: 1e6 },
  });
  await startOver(() => undefined);
  await runScrape(database.db, openSource(database.db, connect(github, createTestClock())), WINDOW);
  whole = await readRows(database.db);
});
afterAll(() => github.close());
beforeEach(() => startOver(() => undefined));

let first = 0;

async function startOver(fault: ChooseFault): Promise<void> {
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
  first = github.requests.length;
  github.setFault((request) => fault({ ...request, index: request.index - first }));
}

const ours = () => github.requests.slice(first);

/** The highest number of answers for one page. */
function mostFetched(): number {
  const answered = ours().filter((request) => request.status === 200 && !request.isFault);
  const counts = Map.groupBy(answered, (request) => request.page);
  return Math.max(...[...counts.values()].map((requests) => requests.length));
}

describe('a fault', () => {
  const cases: Record<string, Fault> = { ...FAULTS, slow: slow(400) };
  // A refusal of one page is not a transient fault, and a plain 403 is not repeated.
  const { forbidden, ...passing } = cases;

  it.each(Object.entries(passing))('%s, now and then, changes nothing', async (_name, fault) => {
    await startOver(faultsAt({ 2: fault, 4: fault, 7: fault, 11: fault, 13: fault }));
    const client = connect(github, createTestClock(), { timeoutMs: 300, maximumWaitMs: 1e9 });
    const result = await runScrape(database.db, openSource(database.db, client), WINDOW);
    expect(result).toMatchObject({ completed: 1, failed: 0 });
    expect(await readRows(database.db)).toEqual(whole);
    expect(mostFetched()).toBeLessThanOrEqual(2);
  });

  it('that is a refusal puts the list aside, and the next run reads the rest of it', async () => {
    await startOver(faultsAt({ 9: forbidden as Fault }));
    const source = openSource(database.db, connect(github, createTestClock()));
    expect(await runScrape(database.db, source, WINDOW)).toMatchObject({ completed: 1, failed: 0 });
    expect(await readRows(database.db)).not.toEqual(whole);
    await runScrape(database.db, source, { ...WINDOW, jobType: 'incremental' });
    expect(await readRows(database.db)).toEqual(whole);
    expect(mostFetched()).toBeLessThanOrEqual(2);
  });
});

it('a token that GitHub refuses is not tried again', async () => {
  const body = { message: 'Bad credentials', documentation_url: '' };
  await startOver(() => ({ type: 'answer', status: 401, body }));
  const source = openSource(database.db, connect(github, createTestClock()));
  expect(await runScrape(database.db, source, WINDOW)).toMatchObject({ completed: 0, failed: 1 });
  const job = await database.db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
  expect(job).toMatchObject({ attempts: 1, error_class: 'unauthorized' });
  expect(job.error_message).toContain('GITHUB_TOKEN');
});

it('makes pages shorter while GitHub fails on them, and longer again', async () => {
  const size = (request: { variables: object }) => (request.variables as { size?: number }).size;
  await startOver((request) =>
    request.name === 'pullRequests' && Number(size(request)) > 5 && request.index < 30
      ? FAULTS.resourceLimits
      : undefined,
  );
  const source = openSource(database.db, connect(github, createTestClock()));
  await runScrape(database.db, source, WINDOW);
  expect(await readRows(database.db)).toEqual(whole);
  const sizes = ours().flatMap((r) => (r.name === 'pullRequests' ? [size(r)] : []));
  expect(sizes.slice(0, 5)).toEqual([50, 25, 12, 6, 3]);
  expect(Math.max(...sizes.slice(5).map(Number))).toBeGreaterThan(3);
});

it.each([1, 2, 3, 4, 5, 7, 9, 11])(
  'killed at request %i and run again: the same',
  async (index) => {
    const killer = new AbortController();
    await startOver((request) => {
      if (request.index === index) killer.abort(new Error('killed'));
      return undefined;
    });
    const source = () => openSource(database.db, connect(github, createTestClock()));
    const killed = runScrape(database.db, source(), { ...WINDOW, signal: killer.signal });
    await expect(killed).rejects.toThrow('killed');
    await database.db
      .updateTable('scrape_jobs')
      .set({ lease_until: new Date(0) })
      .execute();
    expect(await workOff(database.db, source(), WINDOW)).toMatchObject({ completed: 1, failed: 0 });
    expect(await readRows(database.db)).toEqual(whole);
    expect(mostFetched()).toBeLessThanOrEqual(2);
  },
);

it('the clock of the machine set back by days: the next request is sent at once', async () => {
  const client = connect(github, createTestClock());
  const ask = () => client.rest('GET /rate_limit', {}, new AbortController().signal);
  await ask();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 86_400_000 });
  onTestFinished(() => void vi.useRealTimers());
  await ask();
  expect(ours()).toHaveLength(2);
}, 30_000);

it('the clock of the machine set back while requests begin: all are sent at once', async () => {
  const client = connect(github, createTestClock());
  const asked: Promise<unknown>[] = [];
  for (let place = 0; place < 60; place++) {
    if (place === 30) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 86_400_000 });
      onTestFinished(() => void vi.useRealTimers());
    }
    asked.push(client.rest('GET /rate_limit', {}, new AbortController().signal));
    await setImmediate();
  }
  await Promise.all(asked);
  expect(ours()).toHaveLength(60);
}, 30_000);
