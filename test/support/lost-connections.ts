import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { openDatabase } from '../../db/client.ts';
import {
  BUSY_HOUR,
  type DisturbedRuns,
  disturbRuns,
  inventBusyHour,
  type Workplace,
} from './disturbed-runs.ts';
import { openPipeline, writeHourFiles } from './pipeline.ts';

/**
 * Runs in this process, whose connections to the database all end at two random moments.
 * @param createDatabase makes an empty database on a server, and gives its address
 */
export async function endConnections(
  seeds: readonly number[],
  createDatabase: () => Promise<string>,
): Promise<DisturbedRuns> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-lost-'));
  writeHourFiles(folder, inventBusyHour());
  const admin = await openDatabase(await createDatabase());
  const terminate = (url: string) =>
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = ${new URL(url).pathname.slice(1)}`.execute(admin);
  try {
    return await disturbRuns(
      seeds,
      async () => openWorkplace(folder, await createDatabase()),
      async (url, random, runMs) => {
        for (let kill = 0; kill < 2; kill++) {
          await sleep(random() * runMs);
          await terminate(url);
        }
      },
    );
  } finally {
    await admin.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openWorkplace(folder: string, url: string): Promise<Workplace> {
  const { db, again, close } = await openPipeline({
    url,
    archiveUrl: pathToFileURL(`${folder}/`).href,
    repositories: BUSY_HOUR.repositories,
    now: BUSY_HOUR.to,
    files: { 'pipeline.yaml': BUSY_HOUR.pipelineYaml },
    options: { from: new Date(BUSY_HOUR.from), to: new Date(BUSY_HOUR.to) },
    reconnectDelaysMs: [10, 20, 40, 80],
  });
  const run = () => ({
    started: Promise.resolve(),
    ended: again().then(
      (code) => ({ code, output: '' }),
      (error) => ({ code: 1, output: String(error) }),
    ),
  });
  return { url, db, run, close };
}
