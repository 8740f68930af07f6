import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ZodType } from 'zod';
import * as published from '../../pipeline/published/documents.ts';
import { BASE_POINTS, LINES, rankEntries } from '../site/boards.ts';
import {
  type Deed,
  HOSTILE_LOGIN,
  inventDeeds,
  inventPeople,
  REPOSITORIES,
} from '../site/community.ts';
import { buildContributor } from '../site/contributor-documents.ts';
import { buildDashboard } from '../site/dashboard-documents.ts';

/**
 * Valid published documents of a small invented community, for tests of what reads them.
 * They hold what breaks a careless page: ties, empty boards, hostile and unusual texts.
 */
export interface DocumentOptions {
  readonly people?: number;
  readonly pageSize?: number;
  readonly contributorPages?: number;
  readonly url?: string;
  readonly sample?: boolean;
  readonly dashboard?: boolean;
}

export type DocumentHead = Pick<
  published.Index,
  'generated_at' | 'data_until' | 'weights_version' | 'sample'
>;

/** Path under `api/v1/` to document; each was parsed by its schema. */
export type Documents = Map<string, unknown>;

export const NOW = new Date('2025-11-20T02:10:00.000Z');

const PERIOD_WEEKS = { all: Infinity, year: 52, quarter: 13, month: 4, week: 1 } as const;
const PERIODS = Object.keys(PERIOD_WEEKS) as (keyof typeof PERIOD_WEEKS)[];

export function buildDocuments(options: DocumentOptions = {}): Documents {
  const deeds = inventDeeds(inventPeople(options.people ?? 130));
  const head: DocumentHead = {
    generated_at: NOW.toISOString(),
    data_until: '2025-11-20T02:00:00.000Z',
    weights_version: 'w-1f2e3d4c',
    sample: options.sample ?? true,
  };
  const documents: Documents = new Map();
  const add = (path: string, schema: ZodType, document: object) =>
    documents.set(path, schema.parse({ ...head, ...document }));

  addScoring(add);
  addBoards(add, 'global', deeds, options.pageSize ?? 50);
  for (const name of REPOSITORIES) {
    const own = deeds.filter((deed) => deed.repository === name);
    addBoards(add, name, own, options.pageSize ?? 50);
  }
  addRepositories(add, deeds);
  const names = addContributors(add, deeds, options.contributorPages ?? 60);
  if (options.dashboard ?? true) buildDashboard(add, NOW);
  addIndex(add, names, options);
  return documents;
}

export type Add = (path: string, schema: ZodType, document: object) => void;

export function writeDocuments(dir: string, documents: Documents): void {
  for (const [path, document] of documents) {
    const file = join(dir, 'api/v1', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(document));
  }
}

function addScoring(add: Add): void {
  const periods = { all: null, year: 365, quarter: 90, month: 30, week: 7 };
  add('config/scoring.json', published.scoringSchema, {
    base_points: BASE_POINTS,
    lines: LINES,
    periods,
  });
}

function addBoards(add: Add, scope: string, deeds: readonly Deed[], size: number): void {
  for (const period of PERIODS) {
    const within = deeds.filter((deed) => deed.week < PERIOD_WEEKS[period]);
    const all = rankEntries(within, NOW, scope);
    const pages = Math.max(1, Math.ceil(all.length / size));
    for (let page = 1; page <= pages; page++) {
      const entries = all.slice((page - 1) * size, page * size);
      const board = { scope, period, page, pages, total: all.length, entries };
      add(`leaderboard/${scope}/${period}/${page}.json`, published.leaderboardSchema, board);
      if (scope === 'global' && period === 'all' && page === 1)
        add('leaderboard/global.json', published.leaderboardSchema, board);
    }
  }
}

function describeRepository(fullName: string, deeds: readonly Deed[]): published.Repository {
  const [owner, name] = fullName.split('/') as [string, string];
  const own = deeds.filter((deed) => deed.repository === fullName);
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
    contributors: new Set(own.map((deed) => deed.person)).size,
    contributions: own.reduce((sum, deed) => sum + countAll(deed), 0),
  };
}

const countAll = (deed: Deed) => Object.values(deed.counts).reduce((sum, count) => sum + count, 0);

function addRepositories(add: Add, deeds: readonly Deed[]): void {
  const repositories = REPOSITORIES.map((name) => describeRepository(name, deeds));
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

function addContributors(add: Add, deeds: readonly Deed[], pages: number): string[] {
  const top = rankEntries(deeds, NOW, 'global')
    .filter((entry) => entry.username !== HOSTILE_LOGIN)
    .slice(0, pages);
  const boards = PERIODS.map((period) => {
    const within = deeds.filter((deed) => deed.week < PERIOD_WEEKS[period]);
    return [period, rankEntries(within, NOW, 'global')] as const;
  });
  const repositoryBoards = REPOSITORIES.map((name) => {
    const own = deeds.filter((deed) => deed.repository === name);
    return [name, rankEntries(own, NOW, name)] as const;
  });
  for (const entry of top) {
    const own = deeds.filter((deed) => deed.person.login === entry.username);
    buildContributor(add, { entry, own, boards, repositoryBoards, now: NOW });
  }
  return top.map((entry) => entry.username);
}

function addIndex(add: Add, contributors: string[], options: DocumentOptions): void {
  add('index.json', published.indexSchema, {
    title: 'Meadow <contributors>',
    url: options.url ?? 'https://meadow.example/leaderboard/',
    page_size: options.pageSize ?? 50,
    avatars: true,
    periods: PERIODS,
    contributors,
    documents: { repositories: 'repositories.json', scoring: 'config/scoring.json' },
  });
}
