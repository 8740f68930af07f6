import type { Db } from '../../../db/client.ts';
import { insertJobs } from '../../../db/queries/job-queue.ts';
import type { ReadSource } from '../../../pipeline/domain/source.ts';
import {
  createGithubClient,
  type GithubClient,
  type GithubSettings,
} from '../../../pipeline/sources/github/client.ts';
import { createGithubSource } from '../../../pipeline/sources/github/source.ts';
import { githubMemory } from '../../../pipeline/stages/open-sources.ts';
import { type ScrapeResult, scrape } from '../../../pipeline/stages/scrape/index.ts';
import type { LocalGithub } from './local-github.ts';

/** Runs of the scrape stage against the local GitHub, as the pipeline runs it. */

export const silentLog = { info() {}, warn() {}, error() {}, debug() {} };

/** A clock that never waits: `sleep` only moves its time on. */
export function createTestClock(start = Date.parse('2025-05-01T00:00:00Z')) {
  const clock = {
    time: start,
    slept: [] as number[],
    now: () => clock.time,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      clock.slept.push(milliseconds);
      clock.time += milliseconds;
    },
  };
  return clock;
}

export type TestClock = ReturnType<typeof createTestClock>;

export function connect(
  github: LocalGithub,
  clock: TestClock,
  settings: Partial<GithubSettings> = {},
): GithubClient {
  return createGithubClient({
    token: 'a-token',
    apiUrl: github.apiUrl,
    graphqlUrl: github.graphqlUrl,
    allowanceShare: 0.8,
    maximumWaitMs: 0,
    clock,
    secondMs: 1,
    ...settings,
  });
}

/** The source with its positions in a database. */
export function openSource(
  db: Db,
  client: GithubClient,
  coAuthors = false,
  countHidden = false,
): ReadSource {
  return createGithubSource({
    client,
    coAuthors,
    countHidden,
    memory: githubMemory(db),
  });
}

export interface Run {
  readonly from: string;
  readonly to: string;
  readonly now?: string;
  readonly jobType?: 'full' | 'incremental';
  readonly repositoryIds?: readonly number[];
  readonly signal?: AbortSignal;
}

/** Queues one job for the window and runs it. */
export async function runScrape(db: Db, read: ReadSource, run: Run): Promise<ScrapeResult> {
  const to = new Date(run.to);
  const job = {
    source: 'github',
    jobType: run.jobType ?? 'incremental',
    repositoryIds: run.repositoryIds ?? [1],
    from: new Date(run.from),
    to,
  } as const;
  await insertJobs(db, null, [job]);
  return workOff(db, read, run);
}

/** Runs all queued jobs. */
export async function workOff(
  db: Db,
  read: ReadSource,
  run: Pick<Run, 'to' | 'now' | 'signal'>,
): Promise<ScrapeResult> {
  return scrape({
    db,
    log: silentLog,
    signal: run.signal ?? new AbortController().signal,
    now: new Date(run.now ?? run.to),
    owner: 'test',
    readers: { github: read },
    batchSize: 100,
    retryDelaysSeconds: [0, 0, 0],
    bots: { ids: [], logins: [], allow: [] },
    onProgress() {},
  });
}

/** Tracks a repository; its id is the next one. */
export async function track(db: Db, slug: string, branch: string | null = null): Promise<number> {
  const [owner = '', name = ''] = slug.split('/');
  const { id } = await db
    .insertInto('repositories')
    .values({ owner, name, status: 'PENDING', configured_default_branch: branch })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Every contribution, in a comparable form. */
export async function readRows(db: Db) {
  const rows = await db
    .selectFrom('contribution_events as c')
    .leftJoin('github_users as u', 'u.github_id', 'c.user_id')
    .selectAll('c')
    .select(['u.login', 'u.type'])
    .orderBy('repository_id')
    .orderBy('event_id')
    .execute();
  return rows.map((row) => ({ ...row, occurred_at: row.occurred_at.toISOString() }));
}
