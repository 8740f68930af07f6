import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchNumbers } from '../../../../pipeline/sources/github/numbers.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { leftOut } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  track,
} from '../../../support/github/scrape.ts';

/** GraphQL may answer 200 with incomplete data: nothing may be skipped because of it. */
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
  await startOver();
  await read();
  whole = await readRows(database.db);
});
afterAll(() => github.close());
beforeEach(startOver);

async function startOver(): Promise<void> {
  github.setFault(() => undefined);
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
}

const read = () =>
  runScrape(database.db, openSource(database.db, connect(github, createTestClock())), WINDOW);

interface Data {
  repository: Record<string, { nodes: ({ reviews: unknown } | null)[] }>;
}
const lists = (change: (data: Data) => void) => change as (data: never) => void;
/** Makes a node of a list null. */
const withoutNode = (list: string) =>
  lists(({ repository }) => repository[list]?.nodes.splice(1, 1, null));
const withoutReviews = lists(({ repository }) => {
  for (const pull of repository.pullRequests?.nodes ?? []) if (pull) pull.reviews = null;
});
const withoutAliases = (data: Record<string, unknown>) => {
  for (const alias of Object.keys(data)) if (/^p\d+$/.test(alias)) data[alias] = null;
};

describe.each([
  ['pullRequests', 'a pull request', withoutNode('pullRequests')],
  ['pullRequests', 'all reviews', withoutReviews],
  ['furtherReviews', 'further reviews', withoutAliases as (data: never) => void],
  ['issues', 'an issue', withoutNode('issues')],
  ['commitComments', 'a comment on a commit', withoutNode('commitComments')],
])('an answer to %s without %s', (name, _what, leaveOut) => {
  it('is requested again', async () => {
    let isFirst = true;
    github.setFault((request) => {
      if (request.name !== name || !isFirst) return undefined;
      isFirst = false;
      return leftOut(leaveOut, ['somewhere']);
    });
    expect(await read()).toMatchObject({ completed: 1, failed: 0 });
    expect(isFirst).toBe(false);
    expect(await readRows(database.db)).toEqual(whole);
  });
});

it('fails the job, and does not record as read a list of which too much stays away', async () => {
  const withoutAll = lists(({ repository }) => repository.issues?.nodes.fill(null));
  github.setFault(({ name }) =>
    name === 'issues' ? leftOut(withoutAll, ['repository', 'issues', 'nodes', 0]) : undefined,
  );
  expect(await read()).toMatchObject({ completed: 0, failed: 1 });
  const job = await database.db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
  expect(job.error_message).toMatch(/^31 of \d+ items could not be stored/);
  expect(await database.db.selectFrom('scrape_windows').selectAll().execute()).toEqual([]);
});

describe('a number for which GitHub gives no data', () => {
  const ask = () =>
    fetchNumbers(
      connect(github, createTestClock()),
      { id: 1, owner: 'guild', name: 'engine' },
      [12, 50],
      { signal: new AbortController().signal, countHidden: false },
    );
  const without12 = (data: { repository: Record<string, unknown> }) => {
    data.repository.n0 = null;
  };

  it('is gone only if GitHub reports that it is not found', async () => {
    const { missing } = await ask();
    expect(missing).toEqual([{ number: 50, reason: 'GONE' }]);
  });

  it('is requested again if something else is wrong', async () => {
    let isFirst = true;
    github.setFault(() => {
      if (!isFirst) return undefined;
      isFirst = false;
      return leftOut(without12 as (data: never) => void, ['repository', 'n0']);
    });
    const { outcomes, missing } = await ask();
    expect(missing.map(({ number }) => number)).toEqual([50]);
    expect(outcomes.length).toBeGreaterThan(0);
  });

  it('is an error if GitHub gives no reason', async () => {
    const errors: [] = [];
    const leaveOut = without12 as (data: never) => void;
    github.setFault(() => ({ type: 'partial', leaveOut, errors }));
    await expect(ask()).rejects.toThrow('12');
  });
});
