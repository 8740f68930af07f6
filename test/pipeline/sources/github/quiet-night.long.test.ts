import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepRows } from '../../../support/databases.ts';
import '../../../support/embedded-cluster.ts';
import { FAULTS, leftOut } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, PEOPLE, sha } from '../../../support/github/made-up-world.ts';
import {
  type Nights,
  openNights,
  smallRepository,
  smallWorld,
  storeAsRead,
} from '../../../support/github/night.ts';
import { readRows } from '../../../support/github/scrape.ts';
import type { RepositoryData } from '../../../support/github/world.ts';

/** Nights by the complete pipeline: what did not change is not read, and what did change is. */
let github: LocalGithub;
let nights: Nights;

beforeAll(async () => {
  github = await startLocalGithub({ world: smallWorld(1), limits: { core: 1e6, graphql: 1e6 } });
});
afterAll(() => github.close());

/** The requests of the last run, without the probe and what is asked of GitHub before a run. */
function requestsSince(start: number): string[] {
  return github.requests
    .slice(start)
    .filter(({ name }) => !['probe', 'rights', '/rate_limit'].includes(name))
    .map(({ name }) => name.replace('/repos/guild/', ''));
}

interface Probed {
  r0: unknown;
}

const slugs = (count: number) => Array.from({ length: count }, (_, i) => `guild/tool${i}`);

it('costs 100 repositories with nothing new at most 10 points and 20 requests', async () => {
  github.setWorld(smallWorld(100));
  const plansRechecks = false;
  nights = await openNights({ github, repositories: slugs(100), plansRechecks });
  // One is read; what is stored of the others is what reading them would have stored.
  const first = await nights.run(at(32, 120), { repositories: ['guild/tool0'] });
  expect(first).toMatchObject({ code: 0 });
  await storeAsRead(nights.db, 100);
  const before = await readRows(nights.db);
  const night = await nights.run(at(33, 120));
  expect(night.code).toBe(0);
  // What looks at the past again comes on top: one list in thirty.
  expect(night.recheck.requests).toBeGreaterThanOrEqual(24);
  const requests = night.restRequests + night.graphqlRequests - night.recheck.requests;
  // One point more asks, before the run, whether each of them can be read.
  expect({ points: night.points - night.recheck.points, requests }).toEqual({
    points: 6,
    requests: 4,
  });
  expect(await readRows(nights.db)).toEqual(before);
  const windows = await nights.db.selectFrom('scrape_windows').selectAll().execute();
  const ends = windows.map((window) => window.window_to.getTime());
  expect(ends).toEqual(ends.map(() => Date.parse(at(33, 120))));
  const { repositories } = smallWorld(100);
  const changed = repositories.map((data, i) =>
    i % 10 === 0 ? smallRepository(i, { issues: [...data.issues, issue(4, at(33, 300))] }) : data,
  );
  github.setWorld({ ...smallWorld(100), repositories: changed });
  const start = github.requests.length;
  const busy = await nights.read(at(34, 120));
  expect(busy).toMatchObject({ code: 0, points: 15, restRequests: 10, recheck: { points: 0 } });
  const read = requestsSince(start).filter((name) => name.startsWith('tool'));
  expect(read.toSorted()).toEqual(
    slugs(100)
      .filter((_, i) => i % 10 === 0)
      .map((slug) => `${slug.slice(6)}/issues/comments`),
  );
  expect(await readRows(nights.db)).toHaveLength(before.length + 10);
  const used = await nights.db
    .selectFrom('github_usage')
    .selectAll()
    .where('used_on', '=', '2025-04-02')
    .execute();
  expect(used.reduce((sum, row) => sum + row.points - row.recheck_points, 0)).toBe(5);
  expect(github.violations).toEqual([]);
  await nights.close();
});

it('counts only repositories with something new towards the limit of a run', async () => {
  github.setWorld(smallWorld(6));
  const files = { 'pipeline.yaml': 'max_repositories_per_run: 2\n' };
  nights = await openNights({ github, repositories: slugs(6), files });
  const knownAt = async (moment: string) => {
    const rows = await nights.db.selectFrom('repositories').select('data_until').execute();
    return rows.filter(({ data_until: until }) => until?.getTime() === Date.parse(moment)).length;
  };
  const night = async (day: number) => {
    expect(await nights.read(at(day, 120))).toMatchObject({ code: 0 });
    return knownAt(at(day, 120));
  };
  // Those that were never read come first, two a night; the others are unchanged.
  expect([await night(32), await night(33), await night(34), await night(35)]).toEqual([
    2, 4, 6, 6,
  ]);
  const { repositories, ...rest } = smallWorld(6);
  const changed = repositories.map((data, i) =>
    i < 3 ? smallRepository(i, { issues: [...data.issues, issue(4, at(35, 300))] }) : data,
  );
  github.setWorld({ ...rest, repositories: changed });
  expect([await night(36), await night(37)]).toEqual([5, 6]);
  await nights.close();
});

const issue = (number: number, createdAt: string) => ({
  id: 77_000 + number,
  number,
  author: PEOPLE.dan,
  createdAt,
});

describe('after a first night', () => {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    github.setWorld(smallWorld(2));
    nights = await openNights({ github, repositories: slugs(2), plansRechecks: false });
    await nights.read(at(32, 120));
    restore = await keepRows(nights.db);
  });
  afterAll(() => nights.close());
  beforeEach(async () => {
    await restore();
    github.setWorld(smallWorld(2));
    github.setFault(() => undefined);
  });

  const base = smallRepository(0);
  const change = (more: Partial<RepositoryData>) => {
    const [, other] = smallWorld(2).repositories as [RepositoryData, RepositoryData];
    github.setWorld({ ...smallWorld(2), repositories: [smallRepository(0, more), other] });
  };
  const late = at(32, 600);
  const commit = {
    ...(base.commits[0] as RepositoryData['commits'][0]),
    sha: sha('new'),
    committedAt: late,
  };
  const pull = base.pullRequests[0] as RepositoryData['pullRequests'][0];
  const PULLS = ['pullRequests', 'tool0/issues/comments', 'tool0/pulls/comments'];
  const ALL_OF_REST = ['tool0', 'tool0/issues/comments', 'tool0/pulls/comments', 'tool0/releases'];
  const ISSUES = ['issues', 'tool0/issues/comments'];
  const COMMITS = ['head', 'tool0/compare', 'commitsById'];

  it.each<[string, Partial<RepositoryData>, string[], string[]]>([
    ['a new issue', { issues: [...base.issues, issue(4, late)] }, ISSUES, ['issue:4:opened']],
    [
      'a closed issue',
      {
        issues: base.issues.map((one) => ({ ...one, closings: [{ at: late, actor: PEOPLE.dan }] })),
      },
      ISSUES,
      ['issue:2:closed', 'issue:3:closed'],
    ],
    [
      'a comment on an issue',
      { comments: [...base.comments, { id: 71, number: 3, author: PEOPLE.dan, createdAt: late }] },
      ISSUES,
      ['comment:71'],
    ],
    [
      'a comment on a pull request',
      { comments: [...base.comments, { id: 71, number: 1, author: PEOPLE.dan, createdAt: late }] },
      PULLS,
      ['comment:71'],
    ],
    [
      'a merge of a new pull request',
      {
        pullRequests: [
          pull,
          { ...pull, id: 72, number: 4, createdAt: late, mergedAt: at(32, 700) },
        ],
      },
      PULLS,
      ['pr:4:merged', 'pr:4:opened'],
    ],
    [
      'a review',
      {
        reviews: [
          ...base.reviews,
          { id: 73, pullNumber: 1, author: PEOPLE.dan, state: 'APPROVED', submittedAt: late },
        ],
      },
      PULLS,
      ['review:73'],
    ],
    [
      'a review comment',
      {
        reviewComments: [
          ...base.reviewComments,
          { id: 74, pullNumber: 1, author: PEOPLE.dan, createdAt: late },
        ],
      },
      [...PULLS, 'hidden'],
      ['review_comment:74'],
    ],
    [
      'a comment on a commit',
      {
        commitComments: [
          ...base.commitComments,
          { id: 900_000_500, sha: sha('0-head'), author: PEOPLE.dan, createdAt: late },
        ],
      },
      ['commitComments'],
      ['commit_comment:900000500'],
    ],
    [
      'a release',
      {
        releases: [
          ...base.releases,
          { id: 75, tag: 'v2', author: PEOPLE.dan, createdAt: late, publishedAt: late },
        ],
      },
      ['tool0/releases'],
      ['release:75'],
    ],
    [
      'a published draft',
      {
        releases: [
          ...base.releases,
          { id: 76, tag: 'v0', author: PEOPLE.dan, createdAt: at(1), publishedAt: late },
        ],
      },
      ['tool0/releases'],
      ['release:76'],
    ],
    [
      'a commit',
      {
        commits: [...base.commits, { ...commit, parents: [sha('0-head')] }],
        pushes: [...base.pushes, { at: late, head: sha('new') }],
      },
      COMMITS,
      [`commit:${sha('new')}`],
    ],
    ['more stars', { stars: 999 }, [], []],
    // Its number is looked for in all of the list, and then by itself.
    [
      'a deleted issue',
      { issues: base.issues.slice(0, 1) },
      [...ISSUES, 'issues', 'numbers', 'tool0/issues/3'],
      [],
    ],
  ])('reads of %s what may have changed, and nothing else', async (_what, more, names, added) => {
    const before = (await readRows(nights.db)).map((row) => row.event_id);
    change(more);
    const start = github.requests.length;
    expect(await nights.read(at(33, 120))).toMatchObject({ code: 0 });
    const asked = requestsSince(start).map((name) => name.replace(/compare\/.*/, 'compare'));
    expect(asked.toSorted()).toEqual(names.toSorted());
    const after = await readRows(nights.db);
    const fresh = after.map((row) => row.event_id).filter((id) => !before.includes(id));
    expect(fresh.toSorted()).toEqual(added.toSorted());
    const [row] = await nights.db.selectFrom('repositories').selectAll().orderBy('id').execute();
    expect(row?.stars).toBe(more.stars ?? 0);
    // The next night finds all of it read.
    const again = github.requests.length;
    await nights.read(at(34, 120));
    expect(requestsSince(again)).toEqual([]);
    expect(await readRows(nights.db)).toEqual(after);
    expect(github.violations).toEqual([]);
  });

  it('notices a rename, by the old name', async () => {
    change({ name: 'motor', formerNames: ['guild/tool0'] });
    const start = github.requests.length;
    await nights.read(at(33, 120));
    expect(requestsSince(start)).toEqual([]);
    const rows = await nights.db.selectFrom('repositories').selectAll().orderBy('id').execute();
    expect(rows).toMatchObject([{ name: 'motor', status: 'ACTIVE' }, { name: 'tool1' }]);
  });

  it('finds its repository by the id when another one has its name', async () => {
    const [, other] = smallWorld(2).repositories as [RepositoryData, RepositoryData];
    const taker = { ...base, id: 1, releases: [] };
    github.setWorld({ ...smallWorld(2), repositories: [taker, { ...base, name: 'motor' }, other] });
    await nights.read(at(33, 120));
    const rows = await nights.db.selectFrom('repositories').selectAll().orderBy('id').execute();
    expect(rows).toMatchObject([{ name: 'motor', github_id: base.id }, { name: 'tool1' }]);
  });

  it('one that has vanished spoils nothing of the others', async () => {
    const [, other] = smallWorld(2).repositories as [RepositoryData, RepositoryData];
    github.setWorld({ ...smallWorld(2), repositories: [other] });
    const start = github.requests.length;
    await nights.read(at(33, 120));
    expect(requestsSince(start)).toEqual(['tool0']);
    const rows = await nights.db.selectFrom('repositories').selectAll().orderBy('id').execute();
    expect(rows).toMatchObject([{ status: 'FAILED' }, { status: 'ACTIVE' }]);
    github.setWorld(smallWorld(2));
    await nights.read(at(34, 120));
    const back = await nights.db.selectFrom('repositories').selectAll().orderBy('id').execute();
    expect(back).toMatchObject([{ status: 'ACTIVE' }, { status: 'ACTIVE' }]);
  });

  it.each([
    ['refuses it', FAULTS.forbidden],
    [
      'leaves something out',
      leftOut((data: Probed) => Object.assign(data, { r0: null }), ['r0', 'issues']),
    ],
  ])('reads all of which GitHub does not answer the probe, when it %s', async (_how, fault) => {
    github.setFault(({ name }) => (name === 'probe' ? fault : undefined));
    change({ issues: [...base.issues, issue(4, late)] });
    const start = github.requests.length;
    expect(await nights.read(at(33, 120))).toMatchObject({ code: 0 });
    const own = requestsSince(start).filter((name) => name.startsWith('tool0'));
    expect(own.toSorted()).toEqual(ALL_OF_REST);
    expect((await readRows(nights.db)).map((row) => row.event_id)).toContain('issue:4:opened');
  });

  it('reads all once when no marks are stored yet, as after an upgrade', async () => {
    await nights.db.deleteFrom('source_cursors').where('list', '=', 'marks').execute();
    const start = github.requests.length;
    await nights.read(at(33, 120));
    // The head is known by the commit that was read last.
    expect(requestsSince(start)).toHaveLength(12);
    const again = github.requests.length;
    await nights.read(at(34, 120));
    expect(requestsSince(again)).toEqual([]);
  });

  it('reads all for a job that wants all', async () => {
    const start = github.requests.length;
    await nights.read(at(33, 120), { jobType: 'full' });
    // Among them how many commits are too old, which the list of the others leaves out.
    expect(requestsSince(start)).toHaveLength(20);
  });

  it('reads again what changed as it was read, or after the end of the window', async () => {
    // Five minutes before the run: GitHub's lists may lag behind.
    const then = at(33, 115);
    change({ issues: [...base.issues, issue(4, then)] });
    await nights.read(at(33, 120));
    const start = github.requests.length;
    await nights.read(at(34, 120));
    expect(requestsSince(start).toSorted()).toEqual(ISSUES.toSorted());
    // A window that ended before the change: the change is in none of the marks.
    change({ issues: [...base.issues, issue(4, then), issue(5, at(34, 900))] });
    await nights.read(at(36, 120), { to: new Date(at(34, 600)), from: new Date(at(33)) });
    expect((await readRows(nights.db)).map((row) => row.event_id)).not.toContain('issue:5:opened');
    await nights.read(at(37, 120));
    expect((await readRows(nights.db)).map((row) => row.event_id)).toContain('issue:5:opened');
  });

  it('loses nothing when our clock is wrong by hours', async () => {
    const hour = 60;
    const issues = [...base.issues];
    for (const [night, ahead] of [
      [33, -5],
      [34, 5],
      [35, -2],
      [36, 0],
      [37, 0],
    ] as const) {
      issues.push(issue(night, at(night, 120 - 4)), issue(night + 50, at(night, 120 + 2)));
      change({ issues });
      await nights.read(at(night, 120 + 3), { now: new Date(at(night, 120 + ahead * hour)) });
    }
    await nights.read(at(38, 120));
    const ids = (await readRows(nights.db)).map((row) => row.event_id);
    expect(ids).toEqual(
      expect.arrayContaining(issues.map(({ number }) => `issue:${number}:opened`)),
    );
  });

  it('a night that is killed is made good by the next', async () => {
    change({ issues: [...base.issues, issue(4, late)] });
    const killed = new AbortController();
    github.setFault(({ name }) => void (name.endsWith('/issues/comments') && killed.abort()));
    await expect(nights.read(at(33, 120), {}, killed.signal)).rejects.toThrow();
    github.setFault(() => undefined);
    expect(await nights.read(at(34, 120))).toMatchObject({ code: 0 });
    expect((await readRows(nights.db)).map((row) => row.event_id)).toContain('issue:4:opened');
  });
});
