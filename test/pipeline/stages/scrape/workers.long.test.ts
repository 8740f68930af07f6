import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { readEnvironment } from '../../../../pipeline/config/environment.ts';
import type { SourceRequest } from '../../../../pipeline/domain/source.ts';
import type { Context } from '../../../../pipeline/runtime/context.ts';
import { createLog } from '../../../../pipeline/runtime/log.ts';
import { createCommand, parseOptions } from '../../../../pipeline/runtime/options.ts';
import { runScrape, scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { runWorkers } from '../../../../pipeline/stages/scrape/run-workers.ts';
import { addRepository, configOf, quiet } from '../../../support/community.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { slow } from '../../../support/github/faults.ts';
import { startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';

const JOBS = 40;
const REPOSITORIES = ['a', 'b', 'c', 'd'];

describe.runIf(inject('postgresUrl'))('workers on a server', () => {
  const database = useDatabase('server');
  beforeEach(() => emptyTables(database.db));

  it('do each job once, eight of them at once', async () => {
    const { db } = database;
    await addRepository(db, 'octo', 'one');
    const window = { from: new Date(MONTH.from), to: new Date(MONTH.to) };
    const job = { source: 'github', jobType: 'full', repositoryIds: [1], ...window } as const;
    await insertJobs(
      db,
      null,
      Array.from({ length: JOBS }, () => job),
    );
    const read: (number | undefined)[] = [];
    const atWork = new Set<number>();
    const results = await runWorkers(8, new AbortController().signal, ({ number, ...setup }) =>
      scrape({
        ...setup,
        db,
        log: quiet,
        now: window.to,
        owner: `worker ${number}`,
        readers: {
          github: async function* ({ jobId }: SourceRequest) {
            read.push(jobId);
            atWork.add(number);
            await new Promise((done) => setTimeout(done, 20));
          },
        },
        batchSize: 100,
        retryDelaysSeconds: [],
        bots: { ids: [], logins: [], allow: [] },
      }),
    );
    expect(read.toSorted((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: JOBS }, (_, index) => index + 1),
    );
    expect(atWork.size).toBe(8);
    expect(results.reduce((sum, { completed }) => sum + completed, 0)).toBe(JOBS);
  });

  it('stop together when one of them fails, and say why', async () => {
    const stopped: number[] = [];
    const work = runWorkers(3, new AbortController().signal, async ({ number, signal }) => {
      if (number === 2) throw new Error('the disk is full');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      stopped.push(number);
      signal.throwIfAborted();
    });
    await expect(work).rejects.toThrow('the disk is full');
    expect(stopped).toEqual([1, 3]);
  });

  it('read a slow GitHub in a fraction of the time', { retry: 2, timeout: 200_000 }, async () => {
    const { db } = database;
    // Little to read: the wait for GitHub is to be most of the time.
    const world = makeWorld({ pullRequests: [], reviews: [], reviewComments: [], comments: [] });
    const [engine] = world.repositories;
    if (!engine) throw new Error('no repository');
    const repositories = REPOSITORIES.map((name, index) => ({ ...engine, id: 100 + index, name }));
    const github = await startLocalGithub({ world: { ...world, repositories }, now: at(32) });
    onTestFinished(() => github.close());
    const measure = async (workers: string) => {
      await emptyTables(db);
      const window = { from: new Date(MONTH.from), to: new Date(MONTH.to) };
      const ids: number[] = [];
      for (const name of REPOSITORIES) ids.push(await addRepository(db, engine.owner, name));
      await insertJobs(
        db,
        null,
        ids.map((id) => ({ source: 'github', jobType: 'full', repositoryIds: [id], ...window })),
      );
      const start = performance.now();
      const result = await runScrape(contextOf(github.apiUrl, workers));
      const used = await db.selectFrom('github_usage').select('requests').execute();
      return {
        ms: performance.now() - start,
        result,
        used: new Set(used.map((row) => row.requests)),
      };
    };
    // Where other processes take most of the machine, 100 ms would be less than the work for a page.
    const { ms } = await measure('1');
    const delayMs = Math.max(100, (5 * ms) / github.requests.length);
    github.setFault(() => slow(delayMs));
    const one = await measure('1');
    const four = await measure('4');
    expect([one.result.completed, four.result.completed]).toEqual([4, 4]);
    // Each counts its own requests, whoever reads beside it.
    expect([one.used.size, four.used]).toEqual([1, one.used]);
    expect(one.ms / four.ms, `${one.ms} ms and ${four.ms} ms`).toBeGreaterThan(2.5);
  });

  function contextOf(apiUrl: string, workers: string): Context {
    const command = createCommand('scrape', 'Scrapes.', { worksOffQueue: true });
    return {
      options: parseOptions(command, ['--workers', workers]),
      config: configOf(),
      environment: readEnvironment({
        GITHUB_TOKEN: 'a-token',
        GITHUB_API_URL: apiUrl,
        GITHUB_GRAPHQL_URL: `${apiUrl}/graphql`,
      }),
      db: database.db,
      log: createLog('json', { level: 'silent' }),
      signal: new AbortController().signal,
      now: new Date(at(32)),
      sources: ['github'],
      isSample: false,
      isEmbedded: false,
      owner: 'test',
    };
  }
});
