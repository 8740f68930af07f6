import type { Db } from '../../../db/client.ts';
import {
  attributeContributions,
  deleteCommitsOfOtherBranch,
  deleteUnknownToGithub,
} from '../../../db/queries/contributions.ts';
import { upsertListPositions } from '../../../db/queries/github-lists.ts';
import { type NewJob, queueRechecks } from '../../../db/queries/job-queue.ts';
import {
  checkpointOf,
  completeJob,
  type Job,
  saveCheckpoint,
  updateJobCounts,
} from '../../../db/queries/jobs.ts';
import { markDoubtful, markSeen } from '../../../db/queries/looks.ts';
import { markScraped, readRepositoriesById } from '../../../db/queries/repositories.ts';
import { saveIdentity } from '../../../db/queries/repository-ids.ts';
import { recordJobWindow, recordScrapedWindow } from '../../../db/queries/windows.ts';
import { classifyError } from '../../domain/error-class.ts';
import { hoursByReason, knownUntil, mergeGaps } from '../../domain/gaps.ts';
import type { RepositoryUpdate, SourceBatch, SourceName } from '../../domain/source.ts';
import type { ScrapeContext } from './index.ts';
import { createJobTotals, type JobTotals, requireFewRefused } from './job-totals.ts';
import { saveAcceptableItems, saveItems, saveRefusedItems } from './save-contributions.ts';
import { saveUpdates } from './save-updates.ts';

/** The time of the run is over: what is committed stays, and a later run reads the rest. */
export class TimeIsUpError extends Error {
  override readonly name = 'TimeIsUpError';
}

const LEARNED_LATE =
  'the id of repositories was learned after a part of the window was read: the next run reads it again';

/** Reads one job's window and commits its batches as they come, each by itself. */
export async function runJob(context: ScrapeContext, job: Job): Promise<void> {
  const { db, log } = context;

  // Read
  const read = context.readers[job.source as SourceName];
  if (!read) throw new Error(`no reader for the source ${job.source}`);
  const repositories = await readRepositoriesById(db, job.repository_ids);
  const window = { from: job.window_from, to: job.window_to };
  log.info({ source: job.source, repositories: repositories.length, ...window }, 'job started');

  // Decide: what to request, and where an earlier attempt stopped
  const checkpoint = checkpointOf(job);
  const totals = createJobTotals(context.bots, checkpoint);
  const request = {
    jobId: job.id,
    fullJobId: job.job_type === 'full' ? job.id : null,
    recheck: job.job_type === 'recheck' ? { lists: job.lists } : null,
    repositories,
    window,
    resumeAt: checkpoint?.resumeAt ?? null,
    signal: context.signal,
    now: context.now,
    batchSize: context.batchSize,
    onProgress: context.onProgress,
  };

  // Write: each batch as it comes, then the end of the job
  if (repositories.length > 0) {
    for await (const batch of read(request)) {
      await commitBatch(context, job, batch, totals);
      if (context.timeLimit?.isOver()) throw new TimeIsUpError('the time of the run is over');
    }
  }
  await finish(
    context,
    job,
    totals,
    repositories.map(({ id }) => id),
  );
  const hoursLost = hoursByReason(window, totals.gaps);
  if (Object.keys(hoursLost).length > 0)
    log.warn({ hours: hoursLost }, 'hours of the window could not be read');
  log.info({ ...totals.counts(), ...totals.usage() }, 'job completed');
}

/**
 * Commits a batch; if the database rejects items of it, all other items.
 * @throws TooManyRefusedError if the database rejects too many items of the job
 */
async function commitBatch(
  context: ScrapeContext,
  job: Job,
  batch: SourceBatch,
  totals: JobTotals,
): Promise<void> {
  context.signal.throwIfAborted();
  // A window is about to be recorded as read.
  if (batch.updates?.some(({ type }) => type === 'known')) requireFewRefused(totals.counts(), true);
  try {
    await saveBatch(context, job, batch, totals, saveItems);
  } catch (error) {
    if (classifyError(error) !== 'constraint') throw error;
    context.log.warn({ err: error }, 'batch rejected: saved item by item');
    await saveBatch(context, job, batch, totals, saveAcceptableItems);
  }
  requireFewRefused(totals.counts(), false);
}

async function saveBatch(
  { db, log, now }: ScrapeContext,
  job: Job,
  given: SourceBatch,
  totals: JobTotals,
  write: typeof saveItems,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const batch = await withoutForeign(trx, job, given);
    const written = await write(trx, job, batch);
    await markSeen(trx, batch.seen ?? []);
    await saveRefusedItems(trx, job, batch.refused ?? []);
    const updates = batch.updates ?? [];
    const updated = await saveUpdates(trx, job, updates, now);
    if (written.refused > 0) await markDoubtful(trx, updates.flatMap(listsOf));
    if (updated.replaced > 0)
      log.warn(
        { deleted: updated.deleted },
        'a repository was deleted on GitHub, and another one has its name: that one is read, and counts from its beginning',
      );
    if (updated.metadataRefused > 0) log.warn({}, 'the description of a repository was refused');
    totals.add(batch, written, updated);
    const counts = totals.counts();
    const { resumeAt } = batch;
    if (resumeAt) await saveCheckpoint(trx, job, { resumeAt, gaps: totals.gaps, counts });
    else await updateJobCounts(trx, job, counts);
  });
}

/** The lists of which a batch has a page. */
const listsOf = (update: RepositoryUpdate) => (update.type === 'positions' ? update.positions : []);

/**
 * Stores what the batch shows of the ids of repositories, and returns it without contributions of
 * those that are another repository by now: another worker has seen a later holder of the name.
 */
async function withoutForeign(trx: Db, job: Job, batch: SourceBatch): Promise<SourceBatch> {
  if (!batch.identity) return batch;
  const { foreign, deleted } = await saveIdentity(trx, job.id, batch.identity);
  const warnings = deleted > 0 ? { ...batch.warnings, deleted } : batch.warnings;
  if (foreign.size === 0) return { ...batch, warnings };
  const updates = batch.updates?.filter(
    (update) => update.type !== 'pushed' || !foreign.has(update.repositoryId),
  );
  const contributions = batch.contributions.filter((one) => !foreign.has(one.repositoryId));
  const left = batch.contributions.length - contributions.length;
  const before = batch.skipped.other_repository ?? 0;
  const skipped = { ...batch.skipped, other_repository: before + left };
  const kept = Math.max(batch.kept - left, 0);
  return { ...batch, warnings, contributions, kept, skipped, updates: updates ?? [] };
}

/** Finishes the window, the repositories and the job in one transaction. */
async function finish(
  context: ScrapeContext,
  job: Job,
  totals: JobTotals,
  repositoryIds: readonly number[],
): Promise<void> {
  // The job that stored what is there of the others has done this for them.
  const unchanged = totals.reads.filter((read) => read.isUnchanged);
  const unchangedIds = new Set(unchanged.map(({ repositoryId }) => repositoryId));
  const changedIds = repositoryIds.filter((id) => !unchangedIds.has(id));
  requireFewRefused(totals.counts(), true);
  await context.db.transaction().execute(async (trx) => {
    await attributeContributions(trx, changedIds);
    const deleted = await deleteUnknownToGithub(trx, changedIds);
    totals.addDeleted(deleted + (await deleteCommitsOfOtherBranch(trx, changedIds)));
    await upsertListPositions(
      trx,
      totals.reads.flatMap(({ positions }) => positions),
    );
    // A recheck looks at what is known, and knows no more of any time after it.
    if (job.job_type !== 'recheck') await recordRead(trx, context, job, totals, repositoryIds);
    await queueRechecks(trx, job.run_id, recheckJobs(job, totals));
    await completeJob(trx, job, totals.counts());
  });
}

/** Stores which window was read of which repositories. */
async function recordRead(
  trx: Db,
  { now, log }: ScrapeContext,
  job: Job,
  { gaps: found, unavailable, stopped }: JobTotals,
  repositoryIds: readonly number[],
): Promise<void> {
  const window = { from: job.window_from, to: job.window_to };
  const gaps = mergeGaps(found);
  const readIds = repositoryIds.filter((id) => !unavailable.has(id) && !stopped.has(id));
  const late = await recordJobWindow(trx, job, readIds, { window, gaps });
  const known = readIds.filter((id) => !late.includes(id));
  await markScraped(trx, known, now, knownUntil(window, gaps), job.source);
  if (late.length > 0) {
    await markScraped(trx, late, null, window.from, job.source);
    log.warn({ repositories: late.length }, LEARNED_LATE);
  }
  for (const [id, reason] of stopped) {
    const nothing = { window, gaps: [{ ...window, reason }] };
    await recordScrapedWindow(trx, { source: job.source, repositoryIds: [id], ...nothing });
    // Not completely read: it stays due, and the next run resumes where this one stopped.
    await markScraped(trx, [id], null, window.from, job.source);
  }
}

/** Looks at the lists whose counts do not fit, for the end of the night. */
function recheckJobs({ source, window_from: from, window_to: to }: Job, { doubted }: JobTotals) {
  return [...doubted].map(
    ([id, lists]): NewJob => ({ source, jobType: 'recheck', repositoryIds: [id], lists, from, to }),
  );
}
