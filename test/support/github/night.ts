import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Db } from '../../../db/client.ts';
import { readEnvironment } from '../../../pipeline/config/environment.ts';
import { readConfig } from '../../../pipeline/config/load.ts';
import { runPipeline } from '../../../pipeline/run-pipeline.ts';
import type { Context } from '../../../pipeline/runtime/context.ts';
import { createLog, type Log } from '../../../pipeline/runtime/log.ts';
import type { PipelineOptions } from '../../../pipeline/runtime/options.ts';
import { runDiscovery } from '../../../pipeline/stages/discovery/index.ts';
import { runMissingNumbers } from '../../../pipeline/stages/missing-numbers/index.ts';
import { runScrape } from '../../../pipeline/stages/scrape/index.ts';
import { openTables } from '../databases.ts';
import type { LocalGithub } from './local-github.ts';
import { at, PEOPLE, sha } from './made-up-world.ts';
import type { RepositoryData, World } from './world.ts';

/** Nights of many small repositories on the local GitHub, by the complete pipeline. */

/** A repository with one of each kind of contribution, all on the first days of the month. */
export function smallRepository(index: number, change: Partial<RepositoryData> = {}) {
  const { ada, ben, cyd, eve } = PEOPLE;
  const id = 9_000_000 + index;
  const key = (part: number) => id * 100 + part;
  const head = sha(`${index}-head`);
  const repository: RepositoryData = {
    id,
    owner: 'guild',
    name: `tool${index}`,
    defaultBranch: 'main',
    stars: index,
    topics: ['tools'],
    commits: [
      {
        sha: head,
        author: ada,
        authorEmail: 'ada@example.org',
        committedAt: at(1),
        additions: 5,
        deletions: 1,
        parents: [],
      },
    ],
    pushes: [{ at: at(1), head }],
    pullRequests: [
      {
        id: key(1),
        number: 1,
        author: ben,
        createdAt: at(2),
        mergedAt: at(3),
        additions: 9,
        deletions: 2,
      },
    ],
    reviews: [
      { id: key(2), pullNumber: 1, author: cyd, state: 'APPROVED', submittedAt: at(2, 90) },
    ],
    reviewComments: [{ id: key(3), pullNumber: 1, author: cyd, createdAt: at(2, 80) }],
    issues: [
      { id: key(4), number: 2, author: eve, createdAt: at(2, 5) },
      { id: key(5), number: 3, author: ada, createdAt: at(2, 9) },
    ],
    comments: [{ id: key(6), number: 2, author: ben, createdAt: at(2, 30) }],
    commitComments: [{ id: key(7), sha: head, author: cyd, createdAt: at(2, 40) }],
    releases: [{ id: key(8), tag: 'v1', author: ada, createdAt: at(3), publishedAt: at(3, 30) }],
    ...change,
  };
  return repository;
}

export function smallWorld(count: number): World {
  const repositories = Array.from({ length: count }, (_, index) => smallRepository(index));
  return { repositories, people: Object.values(PEOPLE) };
}

const STORED = ['repositories', 'source_cursors', 'scrape_windows', 'contribution_events'] as const;

/** Stores of the small repositories after the first what a night that read the first has stored. */
export async function storeAsRead(db: Db, count: number): Promise<void> {
  await db.deleteFrom('repositories').where('id', '>', 1).execute();
  for (const table of STORED) {
    const name = sql.table(table);
    const { rows } = await sql<{ row: string }>`
      SELECT to_jsonb(t)::text AS row FROM ${name} t`.execute(db);
    const copies = Array.from({ length: count - 1 }, (_, i) =>
      rows.map(({ row }) => copyOf(row, i + 1)),
    );
    await sql`INSERT INTO ${name} SELECT t.* FROM
      jsonb_populate_recordset(NULL::${name}, ${`[${copies.flat().join()}]`}) t`.execute(db);
  }
}

/** A row of the first small repository as one of another, in JSON. */
function copyOf(row: string, index: number): string {
  return row
    .replaceAll('tool0', `tool${index}`)
    .replaceAll(String(smallRepository(0).id), String(smallRepository(index).id))
    .replaceAll(sha('0-head'), sha(`${index}-head`))
    .replaceAll(sha('0-head').slice(0, 7), sha(`${index}-head`).slice(0, 7))
    .replace(/"(id|repository_id|repositoryId)": 1\b/g, `"$1": ${index + 1}`)
    .replace('"stars": 0', `"stars": ${index}`);
}

export interface NightSetup {
  readonly github: LocalGithub;
  readonly repositories: readonly string[];
  /** Address of the database, `memory:` for an embedded one; default: see `openTables`. */
  readonly url?: string;
  readonly log?: Log;
  /** More files of the configuration: name to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** false: `read` leaves out the planned looks at the past, so that what is new can be seen alone. */
  readonly plansRechecks?: boolean;
}

export interface Night {
  readonly code: number;
  /** What the local GitHub counted, rechecking included. */
  readonly points: number;
  readonly restRequests: number;
  readonly graphqlRequests: number;
  /** What the looks at the past cost of it. */
  readonly recheck: { readonly points: number; readonly requests: number };
  readonly seconds: number;
}

export interface Nights {
  readonly db: Db;
  readonly out: string;
  /** Runs the pipeline at a moment of the world, which is its clock, too, unless `now` is given. */
  run(now: string, options?: Partial<PipelineOptions>): Promise<Night>;
  /** The same, but only the stages that read: nothing is calculated or published. */
  read(now: string, options?: Partial<PipelineOptions>, signal?: AbortSignal): Promise<Night>;
  close(): Promise<void>;
}

export async function openNights(setup: NightSetup): Promise<Nights> {
  const { github } = setup;
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-night-'));
  const list = setup.repositories.map((slug) => `  - ${slug}\n`).join('');
  writeFileSync(join(folder, 'repos.yaml'), `repositories:\n${list}`);
  for (const [name, text] of Object.entries(setup.files ?? {})) {
    writeFileSync(join(folder, name), text);
  }
  const db = await openTables(setup.url);
  const night = async (
    now: string,
    options: Partial<PipelineOptions>,
    signal: AbortSignal,
    stages: (context: Context) => Promise<number>,
  ): Promise<Night> => {
    github.setNow(now);
    const before = { ...totalsOf(github), at: performance.now() };
    const rechecked = await readRechecked(db);
    const given = { now: new Date(now), ...options };
    const code = await stages(contextOf(setup, folder, db, signal, given));
    const after = totalsOf(github);
    const recheck = await readRechecked(db);
    return {
      code,
      points: after.points - before.points,
      restRequests: after.restRequests - before.restRequests,
      graphqlRequests: after.graphqlRequests - before.graphqlRequests,
      recheck: {
        points: recheck.points - rechecked.points,
        requests: recheck.requests - rechecked.requests,
      },
      seconds: (performance.now() - before.at) / 1000,
    };
  };
  const never = new AbortController().signal;
  return {
    db,
    out: join(folder, 'out'),
    run: (now, options = {}) => night(now, options, never, runPipeline),
    read: (now, options = {}, signal = never) =>
      night(now, options, signal, (context) => readOnly(context, setup.plansRechecks ?? true)),
    close: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readOnly(context: Context, plansRechecks: boolean): Promise<number> {
  await runDiscovery(context, null);
  const planned = context.db.deleteFrom('scrape_jobs').where('job_type', '=', 'recheck');
  if (!plansRechecks) await planned.execute();
  const { failed } = await runScrape(context);
  await runMissingNumbers(context);
  return failed === 0 ? 0 : 1;
}

/** What looking at the past has cost so far. */
async function readRechecked(db: Db) {
  const { rows } = await sql<{ points: number; requests: number }>`
    SELECT coalesce(sum(recheck_points), 0)::integer AS points,
      coalesce(sum(recheck_requests), 0)::integer AS requests FROM github_usage`.execute(db);
  return rows[0] as { points: number; requests: number };
}

function totalsOf({ requests, graphql, core }: LocalGithub) {
  const graphqlRequests = requests.filter(({ kind }) => kind === 'graphql').length;
  return { points: graphql.total, restRequests: core.total, graphqlRequests };
}

function contextOf(
  { github, log }: NightSetup,
  folder: string,
  db: Db,
  signal: AbortSignal,
  options: Partial<PipelineOptions> & { readonly now: Date | null },
): Context {
  return {
    options: {
      config: folder,
      sources: ['github'],
      repositories: null,
      jobType: null,
      from: null,
      to: null,
      out: join(folder, 'out'),
      dryRun: false,
      log: 'json',
      ...options,
    },
    config: readConfig(folder),
    environment: readEnvironment({
      GITHUB_TOKEN: 'a-token',
      GITHUB_API_URL: github.apiUrl,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    }),
    db,
    log: log ?? createLog('json', { level: 'silent' }),
    signal,
    now: options.now ?? new Date(),
    sources: ['github'],
    isSample: false,
    isEmbedded: true,
    owner: 'test',
    reconnectDelaysMs: [],
  };
}
