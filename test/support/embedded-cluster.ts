import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';

// A started command imports this in the place of the package.
export * from '@electric-sql/pglite';

/**
 * Importing this makes new embedded databases start from a copy of one empty cluster, in memory and
 * in a folder. Making a cluster takes 5 s of CPU, loading a copy 0.4 s; both have the same contents.
 * The workers load it first (`NODE_OPTIONS` in vitest.config.ts), started commands when they need it
 * (`packed-packages.ts`).
 */

type Options = Pick<PGliteOptions, 'parsers'>;

interface State {
  readonly create: typeof PGlite.create;
  /** What new databases start from. */
  cluster?: Blob | undefined;
}

/** Loaded twice in a worker: before it starts, and by the tests. */
const STATE = Symbol.for('leaderboard.embedded-cluster');
const holder = PGlite as unknown as { [STATE]?: State };
const isFirst = holder[STATE] === undefined;
holder[STATE] ??= { create: PGlite.create.bind(PGlite) };
const state = holder[STATE];
const { create } = state;

/** A cluster, packed: an empty one, or `from` with what `change` does. */
export async function makeCluster(
  from?: Blob,
  change?: (pglite: PGlite) => Promise<unknown>,
): Promise<Blob> {
  const pglite = await (from ? create({ loadDataDir: from }) : create());
  await change?.(pglite);
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return dump as Blob;
}

/** Opens a database in memory that starts from another cluster than the empty one. */
export async function startFrom<T>(other: Blob, open: () => Promise<T>): Promise<T> {
  const empty = state.cluster;
  state.cluster = other;
  return open().finally(() => {
    state.cluster = empty;
  });
}

/** That of the whole run of tests; the soak is one process, and makes its own. */
async function readCluster(): Promise<Blob> {
  const file = process.env.EMBEDDED_CLUSTER;
  return file ? new Blob([readFileSync(file)]) : makeCluster();
}

async function createFromCluster(options: Options, folder?: string): Promise<PGlite> {
  state.cluster ??= await readCluster();
  const loading = { ...options, loadDataDir: state.cluster };
  return folder === undefined ? create(loading) : create(folder, loading);
}

/** The project's call for a database; PGlite's own calls have other options. */
function isOurs(options: unknown): options is Options {
  return typeof options === 'object' && Object.keys(options ?? {}).join() === 'parsers';
}

/** The folder of a draft is there, and empty. */
const isNew = (folder: string) => !existsSync(join(folder, 'PG_VERSION'));

if (isFirst) {
  PGlite.create = ((...args: unknown[]) => {
    const [first, second] = args;
    if (isOurs(first)) return createFromCluster(first);
    const isCopied = typeof first === 'string' && isOurs(second) && isNew(first);
    return isCopied
      ? createFromCluster(second, first)
      : create(...(args as Parameters<typeof create>));
  }) as typeof PGlite.create;
}
