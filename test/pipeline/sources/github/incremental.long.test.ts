import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld, sha } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  track,
} from '../../../support/github/scrape.ts';

/** A month read day by day, with late merges, late commits, edits, a rename and a force push. */
const database = useDatabase();
let github: LocalGithub;

beforeAll(async () => {
  github = await startLocalGithub({ world: makeWorld(), limits: { core: 1e6, graphql: 1e6 } });
});
afterAll(() => github.close());

async function startOver(db: Db): Promise<void> {
  await emptyTables(db);
  await track(db, 'ada/engine');
}

/** One run a day, at two in the morning; each window begins a day before the last end. */
async function readDayByDay(db: Db): Promise<void> {
  const read = openSource(db, connect(github, createTestClock()), true);
  for (let day = 2; day <= 32; day++) {
    const now = at(day, 120);
    github.setNow(now);
    const from = day === 2 ? MONTH.from : at(day - 2, 120);
    await runScrape(db, read, { from, to: now, jobType: day === 2 ? 'full' : 'incremental' });
  }
}

async function readAtOnce(db: Db): Promise<void> {
  const now = at(32, 120);
  github.setNow(now);
  const read = openSource(db, connect(github, createTestClock()), true);
  await runScrape(db, read, { from: MONTH.from, to: now, jobType: 'full' });
}

it('ends with the same rows as a single full read', async () => {
  const { db } = database;
  await startOver(db);
  await readAtOnce(db);
  const whole = await readRows(db);
  await startOver(db);
  await readDayByDay(db);
  expect(await readRows(db)).toEqual(whole);
  expect(whole.length).toBeGreaterThan(500);
  const ids = whole.map((row) => row.event_id);
  expect(ids).not.toContain(`commit:${sha('b20')}`); // lost by the force push
  expect(ids).toContain(`commit:${sha('forced1')}`);
  expect(ids).toContain(`commit:${sha('late5')}`);
  expect(whole.some((row) => row.login === 'benjamin')).toBe(true);
  expect(whole.some((row) => row.login === 'ben')).toBe(false);
  expect(github.violations).toEqual([]);
});

it('counts a reopened issue by its first closing, and no review by the author', async () => {
  const rows = new Map((await readRows(database.db)).map((row) => [row.event_id, row]));
  expect(rows.get('issue:104:closed')).toMatchObject({
    login: 'eve',
    occurred_at: toIso(at(7, 5)),
  });
  expect([...rows.keys()].filter((id) => id.startsWith('review:3000004')).length).toBeGreaterThan(
    100,
  );
  expect(rows.has('review:3000005000')).toBe(false); // pending
  expect(rows.get('release:12')).toMatchObject({ occurred_at: toIso(at(25, 30)) });
  expect(rows.has('release:13')).toBe(false); // a draft
});

const toIso = (time: string) => new Date(time).toISOString();

it('reads further back on request, and again in full without any change', async () => {
  const { db } = database;
  const whole = await readRows(db);
  await startOver(db);
  const read = openSource(db, connect(github, createTestClock()), true);
  const now = at(32, 120);
  await runScrape(db, read, { from: at(25), to: now });
  expect((await readRows(db)).length).toBeLessThan(whole.length / 2);
  await runScrape(db, read, { from: MONTH.from, to: now });
  expect(await readRows(db)).toEqual(whole);
  await db.deleteFrom('contribution_events').where('subject_number', '=', 14).execute();
  await runScrape(db, read, { from: MONTH.from, to: now, jobType: 'full' });
  expect(await readRows(db)).toEqual(whole);
});

it('reads nothing again before the configured date', async () => {
  const { db } = database;
  await startOver(db);
  const date = new Date(at(20));
  await db.updateTable('repositories').set({ never_rescrape_before: date }).execute();
  const read = openSource(db, connect(github, createTestClock()));
  await runScrape(db, read, { from: MONTH.from, to: at(32, 120), jobType: 'full' });
  const times = (await readRows(db)).map((row) => row.occurred_at);
  expect(times.every((time) => time >= date.toISOString())).toBe(true);
  expect(times.length).toBeGreaterThan(100);
});

it('detects a rewritten branch even if GitHub has deleted the former commits', async () => {
  const { db } = database;
  const lost = new Set(['a20', 'b20', 'merge20', 'late20', 'later20'].map(sha));
  const [data] = makeWorld().repositories;
  const commits = data?.commits.filter((commit) => !lost.has(commit.sha)) ?? [];
  const pushes = data?.pushes.filter((push) => !lost.has(push.head)) ?? [];
  await startOver(db);
  const read = openSource(db, connect(github, createTestClock()));
  github.setNow(at(20, 900));
  await runScrape(db, read, { from: MONTH.from, to: at(20, 900) });
  expect((await readRows(db)).map((row) => row.event_id)).toContain(`commit:${sha('b20')}`);
  github.setWorld(makeWorld({ commits, pushes }));
  github.setNow(at(32, 120));
  await runScrape(db, read, { from: at(19), to: at(32, 120) });
  const jobs = await db.selectFrom('scrape_jobs').select('noticed').orderBy('id').execute();
  expect(jobs.map((job) => job.noticed)).toEqual([{}, { rewritten_branch: 1, deleted: 4 }]);
  const rows = await readRows(db);
  await readAtOnceInto(db);
  expect(rows).toEqual(await readRows(db));
});

async function readAtOnceInto(db: Db): Promise<void> {
  await startOver(db);
  const read = openSource(db, connect(github, createTestClock()));
  await runScrape(db, read, { from: MONTH.from, to: at(32, 120), jobType: 'full' });
}
