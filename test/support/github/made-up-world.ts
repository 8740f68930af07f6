import { createHash } from 'node:crypto';
import { PEOPLE as COMMUNITY } from '../community.ts';
import type {
  CommentData,
  CommitCommentData,
  CommitData,
  IssueData,
  Person,
  PullRequestData,
  ReleaseData,
  RepositoryData,
  ReviewCommentData,
  ReviewData,
  World,
} from './world.ts';

/**
 * A small repository over one month with all cases that real tables lack: late merges and late
 * commits, a force push, edits, a rename, reopened issues, deleted users, apps, mannequins,
 * organisations, releases, comments on commits, more reviews than one page holds.
 */

export const MONTH = { from: '2025-03-01T00:00:00Z', to: '2025-04-01T00:00:00Z' };

const DAY_MS = 86_400_000;

const { ben, cyd, dan, eve, dependabot: app, imported, guild } = COMMUNITY;

/** Those of the community who work on the invented repository, as GitHub shows them. */
export const PEOPLE = {
  ada: {
    ...COMMUNITY.ada,
    name: 'Ada L.',
    company: '@analytical',
    location: 'London',
    email: 'ada@example.org',
    twitter: 'ada',
    website: 'https://ada.example',
    accounts: [{ provider: 'LINKEDIN', url: 'https://www.linkedin.com/in/ada' }],
  },
  /** Renamed in the middle of the month. */
  ben: { ...ben, renames: [{ at: '2025-03-15T12:00:00Z', login: 'benjamin' }] },
  cyd,
  dan,
  eve,
  app,
  imported,
  guild,
} as const satisfies Record<string, Person>;

const AUTHORS: readonly (Person | null)[] = [
  PEOPLE.ada,
  PEOPLE.ben,
  PEOPLE.cyd,
  PEOPLE.dan,
  PEOPLE.eve,
  PEOPLE.app,
  PEOPLE.imported,
  PEOPLE.guild,
  null,
];
const USERS = [PEOPLE.ada, PEOPLE.ben, PEOPLE.cyd, PEOPLE.dan, PEOPLE.eve];

/** A moment of the month: day 1 to 31, minutes into it. */
export function at(day: number, minutes = 0): string {
  const time = Date.parse(MONTH.from) + (day - 1) * DAY_MS + minutes * 60_000;
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** The world of the invented repository. The same every time. */
export function makeWorld(overrides: Partial<RepositoryData> = {}): World {
  const repository: RepositoryData = {
    id: 5001,
    owner: 'guild',
    name: 'engine',
    formerNames: ['ada/engine'],
    defaultBranch: 'main',
    description: 'An engine',
    stars: 42,
    forks: 7,
    language: 'TypeScript',
    topics: ['engines'],
    license: 'MIT',
    ...makeHistory(),
    ...makePullRequests(),
    ...makeIssues(),
    ...makeTalk(),
    discussions: [3, 9],
    ...overrides,
  };
  return { repositories: [repository], people: Object.values(PEOPLE) };
}

export const sha = (name: string) => createHash('sha1').update(name).digest('hex');

function commit(name: string, committedAt: string, parents: string[], author: Person | null) {
  const size = Number.parseInt(sha(name).slice(0, 2), 16);
  const made: CommitData = {
    sha: sha(name),
    author,
    authorEmail:
      author?.type === 'Bot'
        ? `${author.id}+${author.login}@users.noreply.github.com`
        : `${name}@example.com`,
    committedAt,
    additions: size,
    deletions: size % 7,
    parents: parents.map(sha),
    coAuthors: size % 5 === 0 ? [PEOPLE.eve] : [],
  };
  return made;
}

/**
 * Two commits a day; every fifth day a branch lands whose commits are days old;
 * on the 20th the last three commits are replaced by two others.
 */
function makeHistory(): Pick<RepositoryData, 'commits' | 'pushes'> {
  const commits: CommitData[] = [commit('root', at(-3), [], PEOPLE.ada)];
  const pushes = [{ at: at(-3), head: sha('root') }];
  const heads = ['root'];
  const add = (name: string, time: string, parents: string[], index: number) => {
    commits.push(commit(name, time, parents, AUTHORS[index % AUTHORS.length] ?? null));
  };
  const push = (name: string, time: string) => {
    heads.push(name);
    pushes.push({ at: time, head: sha(name) });
  };
  for (let day = 1; day <= 31; day++) {
    const tip = heads.at(-1) as string;
    add(`a${day}`, at(day, 60), [tip], day);
    add(`b${day}`, at(day, 600), [`a${day}`], day * 2 + 1);
    push(`b${day}`, at(day, 700));
    if (day % 5 === 0) {
      const base = heads.at(-5) ?? 'root';
      add(`late${day}`, at(day - 4, 900), [base], day + 3);
      add(`later${day}`, at(day - 2, 900), [`late${day}`], day + 4);
      add(`merge${day}`, at(day, 800), [`b${day}`, `later${day}`], day);
      push(`merge${day}`, at(day, 800));
    }
    if (day === 20) {
      add('forced1', at(20, 1000), ['b19'], 1);
      add('forced2', at(20, 1001), ['forced1'], 2);
      push('forced2', at(20, 1002));
    }
  }
  return { commits, pushes };
}

/** One pull request a day, merged days later, most of them; the fourth has 130 reviews. */
function makePullRequests(): Pick<RepositoryData, 'pullRequests' | 'reviews' | 'reviewComments'> {
  const pullRequests: PullRequestData[] = [];
  const reviews: ReviewData[] = [];
  const reviewComments: ReviewCommentData[] = [];
  for (let day = 1; day <= 31; day++) {
    const number = 10 + day;
    const author = AUTHORS[day % AUTHORS.length] ?? null;
    pullRequests.push({
      id: 7000 + day,
      number,
      author,
      createdAt: at(day, 30),
      mergedAt: day % 3 === 0 ? null : at(day + (day % 9), 300),
      closedAt: day % 6 === 0 ? at(day + 1, 10) : null,
      additions: day * 10,
      deletions: day,
      touchedAt: [at(day + 2, 15)],
    });
    const count = day === 4 ? 130 : day % 4;
    for (let index = 0; index < count; index++) {
      const reviewer = [...USERS, null][(day + index) % 6] ?? null;
      const isPending = day === 5 && index === 0;
      reviews.push({
        id: 3_000_000_000 + day * 1000 + index,
        pullNumber: number,
        author: reviewer,
        state: isPending ? 'PENDING' : index % 2 ? 'APPROVED' : 'COMMENTED',
        submittedAt: isPending ? null : at(day + (index % 6), 100 + index),
      });
      if (index < 2)
        reviewComments.push({
          id: 4_000_000 + day * 10 + index,
          pullNumber: number,
          author: reviewer,
          createdAt: at(day + index, 200),
        });
    }
  }
  return { pullRequests, reviews, reviewComments };
}

/** One issue a day. Some are closed, reopened and closed again by somebody else. */
function makeIssues(): Pick<RepositoryData, 'issues'> {
  const issues: IssueData[] = [];
  for (let day = 1; day <= 31; day++) {
    issues.push({
      id: 8000 + day,
      number: 100 + day,
      author: AUTHORS[(day + 4) % AUTHORS.length] ?? null,
      createdAt: at(day, 45),
      closings:
        day % 2 === 0
          ? [
              { at: at(day + 3, 5), actor: AUTHORS[day % AUTHORS.length] ?? null },
              ...(day % 4 === 0 ? [{ at: at(day + 5, 5), actor: PEOPLE.dan }] : []),
            ]
          : [],
      reopenedAt: day % 4 === 0 ? [at(day + 4, 5)] : [],
    });
  }
  return { issues };
}

/** Comments (some edited later, 120 of them in one second), comments on commits, releases. */
function makeTalk(): Pick<RepositoryData, 'comments' | 'commitComments' | 'releases'> {
  const comments: CommentData[] = [];
  for (let day = 1; day <= 31; day++) {
    const count = day === 10 ? 120 : 3;
    for (let index = 0; index < count; index++)
      comments.push({
        id: 6_000_000 + day * 1000 + index,
        number: index % 2 ? 100 + day : 10 + day,
        author: AUTHORS[(day + index) % AUTHORS.length] ?? null,
        createdAt: at(day, 480),
        ...(index === 1 && { editedAt: at(day + 6, 20) }),
      });
  }
  const commitComments: CommitCommentData[] = [2, 9, 16, 23, 30].map((day) => ({
    id: 9_000 + day,
    sha: sha(`a${day}`),
    author: USERS[day % 5] as Person,
    createdAt: at(day, 500),
  }));
  const releases: ReleaseData[] = [
    { id: 11, tag: 'v1', author: PEOPLE.ada, createdAt: at(3), publishedAt: at(3, 30) },
    { id: 12, tag: 'v2', author: PEOPLE.app, createdAt: at(8), publishedAt: at(25, 30) },
    { id: 13, tag: 'v3', author: PEOPLE.cyd, createdAt: at(12), publishedAt: null },
  ];
  return { comments, commitComments, releases };
}
