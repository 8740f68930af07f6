import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { startLocalGithub } from '../support/github/local-github.ts';
import { addHistory } from '../support/github/long-history.ts';
import { at } from '../support/github/made-up-world.ts';
import { type Nights, openNights, smallRepository, smallWorld } from '../support/github/night.ts';
import { hasRealTables, readRealWorld } from '../support/github/real-tables.ts';
import {
  connect,
  createTestClock,
  openSource,
  runScrape,
  track,
} from '../support/github/scrape.ts';
import type { RepositoryData } from '../support/github/world.ts';
import { measure } from './measure.ts';

/** What reading one real repository from GitHub costs: points, requests, time. */
export async function benchGithub(): Promise<void> {
  if (!hasRealTables) return console.log('github: skipped, the real tables are not there');
  const github = await startLocalGithub({ world: readRealWorld() });
  const db = await openDatabase('memory:');
  await migrate(db);
  await track(db, 'elizaos/eliza');
  const client = connect(github, createTestClock());
  const read = openSource(db, client);
  const report = async (what: string, from: string, to: string) => {
    const before = { ...client.usage };
    const { wallSeconds } = await measure(() => runScrape(db, read, { from, to }));
    const points = client.usage.points - before.points;
    const requests = client.usage.restRequests - before.restRequests;
    console.log(
      `github, ${what}: ${points} points, ${requests} REST requests, ${wallSeconds.toFixed(1)} s`,
    );
  };
  await report('two years', '2023-04-14T00:00:00Z', '2025-04-14T00:00:00Z');
  await report('a day later', '2025-04-13T00:00:00Z', '2025-04-15T00:00:00Z');
  await db.destroy();
  await github.close();
}

/** What nights of 100 repositories cost: the first, one with nothing new, and one with ten changes. */
export async function benchNights(): Promise<void> {
  const world = smallWorld(100);
  const github = await startLocalGithub({ world, limits: { core: 1e6, graphql: 1e6 } });
  const repositories = world.repositories.map(({ owner, name }) => `${owner}/${name}`);
  const spent: number[] = [];
  const report = async (nights: Nights, what: string, day: number) => {
    const cost = { points: 0, restRequests: 0 };
    const { cpuSeconds } = await measure(async () => {
      Object.assign(cost, await nights.run(at(day, 120)));
    });
    console.log(
      `100 repositories, ${what}: ${cost.points} points, ${cost.restRequests} REST requests, ` +
        `${cpuSeconds.toFixed(1)} s`,
    );
    return cpuSeconds;
  };
  for (const rows of [10_000, 1_000_000]) {
    github.setWorld(world);
    const nights = await openNights({ github, repositories, url: 'memory:' });
    await report(nights, 'first night', 32);
    await addHistory(nights.db, rows, 1_000, at(32, 120));
    await nights.run(at(33, 120));
    spent.push(await report(nights, `nothing new, ${rows} contributions stored`, 34));
    const changed = world.repositories.map((data, i) =>
      i % 10 === 0 ? smallRepository(i, { issues: laterIssues(data) }) : data,
    );
    github.setWorld({ ...world, repositories: changed });
    await report(nights, 'a changed issue in ten of them', 35);
    await nights.close();
  }
  const [few = 0, many = 0] = spent;
  console.log(
    `a night with nothing new takes ${(many / few).toFixed(1)} times as long with the longer history`,
  );
  await github.close();
}

/** One of the issues was closed meanwhile. */
const laterIssues = ({ issues }: RepositoryData) =>
  issues.map((issue, i) =>
    i === 0 ? { ...issue, closings: [{ at: at(34, 300), actor: null }] } : issue,
  );
