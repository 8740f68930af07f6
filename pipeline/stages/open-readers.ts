import { join } from 'node:path';
import { readGithubCommitIds } from '../../db/queries/contributions.ts';
import { readCursors } from '../../db/queries/github-lists.ts';
import type { ReadSource, SourceName } from '../domain/source.ts';
import { type Context, DATA_FOLDER } from '../runtime/context.ts';
import { readArchive } from '../sources/gharchive/read.ts';
import { createGithubSource } from '../sources/github/read.ts';
import { readSample } from '../sources/sample/sample.ts';
import { openBigQueryReader, realClock } from './open-bigquery.ts';
import { openGithub } from './open-github.ts';
import { type GuardContext, guardReader } from './scrape/guard-reader.ts';

/** The readers of the sources in use, with what each needs of the environment. */
export function openReaders(context: Context): Partial<Record<SourceName, ReadSource>> {
  const all: Record<SourceName, () => ReadSource> = {
    gharchive: () => (request) => readArchive(context.environment.gharchiveUrl, request),
    sample: () => (request) => readSample(join(DATA_FOLDER, 'sample-hours'), request),
    github: () => githubReader(context),
    bigquery: () => openBigQueryReader(context),
  };
  const guard = guardOf(context);
  return Object.fromEntries(
    context.sources.map((name) => [name, guardReader(name, all[name](), guard)]),
  );
}

/** The source remembers in the database how far it has read. */
function githubReader(context: Context): ReadSource {
  const { db, config } = context;
  return createGithubSource({
    client: openGithub(context),
    coAuthors: config.pipeline.github.co_authors,
    memory: {
      readCursors: (repositoryId) => readCursors(db, repositoryId),
      readCommitIds: (repositoryId, from) => readGithubCommitIds(db, repositoryId, from),
    },
  });
}

/** Every source stands behind a circuit breaker of its own. */
function guardOf({ db, config }: Context): GuardContext {
  const { failures, reset_seconds: resetSeconds } = config.pipeline.circuit_breaker;
  return { db, policy: { failures, resetMs: resetSeconds * 1000 }, clock: realClock };
}
