import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loaded before a command that a test starts. Half of the CPU of a short command goes into finding
 * and reading the thousand files of its packages: packed into one file each, they take a fifth.
 * `pack-packages.ts` packs them, once for a run of tests.
 */

/** The packages of many files. One whose code looks for files beside itself can't be packed. */
export const PACKED = [
  '@actions/core',
  '@google-cloud/bigquery',
  '@octokit/graphql',
  '@octokit/plugin-throttling',
  '@octokit/rest',
  'cockatiel',
  'commander',
  'kysely',
  'kysely/migration',
  'pg',
  'yaml',
  'zod',
] as const;

export const fileOf = (name: string) => `${name.replaceAll('/', '--')}.mjs`;

const folder = process.env.PACKED_PACKAGES;
const places = new Map<string, string>(
  folder ? PACKED.map((name) => [name, pathToFileURL(join(folder, fileOf(name))).href]) : [],
);

/** The embedded database starts from a copy of a cluster, as in the tests. */
places.set('@electric-sql/pglite', new URL('embedded-cluster.ts', import.meta.url).href);

registerHooks({
  resolve(specifier, context, next) {
    const url = places.get(specifier);
    const isOurs = !/\/node_modules\/|embedded-cluster\.ts$/.test(context.parentURL ?? '');
    // Who asks where the files of a package are gets their own place.
    const isImport = !context.conditions?.includes('require');
    return url && isOurs && isImport ? next(url, context) : next(specifier, context);
  },
});
