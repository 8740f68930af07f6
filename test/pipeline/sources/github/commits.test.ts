import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import type { Fault } from '../../../support/github/faults.ts';
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
import type { CommitData } from '../../../support/github/world.ts';

/** The stored commits if a comparison or a walk loses its start on the way. */
const database = useDatabase();
let github: LocalGithub;

/** A straight line of commits, a minute apart. */
const line = (name: string, count: number, parent: string | null, day: number): CommitData[] =>
  Array.from({ length: count }, (_, index) => ({
    sha: sha(`${name}${index}`),
    author: PEOPLE.ada,
    authorEmail: 'ada@example.org',
    committedAt: at(day, index),
    additions: 3,
    deletions: 1,
    parents: [index > 0 ? sha(`${name}${index - 1}`) : parent].filter((id) => id !== null),
  }));
const OLD = line('old', 250, null, 2);
const NEW = line('new', 250, sha('old249'), 10);
const OLD_PUSH = { at: at(3), head: sha('old249') };
const NEW_PUSH = { at: at(11), head: sha('new249') };

const worldOf = (commits: CommitData[], ...pushes: { at: string; head: string }[]) =>
  makeWorld({ commits, pushes });

beforeAll(async () => {
  github = await startLocalGithub({
    world: makeWorld(),
    now: at(31),
    limits: { core: 1e6, graphql: 1e6 },
  });
});
afterAll(() => github.close());
beforeEach(async () => {
  github.setFault(() => undefined);
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
});

const read = (day: number, jobType: 'full' | 'incremental' = 'incremental', to = at(day)) =>
  runScrape(database.db, openSource(database.db, connect(github, createTestClock())), {
    from: MONTH.from,
    to,
    now: at(day),
    jobType,
  });

async function commits(): Promise<string[]> {
  const rows = await readRows(database.db);
  return rows.flatMap((row) => (row.kind === 'COMMIT' ? [row.event_id] : [])).sort();
}
const idsOf = (...all: CommitData[][]) =>
  all
    .flat()
    .map((c) => `commit:${c.sha}`)
    .sort();

async function noticed() {
  const jobs = await database.db
    .selectFrom('scrape_jobs')
    .select('noticed')
    .orderBy('id')
    .execute();
  return jobs.map((job) => job.noticed);
}

const NOT_FOUND: Fault = { type: 'answer', status: 404, body: { message: 'Not Found' } };
/** GitHub does not know a commit. */
const noObject: Fault = {
  type: 'partial',
  errors: [],
  leaveOut: ((data: { repository: { object: unknown } }) => {
    data.repository.object = null;
  }) as (data: never) => void,
};

describe('a comparison', () => {
  const secondPage = (fault: Fault) => () =>
    github.setFault(({ kind, name, variables }) =>
      kind === 'rest' && name.includes('/compare/') && variables.page === '2' ? fault : undefined,
    );

  it.each([
    ['is forgotten in the middle', NOT_FOUND, 'rewritten_branch'],
    ['is refused in the middle', { ...NOT_FOUND, status: 500 }, 'comparison_refused'],
  ])('that %s goes on as a walk', async (_what, fault, notice) => {
    github.setWorld(worldOf(OLD, OLD_PUSH));
    await read(5);
    github.setWorld(worldOf([...OLD, ...NEW], OLD_PUSH, NEW_PUSH));
    secondPage(fault)();
    expect(await read(12)).toMatchObject({ completed: 1 });
    expect(await commits()).toEqual(idsOf(OLD, NEW));
    expect(await noticed()).toEqual([{}, { [notice]: 1 }]);
  });

  it.each([422, 500, 502])('refused for its size by %i is replaced by a walk', async (status) => {
    github.setWorld(worldOf(OLD, OLD_PUSH));
    await read(5);
    github.setWorld(worldOf([...OLD, ...NEW], OLD_PUSH, NEW_PUSH));
    github.setFault(({ name }) =>
      name.includes('/compare/') ? { ...NOT_FOUND, status } : undefined,
    );
    expect(await read(12)).toMatchObject({ completed: 1 });
    expect(await commits()).toEqual(idsOf(OLD, NEW));
    expect(await noticed()).toEqual([{}, { comparison_refused: 1 }]);
  });
});

describe('a walk whose head is lost in the middle', () => {
  it('removes no commit that it did not reach, and starts again', async () => {
    github.setWorld(worldOf(OLD, OLD_PUSH));
    await read(5);
    let isFirst = true;
    github.setFault(({ name, variables }) => {
      if (name !== 'history' || variables.after === null || !isFirst) return undefined;
      isFirst = false;
      return noObject;
    });
    expect(await read(6, 'full')).toMatchObject({ completed: 1 });
    expect(isFirst).toBe(false);
    expect(await commits()).toEqual(idsOf(OLD));
  });

  it('is never recorded as complete', async () => {
    github.setWorld(worldOf(OLD, OLD_PUSH));
    github.setFault(({ name, variables }) =>
      name === 'history' && variables.after !== null ? noObject : undefined,
    );
    expect(await read(5)).toMatchObject({ completed: 0, failed: 1 });
    const state = await database.db
      .selectFrom('source_cursors')
      .select('state')
      .where('list', '=', 'commits')
      .executeTakeFirstOrThrow();
    expect(state.state).toMatchObject({ covers_from: null, head: null });
  });
});

it('credits no commit that vanished before its commit time', async () => {
  const early = line('early', 2, sha('old249'), 20);
  const other = line('other', 1, sha('old249'), 4);
  github.setWorld(worldOf([...OLD, ...early], OLD_PUSH, { at: at(4), head: sha('early1') }));
  await read(5);
  expect(await commits()).toEqual(idsOf(OLD));
  // GitHub still finds them by their ids, although they are on no branch any more.
  const pushes = [OLD_PUSH, { at: at(4), head: sha('early1') }, { at: at(5), head: sha('other0') }];
  github.setWorld(worldOf([...OLD, ...early, ...other], ...pushes));
  await read(10);
  await read(25);
  expect(await commits()).toEqual(idsOf(OLD, other));
});
