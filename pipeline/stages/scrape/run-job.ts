import {
  attributeContributions,
  deleteCommitsUnknownToGithub,
} from '../../../db/queries/contributions.ts';
import {
  checkpointOf,
  completeJob,
  type Job,
  saveCheckpoint,
  updateJobCounts,
} from '../../../db/queries/jobs.ts';
import { markScraped, readRepositoriesById } from '../../../db/queries/repositories.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import { classifyError } from '../../domain/error-class.ts';
import { hoursByReason, knownUntil, mergeGaps } from '../../domain/gaps.ts';
import type { SourceBatch, SourceName } from '../../domain/source.ts';
import type { ScrapeContext } from './index.ts';
import { storeFindings } from './store-findings.ts';
import { createTally, type Tally } from './tally.ts';
import { writeAcceptableItems, writeItems } from './write-items.ts';

/** Reads one job's window and commits its batches as they come, each by itself. */
export async function runJob(context: ScrapeContext, job: Job): Promise<void> {
  const { db, log } = context;
  const read = context.readers[job.source as SourceName];
  if (!read) throw new Error(`no reader for the source ${job.source}`);
  const repositories = await readRepositoriesById(db, job.repository_ids);
  const window = { from: job.window_from, to: job.window_to };
  log.info(
    { job: job.id, source: job.source, repositories: repositories.length, ...window },
    'job started',
  );
  const checkpoint = checkpointOf(job);
  const tally = createTally(context.bots, checkpoint);
  const request = {
    jobId: job.id,
    fullJobId: job.job_type === 'full' ? job.id : null,
    repositories,
    window,
    resumeAt: checkpoint?.resumeAt ?? null,
    signal: context.signal,
    now: context.now,
    batchSize: context.batchSize,
    onProgress: context.onProgress,
  };
  if (repositories.length > 0) {
    for await (const batch of read(request)) await commitBatch(context, job, batch, tally);
  }
  await finish(
    context,
    job,
    tally,
    repositories.map(({ id }) => id),
  );
  const hoursLost = hoursByReason(window, tally.gaps);
  if (Object.keys(hoursLost).length > 0)
    log.warn({ job: job.id, hours: hoursLost }, 'hours of the window could not be read');
  log.info({ job: job.id, ...tally.counts(), ...tally.usage() }, 'job completed');
}

/** Commits a batch; where the database refuses something of it, all but that. */
async function commitBatch(
  context: ScrapeContext,
  job: Job,
  batch: SourceBatch,
  tally: Tally,
): Promise<void> {
  context.signal.throwIfAborted();
  try {
    await writeBatch(context, job, batch, tally, writeItems);
  } catch (error) {
    if (classifyError(error) !== 'constraint') throw error;
    context.log.warn({ job: job.id, err: error }, 'batch refused: written item by item');
    await writeBatch(context, job, batch, tally, writeAcceptableItems);
  }
}

async function writeBatch(
  { db, now }: ScrapeContext,
  job: Job,
  batch: SourceBatch,
  tally: Tally,
  write: typeof writeItems,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const written = await write(trx, job, batch);
    await storeFindings(trx, job.source, batch, now);
    tally.add(batch, written);
    const counts = tally.counts();
    const { resumeAt } = batch;
    if (resumeAt) await saveCheckpoint(trx, job, { resumeAt, gaps: tally.gaps, counts });
    else await updateJobCounts(trx, job, counts);
  });
}

/** The window, the repositories and the job are finished together, or not at all. */
async function finish(
  { db, now }: ScrapeContext,
  job: Job,
  tally: Tally,
  repositoryIds: readonly number[],
): Promise<void> {
  const window = { from: job.window_from, to: job.window_to };
  const gaps = mergeGaps(tally.gaps);
  const { unavailable, stopped } = tally;
  const readIds = repositoryIds.filter((id) => !unavailable.has(id) && !stopped.has(id));
  await db.transaction().execute(async (trx) => {
    await attributeContributions(trx, repositoryIds);
    await deleteCommitsUnknownToGithub(trx, repositoryIds);
    await recordScrapedWindow(trx, { source: job.source, repositoryIds: readIds, window, gaps });
    await markScraped(trx, readIds, now, knownUntil(window, gaps), job.source);
    for (const [id, reason] of stopped) {
      const nothing = { window, gaps: [{ ...window, reason }] };
      await recordScrapedWindow(trx, { source: job.source, repositoryIds: [id], ...nothing });
      // Not read by now: it stays due, and the next run goes on where this one stopped.
      await markScraped(trx, [id], null, window.from, job.source);
    }
    await completeJob(trx, job, tally.counts());
  });
}
