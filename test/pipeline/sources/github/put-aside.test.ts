import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readListPositions } from '../../../../db/queries/github-lists.ts';
import { countRefusedOfLastRun } from '../../../../db/queries/jobs.ts';
import { insertRun } from '../../../../db/queries/runs.ts';
import { PUT_ASIDE, parsePartsPutAside } from '../../../../pipeline/domain/put-aside.ts';
import { DAY_MS } from '../../../../pipeline/domain/time.ts';
import { backfillMissingNumbers } from '../../../../pipeline/stages/missing-numbers/index.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import type { Reply } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  silentLog,
  track,
} from '../../../support/github/scrape.ts';

/** Single items of GitHub that can't be read or stored: counted, kept as dead letters, within a bound. */
const database = useDatabase();
const WINDOW = { from: MONTH.from, to: at(32), jobType: 'full' } as const;
let github: LocalGithub;
let whole: Awaited<ReturnType<typeof readRows>>;

const scrapeAll = () => {
  const source = openSource(database.db, connect(github, createTestClock()));
  return runScrape(database.db, source, WINDOW);
};

beforeAll(async () => {
  const limits = { core: 1e6, graphql: 1e6 };
  github = await startLocalGithub({ world: makeWorld(), now: at(32), limits });
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
  await scrapeAll();
  whole = await readRows(database.db);
});
afterAll(() => github.close());
beforeEach(async () => {
  github.setFault(() => undefined);
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
});

type Issue = Record<string, unknown>;

/** Changes the first page of issues. */
function changeIssues(change: (issues: Issue[]) => void): void {
  github.setFault(({ name }) => {
    if (name !== 'issues') return undefined;
    return {
      type: 'changed',
      change(reply: Reply) {
        const { data } = reply.body as { data: { repository: { issues: { nodes: Issue[] } } } };
        change(data.repository.issues.nodes);
        return reply;
      },
    };
  });
}

const readJob = () => database.db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
const readLetters = () =>
  database.db.selectFrom('dead_letters').selectAll().orderBy('id').execute();
const set = (issue: Issue | undefined, changes: Issue) => Object.assign(issue ?? {}, changes);

it('is counted and kept as a dead letter, and all others are stored', async () => {
  const numbers: unknown[] = [];
  changeIssues((issues) => {
    numbers.push(...issues.slice(0, 4).map(({ number }) => number));
    set(issues[0], { createdAt: 'yesterday' });
    set(issues[1], { number: 2 ** 60 });
    set(issues[2], { createdAt: null });
    set(issues[3], { number: 2 ** 40 });
  });
  expect(await scrapeAll()).toMatchObject({ completed: 1, failed: 0 });
  const lost = whole.filter(
    ({ event_id, subject_number }) =>
      event_id.startsWith('issue:') && numbers.includes(subject_number),
  );
  expect(await readRows(database.db)).toEqual(whole.filter((row) => !lost.includes(row)));
  const job = await readJob();
  // One item, or one contribution of an item, each.
  expect(Number(job.skipped?.constraint)).toBeGreaterThanOrEqual(4);
  expect(job.events_processed).toBe(
    job.contributions_kept + Object.values(job.skipped ?? {}).reduce((sum, n) => sum + n, 0),
  );
  const letters = await readLetters();
  expect(letters.length).toBe(job.skipped?.constraint);
  expect(letters.map(({ error_message }) => error_message)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^GitHub's createdAt: /),
      expect.stringMatching(/^GitHub's number: /),
      expect.stringMatching(/^eventId|^subjectNumber: /),
    ]),
  );
  expect(letters[0]).toMatchObject({ job_id: job.id, payload: { number: String(numbers[0]) } });
});

it.each([
  [10, { completed: 1, failed: 0 }],
  [11, { completed: 0, failed: 1 }],
])('%i of them end in %j', async (count, result) => {
  changeIssues((issues) => {
    for (const issue of issues.slice(0, count)) issue.createdAt = '2025-02-30T00:00:00Z';
  });
  expect(await scrapeAll()).toMatchObject(result);
  const job = await readJob();
  expect(job.skipped).toMatchObject({ constraint: count });
  if (result.completed === 1) return;
  expect(job.error_message).toMatch(/^11 of \d+ items could not be stored/);
  expect(await database.db.selectFrom('scrape_windows').selectAll().execute()).toEqual([]);
});

it('a number that the database refuses keeps no other number from being found', async () => {
  const { db } = database;
  await scrapeAll();
  const missing = ['pr:12:opened', 'pr:13:opened', 'pr:15:opened'];
  const ours = whole.filter((row) => missing.includes(row.event_id));
  await db.deleteFrom('contribution_events').where('event_id', 'in', missing).execute();
  await db
    .updateTable('repositories')
    .set({ status: 'ACTIVE', data_until: new Date(at(32)) })
    .execute();
  await sql`ALTER TABLE contribution_events ADD CONSTRAINT no_13
    CHECK (event_id <> 'pr:13:opened')`.execute(db);
  const run = () =>
    backfillMissingNumbers({
      db,
      log: silentLog,
      client: connect(github, createTestClock()),
      now: new Date(at(32)),
      signal: new AbortController().signal,
      countHidden: false,
    });
  try {
    await insertRun(db, ['github'], new Date(at(32)));
    expect(await run()).toMatchObject({ refused: 1, isStopped: false });
    const rows = await readRows(db);
    expect(rows.filter((row) => missing.includes(row.event_id))).toEqual(
      ours.filter(({ event_id }) => event_id !== 'pr:13:opened'),
    );
    await run();
    expect(await readLetters()).toMatchObject([
      { job_id: null, source: 'github', payload: { event_id: 'pr:13:opened' } },
    ]);
    const counts = JSON.stringify({ items_refused: 1 });
    await db.updateTable('pipeline_runs').set({ counts }).execute();
    expect(await countRefusedOfLastRun(db)).toBe(1);
  } finally {
    await sql`ALTER TABLE contribution_events DROP CONSTRAINT no_13`.execute(db);
  }
});

it('a number that GitHub can not show is no hole: it is asked for again a week later', async () => {
  const { db } = database;
  const now = new Date(at(32));
  github.setWorld(makeWorld({ unshown: ['pr:14', 'issue:110'] }));
  try {
    await scrapeAll();
    const run = (days: number) =>
      backfillMissingNumbers({
        db,
        log: silentLog,
        client: connect(github, createTestClock()),
        now: new Date(now.getTime() + days * DAY_MS),
        signal: new AbortController().signal,
        countHidden: false,
      });
    await db.updateTable('repositories').set({ status: 'ACTIVE', data_until: now }).execute();
    expect(await run(0)).toMatchObject({ refused: 2, isStopped: false });
    const missing = await db.selectFrom('missing_numbers').select('number').execute();
    expect(missing.map(({ number }) => number)).not.toEqual(expect.arrayContaining([14, 110]));
    const parts = async () =>
      parsePartsPutAside((await readListPositions(db, 1)).get(PUT_ASIDE))
        .filter(({ list }) => list === 'numbers')
        .map(({ item }) => item);
    expect((await parts()).toSorted()).toEqual(['#110', '#14']);
    github.setWorld(makeWorld());
    expect(await run(1)).toMatchObject({ refused: 0, found: 0 });
    expect(await run(8)).toMatchObject({ refused: 0 });
    const ids = (rows: typeof whole) =>
      rows.map(({ event_id }) => event_id).filter((id) => /^(pr:14|issue:110):/.test(id));
    expect(ids(await readRows(db))).toEqual(ids(whole));
    expect(await parts()).toEqual([]);
  } finally {
    github.setWorld(makeWorld());
  }
});
