import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { inject } from 'vitest';

/**
 * Importing this makes new embedded databases in memory start from a copy of one empty cluster.
 * Making a cluster takes 1.5 s of CPU, loading a copy 0.4 s; both have the same contents.
 */

type Options = Pick<PGliteOptions, 'parsers'>;

const create = PGlite.create.bind(PGlite);
let cluster: Blob | undefined;

/** The first test that needs the cluster creates it for all workers of the run. */
async function readCluster(): Promise<Blob> {
  const file = join(inject('runFolder'), 'embedded-cluster.tar');
  if (!existsSync(file)) {
    const dump = await makeCluster();
    writeFileSync(`${file}.${process.pid}`, Buffer.from(await dump.arrayBuffer()));
    renameSync(`${file}.${process.pid}`, file);
  }
  return new Blob([readFileSync(file)]);
}

async function makeCluster(): Promise<Blob> {
  const pglite = await create();
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return dump;
}

async function createFromCluster(options: Options): Promise<PGlite> {
  // The soak is one process, without workers that share a folder.
  cluster ??= await (process.env.VITEST ? readCluster() : makeCluster());
  return create({ ...options, loadDataDir: cluster });
}

/** The project's call for a database in memory; PGlite's own calls have other options. */
function isInMemory(options: unknown): options is Options {
  return typeof options === 'object' && Object.keys(options ?? {}).join() === 'parsers';
}

const isPatched = Symbol.for('leaderboard.embedded-cluster');
if (!(isPatched in PGlite)) {
  const patched = (...args: Parameters<typeof create>) =>
    isInMemory(args[0]) ? createFromCluster(args[0]) : create(...args);
  Object.assign(PGlite, { create: patched, [isPatched]: true });
}
