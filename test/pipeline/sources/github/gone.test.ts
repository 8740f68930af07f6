import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepRows } from '../../../support/databases.ts';
import '../../../support/embedded-cluster.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, PEOPLE } from '../../../support/github/made-up-world.ts';
import {
  type Nights,
  openNights,
  smallRepository,
  smallWorld,
} from '../../../support/github/night.ts';
import { readRows } from '../../../support/github/scrape.ts';
import type { RepositoryData, World } from '../../../support/github/world.ts';

/** What GitHub no longer has goes: what was deleted, transferred or hidden since the first night. */

let github: LocalGithub;
let nights: Nights;
let restore: () => Promise<void>;

/** tool0 and tool1 are tracked, tool2 is not. */
const [zero, one, two] = smallWorld(3).repositories as [
  RepositoryData,
  RepositoryData,
  RepositoryData,
];
const late = at(32, 600);
const arrival = { shownAt: late };

beforeAll(async () => {
  github = await startLocalGithub({ world: smallWorld(3), limits: { core: 1e6, graphql: 1e6 } });
  nights = await openNights({
    github,
    repositories: ['guild/tool0', 'guild/tool1'],
    plansRechecks: false,
  });
  await nights.read(at(32, 120));
  restore = await keepRows(nights.db);
});
afterAll(async () => {
  await nights.close();
  await github.close();
});
beforeEach(async () => {
  await restore();
  github.setFault(() => undefined);
});

type Change = Partial<RepositoryData>;

function show(...changes: readonly (Change | undefined)[]): World {
  const repositories = [0, 1, 2].map((index) => smallRepository(index, changes[index]));
  const world = { ...smallWorld(3), repositories };
  github.setWorld(world);
  return world;
}

const idsOf = async () =>
  (await readRows(nights.db)).map(({ repository_id, event_id }) => `${repository_id} ${event_id}`);

/** What a night changes in the table. */
async function changesBy(night: () => Promise<unknown>) {
  const before = await idsOf();
  await night();
  const after = await idsOf();
  return {
    gone: before.filter((id) => !after.includes(id)),
    come: after.filter((id) => !before.includes(id)),
  };
}

async function noticed(): Promise<Record<string, number>[]> {
  const jobs = await nights.db
    .selectFrom('scrape_jobs')
    .select('noticed')
    .where('window_to', '>', new Date(at(32, 120)))
    .orderBy('id')
    .execute();
  return jobs.flatMap((job) => (Object.keys(job.noticed ?? {}).length ? [job.noticed ?? {}] : []));
}

const gone = <T>(items: readonly T[]) => items.map((item) => ({ ...item, goneAt: late }));
const [issue2, issue3] = zero.issues as [RepositoryData['issues'][0], RepositoryData['issues'][0]];
const [comment] = zero.comments as [RepositoryData['comments'][0]];
const moved = (repositoryId: number) => ({
  issues: [{ ...issue2, goneAt: late, movedTo: { repositoryId, number: 7 } }, issue3],
});
const arrived = (base: RepositoryData): Change => ({
  issues: [...base.issues, { ...issue2, id: 777, number: 7, ...arrival }],
  comments: [...base.comments, { ...comment, number: 7 }],
});

/** What a night with nothing but changes finds: GitHub's counts show it. */
const SEEN_AT_ONCE: [string, Change[], { gone: string[]; come?: string[] }][] = [
  [
    'a deleted issue, with its comments',
    [{ issues: gone([issue2]).concat([{ ...issue3, goneAt: '9' }]) }],
    { gone: [`1 comment:${comment.id}`, '1 issue:2:opened'] },
  ],
  [
    'a deleted pull request, with its reviews and comments',
    [{ pullRequests: gone(zero.pullRequests) }],
    {
      gone: [
        '1 pr:1:merged',
        '1 pr:1:opened',
        `1 review:${zero.reviews[0]?.id}`,
        `1 review_comment:${zero.reviewComments[0]?.id}`,
      ],
    },
  ],
  [
    'a deleted release',
    [{ releases: gone(zero.releases) }],
    { gone: [`1 release:${zero.releases[0]?.id}`] },
  ],
  [
    'a deleted comment on a commit',
    [{ commitComments: gone(zero.commitComments) }],
    { gone: [`1 commit_comment:${zero.commitComments[0]?.id}`] },
  ],
  [
    'an issue that was transferred to a tracked repository: one credit, at its new number',
    [moved(one.id), arrived(one)],
    {
      gone: [`1 comment:${comment.id}`, '1 issue:2:opened'],
      come: [`2 comment:${comment.id}`, '2 issue:7:opened'],
    },
  ],
  [
    'an issue that was transferred to a repository that is not tracked',
    [moved(two.id), {}, arrived(two)],
    { gone: [`1 comment:${comment.id}`, '1 issue:2:opened'] },
  ],
  [
    'an issue that came from a repository that is not tracked',
    [{}, arrived(one)],
    { gone: [], come: [`2 comment:${comment.id}`, '2 issue:7:opened'] },
  ],
];

describe('a night', () => {
  it.each(SEEN_AT_ONCE)('finds %s', async (_what, changes, expected) => {
    show(...changes);
    const found = await changesBy(() => nights.read(at(33, 120)));
    expect(found).toEqual({ come: [], ...expected });
    const again = await changesBy(() => nights.read(at(34, 120)));
    expect(again).toEqual({ gone: [], come: [] });
    expect(github.violations).toEqual([]);
  });

  it('counts what is gone and what was transferred in the job that found it', async () => {
    show(moved(one.id), arrived(one));
    await nights.read(at(33, 120));
    expect(await noticed()).toEqual([{ deleted: 2, transferred: 1 }]);
    const jobs = await nights.db
      .selectFrom('scrape_jobs')
      .select(['job_type', 'status', 'lists'])
      .where('job_type', '=', 'recheck')
      .orderBy('id')
      .execute();
    expect(jobs).toMatchObject([
      { status: 'COMPLETED', lists: ['issues', 'issue_comments'] },
      { status: 'COMPLETED', lists: ['issues'] },
    ]);
  });
});

const hide = (reason: string) => ({ hidden: { at: late, reason } });

describe('a job that wants all', () => {
  it.each<[string, Change, string[]]>([
    [
      'a deleted issue',
      { issues: [issue3, ...gone([issue2])] },
      [`1 comment:${comment.id}`, '1 issue:2:opened'],
    ],
    ['a deleted comment', { comments: gone(zero.comments) }, [`1 comment:${comment.id}`]],
    ['a deleted review', { reviews: gone(zero.reviews) }, [`1 review:${zero.reviews[0]?.id}`]],
    [
      'a deleted review comment',
      { reviewComments: gone(zero.reviewComments) },
      [`1 review_comment:${zero.reviewComments[0]?.id}`],
    ],
    [
      'a comment that was hidden as spam',
      { comments: zero.comments.map((one) => ({ ...one, ...hide('spam') })) },
      [`1 comment:${comment.id}`],
    ],
    [
      'a review and its comment that were hidden as abuse',
      {
        reviews: zero.reviews.map((one) => ({ ...one, ...hide('abuse') })),
        reviewComments: zero.reviewComments.map((one) => ({ ...one, ...hide('abuse') })),
      },
      [`1 review:${zero.reviews[0]?.id}`, `1 review_comment:${zero.reviewComments[0]?.id}`],
    ],
    [
      'a comment on a commit that was hidden as spam',
      { commitComments: zero.commitComments.map((one) => ({ ...one, ...hide('spam') })) },
      [`1 commit_comment:${zero.commitComments[0]?.id}`],
    ],
    [
      'nothing in what was hidden as outdated',
      {
        comments: zero.comments.map((one) => ({ ...one, ...hide('outdated') })),
        reviewComments: zero.reviewComments.map((one) => ({ ...one, ...hide('resolved') })),
      },
      [],
    ],
  ])('finds %s', async (_what, change, expected) => {
    show(change);
    const found = await changesBy(() => nights.read(at(33, 120), { jobType: 'full' }));
    expect(found).toEqual({ gone: expected, come: [] });
    expect(github.violations).toEqual([]);
  });

  it('takes nothing out of a list that has an item that cannot be read', async () => {
    show({ issues: [...gone([issue2]), issue3] });
    github.setFault(({ name }) =>
      name === 'issues' ? { type: 'changed', change: withBadNode } : undefined,
    );
    const found = await changesBy(() => nights.read(at(33, 120), { jobType: 'full' }));
    // The number of the issue is known to be gone; what else is missing from the list is not.
    expect(found.come).toEqual([]);
    const cursors = await nights.db
      .selectFrom('source_cursors')
      .select(['list', 'is_doubtful'])
      .where('is_doubtful', '=', true)
      .execute();
    expect(cursors).toEqual([
      { list: 'issues', is_doubtful: true },
      { list: 'issues', is_doubtful: true },
    ]);
  });
});

/** An issue without a readable time beside the others. */
const withBadNode = ({ body, ...reply }: { status: number; body: unknown }) => {
  const answer = body as { data: { repository: { issues: { nodes: object[] } } } };
  answer.data.repository.issues.nodes.push({ number: 99, createdAt: 'yesterday' });
  return { ...reply, body: answer };
};

describe('looking at the past again', () => {
  it('finds in any night what no count shows, and says what it cost', async () => {
    show({ comments: gone(zero.comments), reviews: gone(zero.reviews) });
    const files = { 'pipeline.yaml': 'github: { recheck_days: 1 }\n' };
    const eager = await openNights({ github, repositories: ['guild/tool0'], files });
    await eager.read(at(32, 120));
    const night = await eager.read(at(33, 120));
    expect(night.recheck.points).toBeGreaterThan(0);
    const rows = await readRows(eager.db);
    const ids = rows.map((row) => row.event_id);
    expect(ids).not.toContain(`comment:${comment.id}`);
    expect(ids).not.toContain(`review:${zero.reviews[0]?.id}`);
    expect(ids).toContain('pr:1:merged');
    await eager.close();
  });

  it('follows an edit of the comment that is hidden at once', async () => {
    const edited = { editedAt: late, ...hide('spam') };
    // A new issue makes the list of comments to be read.
    show({
      comments: zero.comments.map((one) => ({ ...one, ...edited })),
      issues: [...zero.issues, { id: 900, number: 9, author: PEOPLE.dan, createdAt: late }],
    });
    const found = await changesBy(() => nights.read(at(33, 120)));
    expect(found).toEqual({ gone: [`1 comment:${comment.id}`], come: ['1 issue:9:opened'] });
  });
});
