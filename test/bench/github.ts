import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { startLocalGithub } from '../support/github/local-github.ts';
import { hasRealTables, readRealWorld } from '../support/github/real-tables.ts';
import {
  connect,
  createTestClock,
  openSource,
  runScrape,
  track,
} from '../support/github/scrape.ts';
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
