import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';

/**
 * Importing this makes new embedded databases start from a copy of one empty cluster, in memory and
 * in a folder. Making a cluster takes 5 s of CPU, loading a copy 0.4 s; both have the same contents.
 * The processes that tests start load it, too: `NODE_OPTIONS` in vitest.config.ts.
 */

type Options = Pick<PGliteOptions, 'parsers'>;

const create = PGlite.create.bind(PGlite);
let cluster: Blob | undefined;

/** The empty cluster, packed. */
export async function makeCluster(): Promise<Blob> {
  const pglite = await create();
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return dump as Blob;
}

/** That of the whole run of tests; the soak is one process, and makes its own. */
async function readCluster(): Promise<Blob> {
  const file = process.env.EMBEDDED_CLUSTER;
  return file ? new Blob([readFileSync(file)]) : makeCluster();
}

async function createFromCluster(options: Options, folder?: string): Promise<PGlite> {
  cluster ??= await readCluster();
  const loading = { ...options, loadDataDir: cluster };
  return folder === undefined ? create(loading) : create(folder, loading);
}

/** The project's call for a database; PGlite's own calls have other options. */
function isOurs(options: unknown): options is Options {
  return typeof options === 'object' && Object.keys(options ?? {}).join() === 'parsers';
}

/** The folder of a draft is there, and empty. */
const isNew = (folder: string) => !existsSync(join(folder, 'PG_VERSION'));

const isPatched = Symbol.for('leaderboard.embedded-cluster');
if (!(isPatched in PGlite)) {
  const patched = (...args: Parameters<typeof create>) => {
    const [first, second] = args as unknown[];
    if (isOurs(first)) return createFromCluster(first);
    const isCopied = typeof first === 'string' && isOurs(second) && isNew(first);
    return isCopied ? createFromCluster(second, first) : create(...args);
  };
  Object.assign(PGlite, { create: patched, [isPatched]: true });
}
