import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
} from '../support/disturbed-runs.ts';
import { endConnections } from '../support/lost-connections.ts';
import { writeHourFiles } from '../support/pipeline.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { startCommand } from '../support/run-command.ts';
import type { Finding } from './soak.ts';

/** Runs whose database goes away. */

const RUNS = 24;
/** A restart at the start of a run, before its work can be done again, may fail it. */
const MOST_FAILED = 4;
/** A server is away for up to 2 s, half of the time after a crash. */
const MOST_AWAY_MS = 2_000;

const seedsFrom = (seed: number) => Array.from({ length: RUNS }, (_, index) => seed + index);

/** All connections of a run end, twice. */
export const soakConnections = (seed: number) =>
  withServer('all connections ended twice in each', (server) =>
    endConnections(seedsFrom(seed), () => createDatabase(server)),
  );

/** The server is restarted during the run of the real command. */
export const soakRestarts = (seed: number) =>
  withServer('the server restarted in each', async (server) => {
    const folder = mkdtempSync(join(tmpdir(), 'soak-restarts-'));
    try {
      mkdirSync(join(folder, 'hours'));
      mkdirSync(join(folder, 'config'));
      writeHourFiles(join(folder, 'hours'), inventBusyHour());
      const list = BUSY_HOUR.repositories.map((slug) => `  - ${slug}\n`).join('');
      writeFileSync(join(folder, 'config/repos.yaml'), `repositories:\n${list}`);
      writeFileSync(join(folder, 'config/pipeline.yaml'), BUSY_HOUR.pipelineYaml);
      return await disturbRuns(
        seedsFrom(seed),
        async () => openWorkplace(folder, await createDatabase(server)),
        async (_, random, runMs) => {
          await sleep(random() * runMs);
          await server.restart(random() < 0.5 ? 'fast' : 'crash', random() * MOST_AWAY_MS);
        },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

async function withServer(
  what: string,
  run: (server: PostgresServer) => Promise<DisturbedRuns>,
): Promise<Finding> {
  const server = await startPostgres();
  try {
    return describe(what, await run(server));
  } finally {
    await server.stop();
  }
}

function describe(what: string, { failed, crashed, different }: DisturbedRuns): Finding {
  const violations: [isViolation: boolean, text: string][] = [
    [failed.length > MOST_FAILED, `runs failed, with the seeds ${failed}`],
    [crashed.length > 0, `runs printed a stack, with the seeds ${crashed}`],
    [different.length > 0, `other tables after the next run, with the seeds ${different}`],
  ];
  return {
    summary:
      `${RUNS} runs, ${what}: ${RUNS - failed.length} ended with exit code 0, ` +
      `${RUNS - different.length} had the same tables after the next run`,
    violations: violations.filter(([isViolation]) => isViolation).map(([, text]) => text),
  };
}

/** Makes an empty database on the server, and resolves to its address. */
export async function createDatabase({ url }: PostgresServer): Promise<string> {
  const name = `soak_${randomUUID().replaceAll('-', '')}`;
  const admin = await openDatabase(url);
  await sql
    .raw(`CREATE DATABASE ${name}`)
    .execute(admin)
    .finally(() => admin.destroy());
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
}

async function openWorkplace(folder: string, url: string): Promise<Workplace> {
  const db = await openDatabase(url);
  const window = ['--from', BUSY_HOUR.from, '--to', BUSY_HOUR.to, '--now', BUSY_HOUR.to];
  const places = ['--config', join(folder, 'config'), '--out', join(folder, 'out')];
  const args = ['--source', 'gharchive', '--log', 'json', ...window, ...places];
  const env = { DATABASE_URL: url, GHARCHIVE_URL: pathToFileURL(join(folder, 'hours/')).href };
  const run = () => {
    const { child, ended } = startCommand('pipeline', args, { cwd: folder, env });
    const isAtWork = child.stdout ? once(child.stdout, 'data') : Promise.resolve();
    return {
      started: Promise.race([isAtWork, ended]),
      ended: ended.then(({ code, output }) => ({ code: code ?? 1, output })),
    };
  };
  return { url, db, run, close: () => db.destroy() };
}
