import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld, PEOPLE, sha } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  track,
} from '../../../support/github/scrape.ts';
import type { CommitData, Person } from '../../../support/github/world.ts';

/** Commits of many people, and of clocks that are years off. */

const database = useDatabase();
let github: LocalGithub;

beforeAll(async () => {
  github = await startLocalGithub({ world: makeWorld(), now: at(31) });
});
afterAll(() => github.close());
beforeEach(async () => {
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
});

const crowd: readonly Person[] = Array.from({ length: 230 }, (_, index) => ({
  id: 70_000 + index,
  login: `hand${index}`,
  type: 'User',
}));

/** Commits one upon the other, in this order. */
const chain = (...dates: readonly string[]): CommitData[] =>
  dates.map((committedAt, index) => ({
    sha: sha(`chain${index}`),
    author: PEOPLE.ada,
    authorEmail: 'ada@example.org',
    committedAt,
    additions: 1,
    deletions: 0,
    parents: index > 0 ? [sha(`chain${index - 1}`)] : [],
  }));

const read = (day: number, jobType: 'full' | 'incremental' = 'incremental') =>
  runScrape(database.db, openSource(database.db, connect(github, createTestClock()), true), {
    from: MONTH.from,
    to: at(day),
    now: at(day),
    jobType,
  });

const push = (day: number, commits: readonly CommitData[]) => ({
  at: at(day),
  head: commits.at(-1)?.sha ?? '',
});

describe('the co-authors of a commit', () => {
  it.each([0, 1, 9, 10, 14, 109, 110, 230])('are all credited: %i', async (count) => {
    const [alone] = chain(at(2)) as [CommitData];
    const commits = [{ ...alone, coAuthors: crowd.slice(0, count) }];
    github.setWorld(makeWorld({ commits, pushes: [push(3, commits)], commitComments: [] }));
    await read(5);
    const people = (await readRows(database.db)).filter(({ kind }) => kind === 'COMMIT');
    expect(new Set(people.map(({ user_id }) => user_id)).size).toBe(count + 1);
  });
});

describe('an address that names an app', () => {
  const helper = (id: number) => `${id}+helper[bot]@users.noreply.github.com`;

  it('credits it, and neither renames nor hides a person whose id somebody wrote there', async () => {
    const [hand] = crowd as [Person];
    const [real, forged, other] = chain(at(2), at(6), at(6, 20)) as [
      CommitData,
      CommitData,
      CommitData,
    ];
    const commits = [
      { ...real, author: hand },
      { ...forged, author: null, authorEmail: helper(hand.id) },
      { ...other, author: null, authorEmail: helper(88_000) },
    ];
    const pushes = [push(3, commits.slice(0, 1)), push(6, commits)];
    github.setWorld(makeWorld({ commits, pushes, commitComments: [] }));
    for (const day of [5, 7]) {
      github.setNow(at(day));
      await read(day);
    }
    const rows = (await readRows(database.db)).filter(({ kind }) => kind === 'COMMIT');
    expect(rows.map(({ login, type }) => `${login} ${type}`).toSorted()).toEqual(
      ['hand0 User', 'hand0 User', 'helper[bot] null'].toSorted(),
    );
  });
});

describe('commits of wrong clocks', () => {
  const OLD = '1970-01-01T00:00:00Z';
  const FAR = '2038-01-19T03:14:07Z';

  it.each([
    ['1970 and 2038', [at(2), OLD, FAR, at(3)], { before: 1, after: 1 }, 2],
    ['none', [at(2), at(3)], { before: 0, after: 0 }, 2],
    ['only such', [OLD, '1999-12-31T23:59:59Z', FAR], { before: 2, after: 1 }, 0],
    ['an hour ahead of the run', [at(2), at(5, 60)], { before: 0, after: 0 }, 1],
  ] as const)('are reported, found at once: %s', async (_, dates, outside, counted) => {
    const commits = chain(...dates);
    github.setWorld(makeWorld({ commits, pushes: [push(4, commits)], commitComments: [] }));
    await read(5);
    expect(await reported()).toEqual(outside);
    expect(await countCommits()).toBe(counted);
    await read(5, 'full');
    expect(await reported()).toEqual(outside);
  });

  it('are reported, found night by night', async () => {
    const commits = chain(at(2), OLD, FAR, at(3), OLD, FAR);
    const pushes = [push(4, commits.slice(0, 1)), push(6, commits.slice(0, 4)), push(8, commits)];
    github.setWorld(makeWorld({ commits, pushes, commitComments: [] }));
    const nights: unknown[] = [];
    for (const day of [5, 7, 9, 10]) {
      github.setNow(at(day));
      await read(day);
      nights.push(await reported());
    }
    const [one, two, three] = [0, 1, 2].map((count) => ({ before: count, after: count }));
    expect(nights).toEqual([one, two, three, three]);
  });

  async function reported() {
    const { before, after } = await database.db
      .selectFrom('repositories')
      .select(['commits_before_window as before', 'commits_after_window as after'])
      .executeTakeFirstOrThrow();
    return { before, after };
  }

  const countCommits = async () =>
    (await readRows(database.db)).filter(({ kind }) => kind === 'COMMIT').length;
});
