import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { readEnvironment } from '../../pipeline/config/environment.ts';
import { readConfig } from '../../pipeline/config/load.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import { createLog } from '../../pipeline/runtime/log.ts';
import { archiveTables } from './bigquery/archive-tables.ts';
import { LocalBigQuery } from './bigquery/server.ts';
import { SqlEngine } from './bigquery/sql-engine.ts';
import { archiveEventsOf } from './github/archive-events.ts';
import { type LocalGithub, startLocalGithub } from './github/local-github.ts';
import { at } from './github/made-up-world.ts';
import { smallRepository, smallWorld } from './github/night.ts';
import type { World } from './github/world.ts';

/** A small community on GitHub and BigQuery, and the nights that read it. */

const REPOSITORIES = ['guild/tool0', 'guild/tool1', 'guild/tool2'];
const SINCE = '2025-02-28';

/**
 * The clock of the night before, of the night with a fault and the normal one, and of a later one: a
 * repository that a clock some hours ahead has read is due a night later than others.
 */
export const NIGHTS = { before: at(3), disturbed: at(4), later: at(6) } as const;

/** Files and database of one pair of runs. */
export interface Place {
  readonly kind: 'embedded' | 'server';
  readonly folder: string;
  readonly url: string;
}

export interface Lab {
  readonly github: LocalGithub;
  readonly bigquery: LocalBigQuery;
  /** Address of a server for databases; null if there is none. */
  readonly serverUrl: string | null;
  readonly restart: ((how: 'fast' | 'crash', awayMs: number) => Promise<void>) | null;
  readonly folder: string;
}

/** One of each kind of contribution on the days before, and something new in every night. */
function makeWorld(): World {
  const { people } = smallWorld(0);
  const repositories = REPOSITORIES.map((_, index) => {
    const { issues, ...rest } = smallRepository(index);
    const later = [3, 4].flatMap((day) =>
      people.slice(0, 3).map((author, place) => ({
        id: 9_500_000 + index * 100 + day * 10 + place,
        number: day * 10 + place,
        author,
        createdAt: at(day, 100 + place),
      })),
    );
    return { ...rest, issues: [...issues, ...later] };
  });
  return { people, repositories };
}

export async function openLab(
  serverUrl: string | null,
  restart: Lab['restart'] = null,
): Promise<Lab & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-nights-'));
  const world = makeWorld();
  // GitHub's clock goes right, whatever ours does.
  const clock = () => performance.timeOrigin + performance.now();
  // Hundreds of nights take place within an hour of GitHub's.
  const limits = { core: 1_000_000, graphql: 1_000_000 };
  const github = await startLocalGithub({ world, clock, limits });
  const engine = await SqlEngine.start();
  const bigquery = await LocalBigQuery.start(engine);
  bigquery.checksTokens = false;
  const events = world.repositories.flatMap(archiveEventsOf);
  for (const [name, table] of archiveTables(events)) bigquery.tables.set(name, table);
  mkdirSync(join(folder, 'config'));
  const list = REPOSITORIES.map((repo) => `  - {repo: ${repo}, never_rescrape_before: ${SINCE}}\n`);
  writeFileSync(join(folder, 'config/repos.yaml'), `repositories:\n${list.join('')}`);
  writeFileSync(
    join(folder, 'config/pipeline.yaml'),
    'sources: [github, bigquery]\nbatch_size: 5\nretries:\n  delays_seconds: [0, 0, 0]\n',
  );
  return {
    github,
    bigquery,
    serverUrl,
    restart,
    folder,
    close: async () => {
      await Promise.all([github.close(), bigquery.stop()]);
      engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a run needs from its environment, as variables. */
export function variablesOf({ github, bigquery }: Lab, { kind, url }: Place) {
  return {
    GITHUB_TOKEN: 'a-token',
    GITHUB_API_URL: github.apiUrl,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    BIGQUERY_EMULATOR_HOST: bigquery.url,
    GOOGLE_CLOUD_PROJECT: 'test-project',
    DATABASE_URL: kind === 'server' ? url : '',
  };
}

export async function withDatabase<T>({ url }: Place, use: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(url);
  return use(db).finally(() => db.destroy());
}

/** Waits of the product until it connects again, shorter. */
const RECONNECT_DELAYS_MS = [50, 100, 200, 400, 800, 1600];

/** A run in this process; it throws what the command would print. */
export async function runHere(lab: Lab, place: Place, db: Db, now: string): Promise<number> {
  const config = join(lab.folder, 'config');
  await migrate(db);
  return runPipeline({
    options: {
      config,
      sources: null,
      repositories: null,
      jobType: null,
      from: null,
      to: null,
      out: join(place.folder, 'out'),
      now: new Date(now),
      dryRun: false,
      log: 'json',
    },
    config: readConfig(config),
    environment: readEnvironment(variablesOf(lab, place)),
    db,
    log: createLog('json', { level: process.env.LOG_LEVEL ?? 'silent' }),
    signal: new AbortController().signal,
    now: new Date(now),
    sources: ['github', 'bigquery'],
    isSample: false,
    isEmbedded: place.kind === 'embedded',
    owner: `test-${randomUUID()}`,
    reconnectDelaysMs: RECONNECT_DELAYS_MS,
  });
}
