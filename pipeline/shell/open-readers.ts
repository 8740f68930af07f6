import { join } from 'node:path';
import { readArchive } from '../sources/gharchive/read.ts';
import { readSample } from '../sources/sample/read.ts';
import type { ReadSource, SourceName } from '../sources/source.ts';
import { type Context, DATA_FOLDER } from './context.ts';

/** The readers of the sources in use, with what each needs of the environment. */
export function openReaders(context: Context): Partial<Record<SourceName, ReadSource>> {
  const all: Record<SourceName, () => ReadSource> = {
    gharchive: () => (request) => readArchive(context.environment.gharchiveUrl, request),
    sample: () => (request) => readSample(join(DATA_FOLDER, 'sample-hours'), request),
    github: () => notYet('github'),
    bigquery: () => notYet('bigquery'),
  };
  return Object.fromEntries(context.sources.map((name) => [name, all[name]()]));
}

function notYet(name: string): never {
  throw new Error(`the source ${name} is not there yet`);
}
