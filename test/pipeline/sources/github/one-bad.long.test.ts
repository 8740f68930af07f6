import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readListPositions } from '../../../../db/queries/github-lists.ts';
import { PUT_ASIDE, parsePartsPutAside } from '../../../../pipeline/domain/put-aside.ts';
import { withCircuitBreaker } from '../../../../pipeline/stages/open-sources.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import {
  type ChooseFault,
  FAULTS,
  type Fault,
  ORGANIZATION_REFUSALS,
  type OrganizationRefusal,
} from '../../../support/github/faults.ts';
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
import type { RepositoryData } from '../../../support/github/world.ts';

/** A repository, a list or an item that GitHub refuses or can't show stops only itself. */
const database = useDatabase();
/** Days enough for 154 comments, and 130 reviews of one pull request. */
const WINDOW = { from: MONTH.from, to: at(11), jobType: 'full' } as const;
let github: LocalGithub;
let whole: Awaited<ReturnType<typeof readRows>>;
let first = 0;

const engine = (change: Partial<RepositoryData> = {}) =>
  makeWorld(change).repositories[0] as RepositoryData;
const show = (...repositories: RepositoryData[]) =>
  github.setWorld({ ...makeWorld(), repositories });

beforeAll(async () => {
  const limits = { core: 1e6, graphql: 1e6 };
  github = await startLocalGithub({ world: makeWorld(), now: at(11), limits });
  await startOver();
  await read();
  whole = await readRows(database.db);
});
afterAll(() => github.close());
beforeEach(() => startOver());

async function startOver(): Promise<void> {
  first = github.requests.length;
  github.setFault(() => undefined);
  show(engine());
  await emptyTables(database.db);
  await track(database.db, 'guild/engine');
}

/** A source behind its circuit breaker, as a run opens it. */
function open() {
  const clock = createTestClock();
  const guard = { db: database.db, policy: { failures: 2, resetMs: 1e6 }, clock: () => new Date() };
  const source = openSource(database.db, connect(github, clock));
  return { clock, source: withCircuitBreaker('github', source, guard) };
}

const read = (run: Partial<Parameters<typeof runScrape>[2]> = {}) =>
  runScrape(database.db, open().source, { ...WINDOW, ...run });

const readLetters = () =>
  database.db.selectFrom('dead_letters').selectAll().orderBy('id').execute();
const readJobs = () => database.db.selectFrom('scrape_jobs').selectAll().orderBy('id').execute();
const readBreakers = () => database.db.selectFrom('circuit_breakers').selectAll().execute();
const readAside = async (id = 1) =>
  parsePartsPutAside((await readListPositions(database.db, id)).get(PUT_ASIDE));

describe('a repository that is refused', () => {
  const REFUSALS: [NonNullable<RepositoryData['refused']>, RegExp][] = [
    [
      'lifetime',
      /^The 'corp' organization forbids access .* \(403\): store a token that ends sooner$/,
    ],
    [
      'classic',
      /^The 'corp' enterprise forbids access .* \(403\): store a token that ends sooner$/,
    ],
    ['kind', /forbids access .* \(403\): store a token of the kind that the organization allows$/],
    ['saml', /SAML enforcement.* \(403\): authorize the token for the organization/],
    ['ipAllowList', /IP allow list enabled.* \(403\): run on a machine whose address/],
    ['permission', /^Resource not accessible by personal access token \(403\): give the token/],
    ['integration', /^Resource not accessible by integration \(403\): give the token/],
    [451, /^taken down for legal reasons \(451, dmca\)$/],
    [403, /^access blocked by GitHub \(403, tos\)$/],
  ];

  it('is put aside with its reason, and the others are read', async () => {
    const { db } = database;
    show(engine(), ...REFUSALS.map(([refused], i) => engine({ ...corp(i), refused })));
    const { source } = open();
    for (const [i] of REFUSALS.entries()) await track(db, `corp/tool${i}`);
    for (let id = 2; id <= REFUSALS.length + 1; id++) {
      await runScrape(db, source, { ...WINDOW, jobType: 'incremental', repositoryIds: [id] });
    }
    expect(await read()).toMatchObject({ completed: 1, failed: 0 });
    const jobs = await readJobs();
    expect(jobs.map(({ status, attempts }) => [status, attempts])).toEqual(
      jobs.map(() => ['COMPLETED', 1]),
    );
    expect(await readBreakers()).toMatchObject([{ state: 'CLOSED', failures: 0 }]);
    const repositories = await db.selectFrom('repositories').selectAll().orderBy('id').execute();
    for (const [i, [, reason]] of REFUSALS.entries()) {
      expect(repositories[i + 1]).toMatchObject({ status: 'FAILED' });
      expect(repositories[i + 1]?.failure_reason).toMatch(reason);
      expect(repositories[i + 1]?.failure_reason).not.toMatch(/https?:|13\.52/);
    }
    const letters = await readLetters();
    expect(letters.map(({ error_class, error_message }) => [error_class, error_message])).toEqual(
      repositories.slice(1).map(({ failure_reason }) => ['refused', failure_reason]),
    );
    expect(await readRows(db)).toEqual(whole);
    expect(github.violations).toEqual([]);
  });

  it('is a dead letter once, not every night', async () => {
    show(engine({ refused: 'saml' }));
    await read({ jobType: 'incremental' });
    await read({ jobType: 'incremental', to: at(12) });
    expect(await readLetters()).toHaveLength(1);
  });

  it.each(Object.keys(ORGANIZATION_REFUSALS) as OrganizationRefusal[])(
    'by GraphQL alone (%s): the same',
    async (refusal) => {
      const error = {
        type: 'FORBIDDEN',
        path: ['repository'],
        message: ORGANIZATION_REFUSALS[refusal],
      };
      github.setFault(({ name }) =>
        name === 'head'
          ? { type: 'answer', status: 200, body: { data: { repository: null }, errors: [error] } }
          : undefined,
      );
      expect(await read()).toMatchObject({ completed: 1, failed: 0 });
      const [repository] = await database.db.selectFrom('repositories').selectAll().execute();
      expect(repository?.status).toBe('FAILED');
      expect((await readJobs())[0]).toMatchObject({ attempts: 1 });
    },
  );
});

const corp = (i: number) => ({ id: 6000 + i, owner: 'corp', name: `tool${i}`, formerNames: [] });

describe('a list that is switched off or refused', () => {
  const kinds = (without: readonly string[]) => whole.filter(({ kind }) => !without.includes(kind));
  const restFault =
    (list: RegExp, status: number, message: string): ChooseFault =>
    ({ name }) =>
      list.test(name) ? { type: 'answer', status, body: { message } } : undefined;
  const graphqlFault =
    (name: string, list: string, type: string): ChooseFault =>
    (request) => {
      if (request.name !== name) return undefined;
      const error = { type, path: ['repository', list], message: 'Resource not accessible' };
      const data = { repository: { [list]: null } };
      return { type: 'answer', status: 200, body: { data, errors: [error] } };
    };

  it.each<[string, string, ChooseFault, string[], RegExp]>([
    [
      'review_comments',
      'pull requests off: 404',
      restFault(/pulls\/comments/, 404, 'Not Found'),
      ['PR_REVIEW_COMMENT'],
      /\(404\): switched off/,
    ],
    [
      'issue_comments',
      'issues off: 410',
      restFault(/issues\/comments/, 410, 'Issues are disabled for this repo'),
      ['COMMENT'],
      /disabled.*\(410\): switched off/,
    ],
    [
      'releases',
      'no right: 403',
      restFault(/releases/, 403, ORGANIZATION_REFUSALS.permission),
      ['RELEASE'],
      /not accessible.*\(403\)/,
    ],
    [
      'releases',
      'taken down: 451',
      restFault(/releases/, 451, 'Repository access blocked'),
      ['RELEASE'],
      /\(451/,
    ],
    [
      'issues',
      'FORBIDDEN',
      graphqlFault('issues', 'issues', 'FORBIDDEN'),
      ['ISSUE_OPENED', 'ISSUE_CLOSED'],
      /not accessible/,
    ],
    [
      'pull_requests',
      'NOT_FOUND',
      graphqlFault('pullRequests', 'pullRequests', 'NOT_FOUND'),
      ['PR_OPENED', 'PR_MERGED', 'PR_REVIEWED'],
      /not accessible/,
    ],
    [
      'commit_comments',
      'INSUFFICIENT_SCOPES',
      graphqlFault('commitComments', 'commitComments', 'INSUFFICIENT_SCOPES'),
      [],
      /not accessible/,
    ],
  ])('%s (%s): the others are read', async (list, _what, fault, without, reason) => {
    github.setFault(fault);
    expect(await read()).toMatchObject({ completed: 1, failed: 0 });
    const rows = await readRows(database.db);
    const expected = kinds(without);
    const comments = rows.filter(({ kind }) => kind === 'COMMENT');
    if (without.includes('COMMENT')) {
      // Comments on commits are another list.
      expect(comments.length).toBe(2);
      expect(rows.filter((row) => !comments.includes(row))).toEqual(expected);
    } else if (list === 'commit_comments') expect(rows.length).toBe(whole.length - 2);
    else expect(rows).toEqual(expected);
    expect(await readAside()).toMatchObject([
      { list, item: null, reason: expect.stringMatching(reason) },
    ]);
    expect(await readLetters()).toMatchObject([
      { error_class: 'refused', payload: { repository_id: 1, list } },
    ]);
    const [job] = await readJobs();
    expect(job).toMatchObject({ attempts: 1, noticed: { lists_put_aside: 1 } });
    expect(await readBreakers()).toMatchObject([{ state: 'CLOSED', failures: 0 }]);
    expect(faulty()).toBe(1);
    // Once it is shown again, all of it is read.
    github.setFault(() => undefined);
    expect(await read({ jobType: 'incremental' })).toMatchObject({ completed: 1, failed: 0 });
    expect(await readRows(database.db)).toEqual(whole);
    expect(await readAside()).toEqual([]);
  });

  it('by the settings of the repository: what is stored of it stays', async () => {
    await read();
    show(engine({ off: ['issues', 'pull requests'] }));
    expect(await read({ to: at(12) })).toMatchObject({ completed: 1, failed: 0 });
    const rows = await readRows(database.db);
    expect(rows).toEqual(expect.arrayContaining(whole));
    expect((await readAside()).map(({ list }) => list)).toEqual([
      'issue_comments',
      'review_comments',
    ]);
  });

  it('an empty repository (409) has empty lists', async () => {
    show(engine({ commits: [], pushes: [], releases: [] }));
    github.setFault(restFault(/releases/, 409, 'Git Repository is empty.'));
    expect(await read()).toMatchObject({ completed: 1, failed: 0 });
    expect(await readAside()).toEqual([]);
    expect(await readLetters()).toEqual([]);
  });
});

/** The requests that met the fault since the start of the test. */
const faulty = () => github.requests.slice(first).filter(({ isFault }) => isFault).length;

describe('items that GitHub can never show', () => {
  const review = (day: number, index: number) => 3_000_000_000 + day * 1000 + index;

  it.each([
    {
      'pr:14': 'pull_requests',
      'issue:110': 'issues',
      'comment:9002': 'commit_comments',
      'comment:6010050': 'issue_comments',
      'comment:4000020': 'review_comments',
      'release:11': 'releases',
      [`commit:${sha('a5')}`]: 'commits',
    },
    {
      'pr:11': 'pull_requests',
      'pr:20': 'pull_requests',
      'issue:101': 'issues',
      'issue:102': 'issues',
      'comment:6001000': 'issue_comments',
      'comment:6010119': 'issue_comments',
      'release:12': 'releases',
      [`commit:${sha('later5')}`]: 'commits',
    },
    {
      [`review:${review(4, 3)}`]: 'pull_requests',
      [`review:${review(4, 70)}`]: 'pull_requests',
      [`review:${review(4, 129)}`]: 'pull_requests',
      [`review:${review(6, 0)}`]: 'pull_requests',
    },
  ])('%j: all others are read, and later these', async (lists) => {
    const unshown = Object.keys(lists);
    show(engine({ unshown }));
    expect(await read()).toMatchObject({ completed: 1, failed: 0 });
    const rows = await readRows(database.db);
    expect(rows).toEqual(whole.filter((row) => !unshown.some((key) => isOf(row, key))));
    expect(rows.length).toBeLessThan(whole.length);
    const aside = await readAside();
    expect(aside.map(({ list }) => list).toSorted()).toEqual(Object.values(lists).toSorted());
    const [job] = await readJobs();
    expect(job).toMatchObject({ attempts: 1, skipped: { constraint: unshown.length } });
    const letters = await readLetters();
    expect(letters.map(({ error_class }) => error_class)).toEqual(unshown.map(() => 'refused'));
    expect(letters[0]?.payload).toMatchObject({ repository_id: 1 });
    expect(await readBreakers()).toMatchObject([{ state: 'CLOSED', failures: 0 }]);
    show(engine());
    await read();
    expect(await readRows(database.db)).toEqual(whole);
    expect(await readAside()).toEqual([]);
    expect(github.violations).toEqual([]);
  });

  it('new commits of a branch that is known: without the one, and nothing is taken for gone', async () => {
    github.setNow(at(9));
    await read({ to: at(9) });
    github.setNow(at(11));
    const unshown = [`commit:${sha('a10')}`];
    show(engine({ unshown }));
    expect(await read({ jobType: 'incremental' })).toMatchObject({ completed: 1, failed: 0 });
    expect((await readAside()).map(({ list }) => list)).toEqual(['commits']);
    const rows = await readRows(database.db);
    expect(rows).toEqual(whole.filter((row) => !isOf(row, unshown[0] ?? '')));
  });

  /** Whether a row is of what GitHub can't show. */
  function isOf(row: (typeof whole)[number], key: string): boolean {
    const [kind, id] = key.split(':');
    if (kind === 'pr' && row.kind === 'PR_REVIEWED') return row.subject_number === Number(id);
    if (kind === 'comment') return row.event_id.endsWith(`comment:${id}`);
    return row.event_id === key || row.event_id.startsWith(`${key}:`);
  }

  it.each<[string, RegExp, Fault]>([
    ['pullRequests', /^pullRequests$/, FAULTS.badGateway],
    ['issues', /^issues$/, FAULTS.timeout502],
    ['history', /^history$/, FAULTS.resourceLimits],
    ['commitComments', /^commitComments$/, FAULTS.nodeLimit],
  ])(
    'a page of %s with 502 or too much in it is halved, and one item put aside',
    async (name, route, fault) => {
      // Every page that begins where the second one began.
      let place: unknown;
      github.setFault((request) => {
        if (!route.test(request.name)) return undefined;
        place ??= request.page;
        return request.page === place ? fault : undefined;
      });
      expect(await read()).toMatchObject({ completed: 1, failed: 0 });
      expect(await readAside()).toHaveLength(1);
      const sizes = github.requests
        .slice(first)
        .filter((request) => request.isFault)
        .map(({ variables }) => variables.size);
      expect(sizes.slice(0, 3)).toEqual(name === 'pullRequests' ? [50, 25, 12] : [100, 50, 25]);
      expect(sizes.at(-1)).toBe(1);
    },
  );
});

describe('a list that fails at every size, while GitHub answers otherwise', () => {
  it.each<[string, ChooseFault]>([
    ['pull_requests', ({ name }) => (/^pullRequest/.test(name) ? FAULTS.badGateway : undefined)],
    ['releases', ({ name }) => (/releases$/.test(name) ? FAULTS.badGateway : undefined)],
    [
      'issue_comments',
      ({ name }) => (/issues.comments$/.test(name) ? FAULTS.serverError : undefined),
    ],
  ])('%s: the others are read, and a later run goes on with it', async (list, fault) => {
    github.setFault(fault);
    expect(await read({ jobType: 'incremental' })).toMatchObject({ completed: 1, failed: 0 });
    expect(await readAside()).toMatchObject([{ list, item: null }]);
    const windows = await database.db.selectFrom('scrape_windows').selectAll().execute();
    expect(windows).toMatchObject([
      { completeness: 0, gaps: [{ reason: expect.stringContaining(list) }] },
    ]);
    expect(await readLetters()).toMatchObject([{ payload: { list } }]);
    expect(await readBreakers()).toMatchObject([{ state: 'CLOSED', failures: 0 }]);
    github.setFault(() => undefined);
    await read({ jobType: 'incremental' });
    expect(await readRows(database.db)).toEqual(whole);
    expect(await readAside()).toEqual([]);
  });
});

it.each<[string, Fault]>([
  ['502 to everything', FAULTS.badGateway],
  ['no connection', FAULTS.droppedSocket],
  ['service unavailable', FAULTS.unavailable],
])(
  'GitHub as a whole not well (%s): the job fails, and nothing is put aside',
  async (_what, fault) => {
    github.setFault(({ kind }) => (kind === 'graphql' ? fault : undefined));
    const { db } = database;
    const clock = createTestClock();
    const source = openSource(db, connect(github, clock));
    expect(await runScrape(db, source, WINDOW)).toMatchObject({ completed: 0, failed: 1 });
    expect(await readAside()).toEqual([]);
    expect(await db.selectFrom('scrape_windows').selectAll().execute()).toEqual([]);
  },
);
