import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
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
import type { RepositoryData } from '../../../support/github/world.ts';

/** Looks that are killed, stopped, or made while the list changes. */
const database = useDatabase();
let github: LocalGithub;
/** After all that happens in the world. */
const NOW = at(45, 120);
const LATER = at(46, 120);

beforeAll(async () => {
  github = await startLocalGithub({ world: makeWorld(), limits: { core: 1e6, graphql: 1e6 } });
});
afterAll(() => github.close());
beforeEach(async () => {
  github.setFault(() => undefined);
  github.setWorld(makeWorld());
  github.setNow(NOW);
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
  await read('full', NOW);
});

const data = makeWorld().repositories[0] as RepositoryData;
const ids = async () => (await readRows(database.db)).map((row) => row.event_id);

function read(
  jobType: 'full' | 'incremental',
  now: string,
  signal?: AbortSignal,
  countHidden = false,
) {
  github.setNow(now);
  const source = openSource(database.db, connect(github, createTestClock()), false, countHidden);
  const run = { from: MONTH.from, to: now, jobType, ...(signal && { signal }) };
  return runScrape(database.db, source, run);
}

const goneAt = at(45, 600);

/** Some of each page of comments. */
const deleted = data.comments.filter((_, index) => index % 40 === 0);
const fewerComments = makeWorld({
  comments: data.comments.map((one) => (deleted.includes(one) ? { ...one, goneAt } : one)),
});
const isComments = (name: string) => name.endsWith('/issues/comments');

it('is resumed where it was killed, and takes out what it did not meet in either part', async () => {
  github.setWorld(fewerComments);
  const killed = new AbortController();
  let pages = 0;
  github.setFault(({ name }) => {
    if (isComments(name) && ++pages === 2) killed.abort();
    return undefined;
  });
  await expect(read('full', LATER, killed.signal)).rejects.toThrow();
  const before = await ids();
  for (const { id } of deleted) expect(before).toContain(`comment:${id}`);
  github.setFault(() => undefined);
  const start = github.requests.length;
  await database.db
    .updateTable('scrape_jobs')
    .set({ status: 'QUEUED', lease_until: null })
    .where('status', '=', 'RUNNING')
    .execute();
  const source = openSource(database.db, connect(github, createTestClock()));
  await workOff(database.db, source, { to: LATER });
  const since = github.requests.slice(start).filter(({ name }) => isComments(name));
  // Not from the beginning of the month again.
  expect(String(since[0]?.variables.since) > MONTH.from).toBe(true);
  const after = await ids();
  expect(before.filter((id) => !after.includes(id)).toSorted()).toEqual(
    deleted.map(({ id }) => `comment:${id}`).toSorted(),
  );
});

it('takes nothing out of a list of which a page fails', async () => {
  github.setWorld(fewerComments);
  let pages = 0;
  github.setFault(({ name }) =>
    isComments(name) && ++pages > 1
      ? { type: 'answer', status: 422, body: { message: 'no' } }
      : undefined,
  );
  expect(await read('full', LATER)).toMatchObject({ failed: 1 });
  expect(await ids()).toEqual(expect.arrayContaining(deleted.map(({ id }) => `comment:${id}`)));
});

it('keeps a pull request that changes its place while the list is read', async () => {
  // The 31 fit into one page: so that there are two, GitHub can't bear the first.
  const touched = {
    ...data.pullRequests[0],
    touchedAt: [LATER],
  } as RepositoryData['pullRequests'][0];
  let pages = 0;
  github.setFault(({ name, variables }) => {
    if (name !== 'pullRequests') return undefined;
    pages += 1;
    if (variables.size === 50) return { type: 'answer', status: 502, body: 'too heavy' };
    if (pages === 3) {
      github.setWorld(makeWorld({ pullRequests: [touched, ...data.pullRequests.slice(1)] }));
    }
    return undefined;
  });
  const before = await ids();
  await read('full', LATER);
  expect(pages).toBeGreaterThan(2);
  expect(github.requests.some(({ name }) => name === 'numbers')).toBe(true);
  expect(await ids()).toEqual(before);
});

it('goes on in a later night when the rate limit is spent, and waits for nothing', async () => {
  github.setWorld(fewerComments);
  github.setNow(LATER);
  const { db } = database;
  const job = {
    source: 'github',
    jobType: 'recheck',
    repositoryIds: [1],
    from: new Date(MONTH.from),
    to: new Date(LATER),
    lists: ['issue_comments'],
  } as const;
  const requests = async () => {
    await insertJobs(db, null, [job]);
    // Two requests are left in this hour: the repository, and one page.
    const clock = createTestClock();
    const client = connect(github, clock, { maximumWaitMs: 1e9, allowanceShare: 2.5e-6 });
    const start = github.requests.length;
    const result = await workOff(db, openSource(db, client), { to: LATER });
    expect(result).toMatchObject({ completed: 1, failed: 0 });
    expect(clock.slept).toEqual([]);
    return github.requests.slice(start).map(({ page }) => page);
  };
  const nights: string[][] = [];
  while (nights.length < 9 && (await ids()).includes(`comment:${deleted[0]?.id}`)) {
    nights.push(await requests());
  }
  expect(nights.length).toBeGreaterThan(1);
  expect(nights.length).toBeLessThan(9);
  const pages = nights.flat().filter((page) => page.includes('/issues/comments'));
  expect(new Set(pages).size).toBe(pages.length);
  // What is known of any time is as it was: nothing new was read.
  const windows = await db.selectFrom('scrape_windows').select('window_to').execute();
  expect(windows.map(({ window_to: end }) => end.getTime())).toEqual([Date.parse(NOW)]);
});

it('of commits gives up when the branch is rewritten under it, and brings none back', async () => {
  const { db } = database;
  const states = await db
    .selectFrom('source_cursors')
    .select('state')
    .where('list', '=', 'commits')
    .executeTakeFirstOrThrow();
  const [head] = data.pushes.slice(-1) as [RepositoryData['pushes'][0]];
  const recheck = {
    ...{ from: MONTH.from, base: null, head: head.head, cursor: `${head.head} 9`, deferred: [] },
    ...{ began_at: NOW, is_read: false },
  };
  await db
    .updateTable('source_cursors')
    .set({ state: JSON.stringify({ ...(states.state as object), recheck }) })
    .where('list', '=', 'commits')
    .execute();
  const base = data.commits.find(({ sha }) => sha === head.head)?.parents[0] as string;
  const commit = { ...data.commits[0], sha: 'f'.repeat(40), parents: [base], committedAt: goneAt };
  github.setWorld(
    makeWorld({
      commits: [...data.commits, commit as RepositoryData['commits'][0]],
      pushes: [...data.pushes, { at: goneAt, head: commit.sha }],
    }),
  );
  await read('incremental', LATER);
  const after = await db
    .selectFrom('source_cursors')
    .select('state')
    .where('list', '=', 'commits')
    .executeTakeFirstOrThrow();
  expect(after.state).toMatchObject({ head: commit.sha, recheck: null });
  expect(await ids()).not.toContain(`commit:${head.head}`);
});

it('counts what was hidden as spam if the setting says so', async () => {
  const hidden = { at: goneAt, reason: 'spam' };
  github.setWorld(makeWorld({ reviews: data.reviews.map((one) => ({ ...one, hidden })) }));
  const reviews = async () => (await ids()).filter((id) => id.startsWith('review:')).length;
  const before = await reviews();
  await read('full', LATER);
  expect(await reviews()).toBe(0);
  await read('full', LATER, undefined, true);
  expect(await reviews()).toBe(before);
});
