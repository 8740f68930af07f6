import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOT_FOUND } from '../../../../pipeline/domain/repository.ts';
import { discovery } from '../../../../pipeline/stages/discovery/index.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld, PEOPLE } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  silentLog,
  track,
} from '../../../support/github/scrape.ts';
import type { RepositoryData, World } from '../../../support/github/world.ts';

/** Repositories that are renamed, deleted, taken down or empty. */
const database = useDatabase();
const WINDOW = { from: MONTH.from, to: at(32) } as const;
let github: LocalGithub;

const engine = () => makeWorld().repositories[0] as RepositoryData;
const worldOf = (...repositories: RepositoryData[]): World => ({ ...makeWorld(), repositories });

beforeAll(async () => {
  github = await startLocalGithub({ world: makeWorld(), now: at(32) });
});
afterAll(() => github.close());
beforeEach(() => emptyTables(database.db));

const read = (ids: readonly number[]) =>
  runScrape(database.db, openSource(database.db, connect(github, createTestClock())), {
    ...WINDOW,
    repositoryIds: ids,
  });

const repositories = () =>
  database.db.selectFrom('repositories').selectAll().orderBy('id').execute();

/** One discovery with the given configuration; returns the repositories tracked after it. */
async function discover(...slugs: string[]) {
  const wanted = slugs.map((slug) => {
    const [owner = '', name = ''] = slug.split('/');
    return { owner, name, neverRescrapeBefore: null, defaultBranch: null };
  });
  const rules = { windowYears: 2, overlapDays: 1, jobType: null, from: null, to: null };
  await discovery({
    db: database.db,
    log: silentLog,
    runId: null,
    wanted,
    sources: ['github'],
    rules: { ...rules, now: new Date(WINDOW.to) },
    staleAfterHours: 24,
    maxRepositories: 100,
    only: null,
  });
  return (await repositories()).map(
    ({ id, owner, name, status }) => `${id} ${owner}/${name} ${status}`,
  );
}

it('stores the facts that GitHub states about a repository', async () => {
  github.setWorld(makeWorld({ archived: true }));
  await read([await track(database.db, 'guild/engine')]);
  const [row] = await repositories();
  expect(row).toMatchObject({
    github_id: 5001,
    stars: 42,
    forks: 7,
    language: 'TypeScript',
    topics: ['engines'],
    license: 'MIT',
    default_branch: 'main',
    description: 'An engine',
    is_archived_on_github: true,
    status: 'ACTIVE',
  });
});

describe('what the tables can not hold of a repository', () => {
  const columns = async () => (await repositories())[0];

  it('is stored as far as it can be shown', async () => {
    const hostile = { description: 'a \0 and \ud83d', topics: ['a\0b'], stars: -3, forks: 1e300 };
    github.setWorld(makeWorld({ ...hostile, language: 'x'.repeat(1_000) }));
    const id = await track(database.db, 'guild/engine');
    expect(await read([id])).toMatchObject({ completed: 1, failed: 0 });
    expect(await columns()).toMatchObject({
      description: 'a \ufffd and \ufffd',
      topics: ['a\ufffdb'],
      stars: 0,
      forks: 2_147_483_647,
      language: 'x'.repeat(255),
    });
  });

  it('is put aside if the database refuses it, and its contributions are read', async () => {
    github.setWorld(makeWorld());
    const { db } = database;
    await sql`ALTER TABLE repositories ADD CONSTRAINT test CHECK (stars <> 42)`.execute(db);
    const id = await track(db, 'guild/engine');
    const result = await read([id]).finally(() =>
      sql`ALTER TABLE repositories DROP CONSTRAINT test`.execute(db),
    );
    expect(result).toMatchObject({ completed: 1, failed: 0 });
    expect(await columns()).toMatchObject({ stars: null, status: 'ACTIVE' });
    expect((await readRows(db)).length).toBeGreaterThan(100);
    const job = await db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
    expect(job.noticed).toEqual({ metadata_refused: 1 });
    const [letter] = await db.selectFrom('dead_letters').selectAll().execute();
    expect(letter).toMatchObject({
      error_class: 'constraint',
      payload: { repository_id: id, metadata_of: 'guild/engine' },
    });
  });
});

describe('a renamed repository', () => {
  it('keeps its row and its history, with any of its names in the configuration', async () => {
    github.setWorld(makeWorld());
    await read([await track(database.db, 'ada/engine')]);
    const before = (await readRows(database.db)).length;
    expect(await discover('ada/engine')).toEqual(['1 guild/engine ACTIVE']);
    expect(await discover('guild/engine')).toEqual(['1 guild/engine ACTIVE']);
    expect(await discover('guild/engine', 'ada/engine')).toEqual(['1 guild/engine ACTIVE']);
    expect((await readRows(database.db)).length).toBe(before);
  });

  it('gets its history if it was configured under its new name', async () => {
    github.setWorld(worldOf({ ...engine(), owner: 'ada', formerNames: [] }));
    await read([await track(database.db, 'ada/engine')]);
    const before = await readRows(database.db);
    github.setWorld(makeWorld());
    await discover('guild/engine');
    const [, fresh] = await repositories();
    await read([fresh?.id ?? 0]);
    const after = await readRows(database.db);
    const ids = before.map((row) => row.event_id);
    expect(after.map((row) => row.event_id)).toEqual(expect.arrayContaining(ids));
    expect((await repositories()).map(({ name, owner, status }) => [owner, name, status])).toEqual([
      ['guild', 'engine', 'ACTIVE'],
    ]);
  });

  it('is found by its id when another repository has its old name', async () => {
    github.setWorld(makeWorld());
    await read([await track(database.db, 'guild/engine')]);
    const other = { ...engine(), id: 6001, formerNames: [] };
    github.setWorld(worldOf(other, { ...engine(), name: 'motor', formerNames: [] }));
    await read([1]);
    expect(await repositories()).toMatchObject([{ id: 1, github_id: 5001, name: 'motor' }]);
  });
});

describe('a repository that is deleted, and made again', () => {
  const born: RepositoryData = {
    ...engine(),
    id: 6001,
    formerNames: [],
    pullRequests: [],
    reviews: [],
    reviewComments: [],
    comments: [],
    commitComments: [],
    commits: [],
    pushes: [],
    releases: [],
    issues: [{ id: 9, number: 1, author: PEOPLE.dan, createdAt: at(20) }],
  };
  const noticed = async () => {
    const jobs = await database.db
      .selectFrom('scrape_jobs')
      .select('noticed')
      .orderBy('id')
      .execute();
    return jobs.at(-1)?.noticed;
  };
  const keys = async () => (await readRows(database.db)).map((row) => row.event_id);

  it('counts from its beginning under its name; what was deleted is counted', async () => {
    github.setWorld(makeWorld());
    await read([await track(database.db, 'guild/engine')]);
    const before = (await readRows(database.db)).length;
    github.setWorld(worldOf(born));
    expect(await read([1])).toMatchObject({ completed: 1, failed: 0 });
    expect(await repositories()).toMatchObject([{ id: 1, github_id: 6001, status: 'ACTIVE' }]);
    expect(await keys()).toEqual(['issue:1:opened']);
    expect(await noticed()).toEqual({ replaced: 1, deleted: before });
    await read([1]);
    expect(await noticed()).toEqual({});
    expect(await keys()).toEqual(['issue:1:opened']);
  });

  it('is found under its configured name after it had been renamed', async () => {
    github.setWorld(worldOf({ ...engine(), name: 'motor', formerNames: ['guild/engine'] }));
    await read([await track(database.db, 'guild/engine')]);
    expect(await discover('guild/engine')).toEqual(['1 guild/motor ACTIVE']);
    github.setWorld(worldOf(born));
    await read([1]);
    expect(await repositories()).toMatchObject([{ status: 'FAILED', failure_reason: NOT_FOUND }]);
    expect(await discover('guild/engine')).toEqual(['1 guild/engine FAILED']);
    await read([1]);
    expect(await discover('guild/engine')).toEqual(['1 guild/engine ACTIVE']);
    expect(await keys()).toEqual(['issue:1:opened']);
  });

  it('stays what it was while nothing has its name: it may be private for a while', async () => {
    const motor = { ...engine(), name: 'motor', formerNames: ['guild/engine'] };
    github.setWorld(worldOf(motor));
    await read([await track(database.db, 'guild/engine')]);
    const before = await keys();
    github.setWorld(worldOf());
    await read([1]);
    await discover('guild/engine');
    await read([1]);
    expect(await keys()).toEqual(before);
    github.setWorld(worldOf(motor));
    await read([1]);
    expect(await discover('guild/engine')).toEqual(['1 guild/motor ACTIVE']);
    expect(await keys()).toEqual(before);
  });
});

it.each([
  ['is not there', 'guild/nothing', {}, /404/],
  ['was taken down', 'guild/engine', { refused: 451 as const }, /451, dmca/],
  ['is blocked', 'guild/engine', { refused: 403 as const }, /403, tos/],
  ['is disabled', 'guild/engine', { disabled: true }, /disabled/],
])(
  'one that %s fails with a reason and does not affect the others',
  async (_what, slug, change, reason) => {
    const good = { ...engine(), id: 6001, name: 'good', formerNames: [] };
    github.setWorld(worldOf({ ...engine(), ...change }, good));
    const ids = [await track(database.db, slug), await track(database.db, 'guild/good')];
    expect(await read(ids)).toMatchObject({ completed: 1, failed: 0 });
    const [bad, well] = await repositories();
    expect(bad).toMatchObject({ status: 'FAILED', data_until: null });
    expect(bad?.failure_reason).toMatch(reason);
    expect(well).toMatchObject({ status: 'ACTIVE', failure_reason: null });
    const windows = await database.db
      .selectFrom('scrape_windows')
      .select('repository_id')
      .execute();
    expect(windows).toEqual([{ repository_id: ids[1] }]);
  },
);

it('reads an empty repository, and reports a branch that does not exist', async () => {
  const empty = {
    ...engine(),
    commits: [],
    pushes: [],
    pullRequests: [],
    issues: [],
    comments: [],
  };
  github.setWorld(worldOf(empty));
  const ids = [await track(database.db, 'guild/engine', 'trunk')];
  await read(ids);
  expect(await repositories()).toMatchObject([{ failure_reason: 'it has no branch trunk' }]);
  await database.db.updateTable('repositories').set({ configured_default_branch: null }).execute();
  await read(ids);
  expect(await repositories()).toMatchObject([{ status: 'ACTIVE', failure_reason: null }]);
});
