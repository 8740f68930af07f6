import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ZodType } from 'zod';
import * as published from '../../pipeline/published/documents.ts';
import {
  type Activity,
  factsOf,
  HOSTILE_LOGIN,
  inventActivities,
  inventPeople,
  type Person,
  REPOSITORIES,
} from './community.ts';
import {
  buildContributor,
  buildWithoutPage,
  type RankedEntry,
  toColumns,
  unknownIntervals,
} from './contributor-documents.ts';
import { buildDashboard } from './dashboard-documents.ts';
import { addMonths } from './month-documents.ts';
import { BASE_POINTS, boardsOf, COUNTS, GLOBAL, LINES, PERIOD_DAYS, toEntry } from './oracle.ts';
import { addPictures } from './picture-documents.ts';
import { addRepositoryActivity } from './repository-documents.ts';
import { UNKNOWN, unknownOf } from './unknown-kinds.ts';

/**
 * Valid published documents of a small invented community, for tests of their readers.
 * They contain cases that break a careless page: ties, empty boards, hostile and unusual texts.
 */
export interface DocumentOptions {
  readonly people?: number;
  readonly pageSize?: number;
  readonly contributorPages?: number;
  /** Pages of a board that show all columns. */
  readonly boardPages?: number;
  /** That of the home page; `all` if none is given. */
  readonly defaultPeriod?: published.Index['default_period'];
  readonly url?: string;
  readonly sample?: boolean;
  readonly dashboard?: boolean;
  /** Whether two of three people have a picture. */
  readonly pictures?: boolean;
}

export type DocumentHead = Pick<
  published.Index,
  'generated_at' | 'data_until' | 'weights_version' | 'sample'
>;

/** Path under `api/v1/` to document; each was parsed by its schema. */
export type Documents = Map<string, unknown>;

export const NOW = new Date('2025-11-20T02:10:00.000Z');

/** Where forms are filed. */
export const FORMS = 'https://github.com/guild/leaderboard/issues/new';

/** The day that boards are compared with, whatever their period. */
const PREVIOUS_ON = '2025-11-13';

/** Weeks of activity that a board of the period shows. */
const PERIOD_WEEKS = { all: Infinity, year: 52, quarter: 13, month: 4, week: 1 } as const;
const PERIODS = Object.keys(PERIOD_WEEKS) as (keyof typeof PERIOD_WEEKS)[];

/** Pages of a board that are documents. */
const DOCUMENT_PAGES = 10;

export function buildDocuments(options: DocumentOptions = {}): Documents {
  const activities = inventActivities(inventPeople(options.people ?? 130));
  const head: DocumentHead = {
    generated_at: NOW.toISOString(),
    data_until: '2025-11-20T02:00:00.000Z',
    weights_version: 'w-1f2e3d4c',
    sample: options.sample ?? true,
  };
  const documents: Documents = new Map();
  const sample = head.sample;
  const add = (path: string, schema: ZodType, document: object) =>
    documents.set(path, schema.parse({ ...head, ...document }));

  addScoring(add);
  const size = options.pageSize ?? 50;
  const people = addContributors(add, activities, options.contributorPages ?? 60, sample);
  const withPage = new Set(people.slice(0, options.contributorPages ?? 60));
  addBoards(add, 'global', activities, { size, sample, withPage });
  for (const name of REPOSITORIES) {
    const own = activities.filter(({ repository }) => repository === name);
    addBoards(add, name, own, { size, sample, withPage });
  }
  addRepositories(add, activities);
  for (const name of REPOSITORIES)
    addRepositoryActivity(add, name, activities, { now: NOW, sample });
  if (options.dashboard ?? true) buildDashboard(add, NOW, sample);
  add('history.json', published.historySchema, HISTORY);
  add('facts.json', published.factsSchema, FACTS);
  addMonths(add);
  add('renames.json', published.renamesSchema, RENAMES);
  addIndex(add, people, options);
  if (options.pictures) addPictures(documents);
  return documents;
}

export type Add = (path: string, schema: ZodType, document: object) => void;

export function writeDocuments(dir: string, documents: Documents): void {
  for (const [path, document] of documents) {
    const file = join(dir, 'api/v1', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.isBuffer(document) ? document : JSON.stringify(document));
  }
}

function addScoring(add: Add): void {
  add('config/scoring.json', published.scoringSchema, {
    base_points: BASE_POINTS,
    lines: LINES,
    periods: PERIOD_DAYS,
  });
}

function toPerson({ id, login, name }: Person) {
  return {
    username: login,
    github_id: id % 10 === 9 ? null : id,
    display_name: name,
    avatar_url: null,
    profile_url: `https://github.com/${encodeURIComponent(login)}`,
  };
}

/** Some moved up, some moved down, some are new: by a rule, so that tests can rely on it. */
function previousRank(rank: number): number | null {
  if (rank % 7 === 0) return null;
  return Math.max(1, rank + ([0, 1, -1, 0, 2][rank % 5] ?? 0));
}

/** The oracle's board of these activities, in published form. */
function rankEntries(activities: readonly Activity[], scope: string): RankedEntry[] {
  const byPerson = Map.groupBy(activities, ({ person }) => person.id);
  const own = (user: number) => byPerson.get(user) as [Activity, ...Activity[]];
  const nameOf = (user: number) => own(user)[0].person.login;
  const lines = boardsOf(factsOf(activities, NOW), { nameOf }).get(scope) ?? [];
  return lines.map((line) => ({
    ...toPerson(own(line.user)[0].person),
    ...toEntry(line),
    previous_rank: previousRank(line.rank),
    ...(scope === GLOBAL && {
      repositories_contributed: new Set(own(line.user).map(({ repository }) => repository)).size,
    }),
  }));
}

/** The entries of a board with how quickly their people go on; all activities of its scope are given. */
function withPace(
  entries: readonly RankedEntry[],
  activities: readonly Activity[],
  scope: string,
): published.Entry[] {
  const week = activities.filter((activity) => activity.week < PERIOD_WEEKS.week);
  const points = new Map(
    rankEntries(week, scope).map((entry) => [entry.username, entry.total_score]),
  );
  const byLogin = Map.groupBy(activities, ({ person }) => person.login);
  return entries.map((entry) => ({
    ...entry,
    delta_7d: points.get(entry.username) ?? 0,
    trend: trendOf(byLogin.get(entry.username) ?? []),
  }));
}

/** A week of an activity is so many weeks before the present one. */
function trendOf(activities: readonly Activity[]): number[] {
  const weeks = new Array<number>(26).fill(0);
  for (const { week, counts } of activities) {
    const place = 25 - week;
    if (weeks[place] === undefined) continue;
    weeks[place] += Object.values(counts).reduce((sum, count) => sum + count, 0);
  }
  const first = weeks.findIndex((count) => count > 0);
  return first === -1 ? [] : weeks.slice(first);
}

interface BoardOptions {
  readonly size: number;
  readonly sample: boolean;
  /** Logins of people with a page of their own. */
  readonly withPage: ReadonlySet<string>;
}

function addBoards(
  add: Add,
  scope: string,
  activities: readonly Activity[],
  { size, sample, withPage }: BoardOptions,
): void {
  for (const period of PERIODS) {
    const within = activities.filter(({ week }) => week < PERIOD_WEEKS[period]);
    const all = withPace(rankEntries(within, scope), activities, scope);
    const pages = Math.max(1, Math.ceil(all.length / size));
    for (let page = 1; page <= pages; page++) {
      const entries = all.slice((page - 1) * size, page * size);
      const unknown_kinds = unknownOf(sample, scope, period);
      const unranked = { contributors: 0, contributions: 0 };
      const board = {
        ...{ scope, period, page, pages, total: all.length },
        ...{ previous_on: PREVIOUS_ON, unknown_kinds, unranked, entries },
      };
      add(`leaderboard/${scope}/${period}/${page}.json`, published.leaderboardSchema, board);
      if (scope === 'global' && period === 'all' && page === 1)
        add('leaderboard/global.json', published.leaderboardSchema, board);
      if (page >= DOCUMENT_PAGES) break;
    }
    addColumns(add, { scope, period, sample, withPage }, all);
  }
}

const DAY_MS = 86_400_000;
const dayOf = (moment: string) => Math.floor(Date.parse(moment) / DAY_MS);

interface ColumnFacts extends Omit<BoardOptions, 'size'> {
  readonly scope: string;
  readonly period: published.Board['period'];
}

/** The whole board by columns, without those that say nothing. */
function addColumns(
  add: Add,
  { scope, period, sample, withPage }: ColumnFacts,
  all: readonly published.Entry[],
): void {
  const columns: Record<string, readonly unknown[]> = {
    github_id: all.map((entry) => entry.github_id),
    display_name: all.map((entry) => entry.display_name),
    rank: all.map((entry) => entry.rank),
    previous_rank: all.map((entry) => entry.previous_rank),
    total_score: all.map((entry) => entry.total_score),
    delta_7d: all.map((entry) => entry.delta_7d),
    trend: all.map((entry) => entry.trend),
    line_bonus: all.map((entry) => entry.points.line_bonus),
    lines_added: all.map((entry) => entry.lines_added),
    lines_deleted: all.map((entry) => entry.lines_deleted),
    first_contribution_day: all.map((entry) => dayOf(entry.first_contribution_at)),
    last_contribution_day: all.map((entry) => dayOf(entry.last_contribution_at)),
    repositories_contributed: all.map((entry) => entry.repositories_contributed ?? 0),
    page: all.map(({ username }) => (withPage.has(username) ? 1 : 0)),
  };
  const counts = Object.values(COUNTS).map((name) => [name, all.map((entry) => entry[name])]);
  const says = ([, column]: readonly unknown[]) =>
    (column as unknown[]).some((value) => (Array.isArray(value) ? value.length > 0 : value));
  add(`boards/${scope}/${period}/1.json`, published.boardSchema, {
    ...{ scope, period, shard: 1, shards: 1, total: all.length, previous_on: PREVIOUS_ON },
    unknown_kinds: unknownOf(sample, scope, period),
    unranked: { contributors: 0, contributions: 0 },
    profile_url: 'https://github.com/{username}',
    avatar_url: null,
    columns: {
      username: all.map((entry) => entry.username),
      ...Object.fromEntries(Object.entries(columns).filter(says)),
      counts: Object.fromEntries(counts.filter(says)),
    },
  });
}

function describeRepository(
  fullName: string,
  activities: readonly Activity[],
): published.Repository {
  const [owner, name] = fullName.split('/') as [string, string];
  const own = activities.filter(({ repository }) => repository === fullName);
  const shed = name === 'shed';
  return {
    owner,
    name,
    full_name: fullName,
    github_id: 1000 + name.length,
    url: `https://github.com/${fullName}`,
    description: shed
      ? '<img src=x onerror=alert(4)> Tools & <b>sheds</b>'
      : 'A garden that grows by itself, if you water it now and then.',
    stars: shed ? null : 48_213,
    forks: shed ? null : 1_204,
    language: shed ? null : 'TypeScript',
    topics: shed ? ['<i>topic</i>'] : ['garden', 'flowers'],
    license: shed ? null : 'MIT',
    default_branch: 'main',
    archived: shed,
    status: shed ? 'FAILED' : 'ACTIVE',
    failure_reason: shed ? 'GitHub answered <404>: not found' : null,
    last_scraped_at: NOW.toISOString(),
    data_until: '2025-11-20T02:00:00.000Z',
    contributors: new Set(own.map(({ person }) => person)).size,
    contributions: own.reduce((sum, activity) => sum + countAll(activity), 0),
  };
}

const countAll = (activity: Activity) =>
  Object.values(activity.counts).reduce((sum, count) => sum + count, 0);

function addRepositories(add: Add, activities: readonly Activity[]): void {
  const repositories = REPOSITORIES.map((name) => describeRepository(name, activities));
  add('repositories.json', published.repositoriesSchema, { repositories });
  const gap = {
    from: '2025-10-09T00:00:00.000Z',
    to: '2025-10-14T00:00:00.000Z',
    reason: 'the archive has no files for these <hours>',
  };
  const windows = [
    window('github', '2025-11-01', '2025-11-20', 1, []),
    window('gharchive', '2023-10-01', '2025-11-01', 0.93, [gap]),
  ];
  for (const repository of repositories) {
    const totals = { ...BASE_POINTS };
    const path = `repositories/${repository.full_name}.json`;
    const github_usage = [{ date: '2025-11-19', points: 41, requests: 63 }];
    const document = { repository, totals, windows, github_usage };
    add(path, published.repositoryDocumentSchema, document);
  }
}

function window(source: string, from: string, to: string, completeness: number, gaps: object[]) {
  const at = (day: string) => `${day}T00:00:00.000Z`;
  return { source, from: at(from), to: at(to), completeness, gaps };
}

function addContributors(
  add: Add,
  activities: readonly Activity[],
  pages: number,
  sample: boolean,
): string[] {
  const people = rankEntries(activities, GLOBAL).filter(
    (entry) => entry.username !== HOSTILE_LOGIN,
  );
  const boards = PERIODS.map((period) => {
    const within = activities.filter(({ week }) => week < PERIOD_WEEKS[period]);
    return [period, rankEntries(within, GLOBAL)] as const;
  });
  const repositoryBoards = REPOSITORIES.map((name) => {
    const own = activities.filter(({ repository }) => repository === name);
    return [name, rankEntries(own, name)] as const;
  });
  const ofOthers: ReturnType<typeof buildWithoutPage>[] = [];
  for (const [place, entry] of people.entries()) {
    const own = activities.filter(({ person }) => person.login === entry.username);
    const input = { entry, own, boards, repositoryBoards, now: NOW, sample };
    if (place < pages) buildContributor(add, input);
    else ofOthers.push(buildWithoutPage(add, input));
  }
  add('contributor-shards/0.json', published.contributorShardSchema, {
    shard: 0,
    unknown: unknownIntervals(sample),
    ...(!sample && { unknown_kinds: { [UNKNOWN.repository]: UNKNOWN.kinds } }),
    contributions: toColumns(
      ofOthers.flatMap(({ recent }) => recent),
      sample,
    ),
    contributors: ofOthers.map(({ person }) => person),
  });
  return people.map((entry) => entry.username);
}

/** Rosa was renamed, and so was somebody without a page. */
const RENAMES = {
  renames: [
    { former_login: 'rose-field', username: 'rosa-field' },
    { former_login: 'tied-zero', username: 'tied-two' },
  ],
};

/** Facts of one board; the first one of it has risen. */
const FACTS = {
  from: '2025-11-13T02:10:00.000Z',
  to: '2025-11-20T02:10:00.000Z',
  boards: [
    {
      scope: 'global',
      contributions: 1_204,
      people: 31,
      compared: { now: 1_100, before: 1_000 },
      newcomers: 2,
      first_merged: 1,
      leader: { username: 'rosa-field', points: 1_200.5 },
      periods: {
        all: {
          rise: { username: HOSTILE_LOGIN, rank: 9, previous_rank: 12 },
          new_in_ten: ['tied-one', 'tied-two'],
        },
      },
    },
  ],
};

/** Two weeks of one board. */
const HISTORY = {
  weeks: ['2025-11-10', '2025-11-17'],
  github_ids: [1, 2],
  usernames: ['ada', 'bob'],
  boards: [{ scope: 'global', period: 'all', first_week: 0, people: [0, 1], ranks: [1, 2, 0, 1] }],
};

function addIndex(add: Add, people: string[], options: DocumentOptions): void {
  add('index.json', published.indexSchema, {
    title: 'Meadow <contributors>',
    url: options.url ?? 'https://meadow.example/leaderboard/',
    page_size: options.pageSize ?? 50,
    avatars: true,
    periods: PERIODS,
    default_period: options.defaultPeriod ?? 'all',
    contributors: people.slice(0, options.contributorPages ?? 60),
    people: people.length,
    contributor_shards: 1,
    board_pages: options.boardPages ?? 10,
    board_document_pages: DOCUMENT_PAGES,
    // Nobody in a sample can correct anything.
    ...(options.sample === false && { forms: FORMS }),
    plan: {
      limit_bytes: 800_000_000,
      estimated_bytes: 1_234_567,
      limited_by: 'contributor_pages',
      files: [{ kind: 'pages of people', files: 60, bytes: 600_000 }],
    },
    documents: { repositories: 'repositories.json', scoring: 'config/scoring.json' },
  });
}
