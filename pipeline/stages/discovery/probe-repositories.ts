import { isLostConnection } from '../../../db/lost-connection.ts';
import { addUsage, upsertListPositions } from '../../../db/queries/github-lists.ts';
import type { NewJob } from '../../../db/queries/job-queue.ts';
import { readRepositoriesById } from '../../../db/queries/repositories.ts';
import type { ProbeBatch, SourceName } from '../../domain/source.ts';
import type { Context } from '../../runtime/context.ts';
import { loadSource } from '../../sources/registry.ts';
import type { Probe } from '../../sources/source.ts';
import { sourceContext } from '../open-sources.ts';

/**
 * Lets the sources that can see what has changed look at the repositories of planned jobs, and
 * stores what they saw. If that fails, the repositories are read without it. Returns the ids of
 * those of which no job has anything to read.
 */
export async function probeRepositories(
  context: Context,
  jobs: readonly NewJob[],
): Promise<ReadonlySet<number>> {
  const unchanged = new Set<number>();
  for (const name of context.sources) {
    const own = jobs.filter(({ source }) => source === name);
    const source = await loadSource(name);
    if (own.length > 0 && source.probe) await probeBy(context, name, source.probe, own, unchanged);
  }
  return unchanged;
}

async function probeBy(
  context: Context,
  name: SourceName,
  { find, isUnchanged }: Probe,
  jobs: readonly NewJob[],
  unchanged: Set<number>,
): Promise<void> {
  const { db, log, now } = context;
  const given = sourceContext(context, name);
  const repositories = await readRepositoriesById(
    db,
    jobs.flatMap((job) => job.repositoryIds),
  );
  const probed = await findChanges(context, name, find(given, repositories));
  const windows = new Map(jobs.flatMap((job) => job.repositoryIds.map((id) => [id, job] as const)));
  for (const repository of repositories) {
    const window = windows.get(repository.id);
    if (window?.jobType !== 'incremental') continue;
    if (await isUnchanged(given, repository, { window, now })) unchanged.add(repository.id);
  }
  const counts = { repositories: repositories.length, probed, unchanged: unchanged.size };
  log.info({ source: name, ...counts }, 'looked for changes');
}

/** Stores what a source sees, and returns of how many repositories it saw something. */
async function findChanges(
  context: Context,
  name: SourceName,
  batches: AsyncIterable<ProbeBatch>,
): Promise<number> {
  let probed = 0;
  try {
    for await (const batch of batches) {
      await save(context, batch);
      probed += batch.positions.filter(({ state }) => state !== null).length;
    }
  } catch (err) {
    context.signal.throwIfAborted();
    if (isLostConnection(err)) throw err;
    context.log.warn({ source: name, err }, 'looking for changes stopped: all of the rest is read');
  }
  return probed;
}

async function save({ db, now }: Context, { positions, usage }: ProbeBatch): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await upsertListPositions(trx, positions);
    await addUsage(trx, usage, now);
  });
}
