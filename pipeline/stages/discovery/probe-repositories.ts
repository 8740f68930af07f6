import { isLostConnection } from '../../../db/lost-connection.ts';
import { addUsage, upsertListPositions } from '../../../db/queries/github-lists.ts';
import type { NewJob } from '../../../db/queries/job-queue.ts';
import { readRepositoriesById } from '../../../db/queries/repositories.ts';
import type { ProbeBatch, SourceName } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { loadSource } from '../../sources/registry.ts';
import { sourceContext } from '../open-sources.ts';

/**
 * Lets the sources that can see what has changed look at the repositories of planned jobs, and
 * stores what they saw. If that fails, the repositories are read without it.
 */
export async function probeRepositories(context: Context, jobs: readonly NewJob[]): Promise<void> {
  for (const name of context.sources) {
    const ids = jobs.filter(({ source }) => source === name).flatMap((job) => job.repositoryIds);
    if (ids.length > 0) await probeBy(context, name, ids);
  }
}

async function probeBy(context: Context, name: SourceName, ids: readonly number[]): Promise<void> {
  const { db, log, signal } = context;
  const { probe } = await loadSource(name);
  if (!probe) return;
  let probed = 0;
  try {
    const repositories = await readRepositoriesById(db, ids);
    for await (const batch of probe(sourceContext(context, name), repositories)) {
      await save(context, batch);
      probed += batch.positions.filter(({ state }) => state !== null).length;
    }
  } catch (err) {
    signal.throwIfAborted();
    if (isLostConnection(err)) throw err;
    log.warn({ source: name, err }, 'looking for changes stopped: all of the rest is read');
  }
  log.info({ source: name, repositories: ids.length, probed }, 'looked for changes');
}

async function save({ db, now }: Context, { positions, usage }: ProbeBatch): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await upsertListPositions(trx, positions);
    await addUsage(trx, usage, now);
  });
}
