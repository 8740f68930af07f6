import { attributeContributions, upsertContributions } from '../../db/queries/contributions.ts';
import { deleteCommitsUnknownToGithub } from '../../db/queries/github-commits.ts';
import { recordSightings } from '../../db/queries/identity.ts';
import { completeJob, type Job, type JobCounts, updateJobCounts } from '../../db/queries/jobs.ts';
import { markScraped, readTrackedRepositories } from '../../db/queries/repositories.ts';
import { upsertWindows } from '../../db/queries/windows.ts';
import { isBot } from '../domain/bots.ts';
import { completenessOf, type Gap, knownUntil, mergeGaps } from '../domain/gaps.ts';
import type { SourceBatch, SourceName } from '../sources/source.ts';
import type { ScrapeContext } from './scrape.ts';
import { storeFindings } from './store-findings.ts';

/** Reads one job's window and commits its batches as they come, each by itself. */
export async function runJob(context: ScrapeContext, job: Job): Promise<void> {
  const { db, log } = context;
  const read = context.readers[job.source as SourceName];
  if (!read) throw new Error(`no reader for the source ${job.source}`);
  const repositories = await readTrackedRepositories(db, job.repository_ids);
  const window = { from: job.window_from, to: job.window_to };
  log.info(
    { job: job.id, source: job.source, repositories: repositories.length, ...window },
    'job started',
  );
  const tally = createTally(context);
  const request = {
    jobId: job.id,
    fullJobId: job.job_type === 'full' ? job.id : null,
    repositories,
    window,
    signal: context.signal,
    now: context.now,
    batchSize: context.batchSize,
    onProgress: context.onProgress,
  };
  if (repositories.length > 0) {
    for await (const batch of read(request)) await commitBatch(context, job, batch, tally);
  }
  await finish(context, job, tally);
  log.info({ job: job.id, ...tally.counts(), ...tally.usage() }, 'job completed');
}

async function commitBatch(
  { db, signal, now }: ScrapeContext,
  job: Job,
  batch: SourceBatch,
  tally: Tally,
): Promise<void> {
  signal.throwIfAborted();
  await db.transaction().execute(async (trx) => {
    const renamed = await recordSightings(trx, batch.sightings);
    await upsertContributions(trx, job.source, batch.contributions);
    await storeFindings(trx, job.source, batch, now);
    tally.add(batch, renamed);
    await updateJobCounts(trx, job.id, tally.counts());
  });
}

/** The window, the repositories and the job are finished together, or not at all. */
async function finish({ db, now }: ScrapeContext, job: Job, tally: Tally): Promise<void> {
  const window = { from: job.window_from, to: job.window_to };
  const gaps = mergeGaps(tally.gaps);
  const readIds = job.repository_ids.filter((id) => !tally.unavailable.has(id));
  await db.transaction().execute(async (trx) => {
    await attributeContributions(trx, job.repository_ids);
    await deleteCommitsUnknownToGithub(trx, job.repository_ids);
    await upsertWindows(trx, {
      source: job.source,
      repositoryIds: readIds,
      window,
      completeness: completenessOf(window, gaps),
      gaps,
    });
    await markScraped(trx, readIds, now, knownUntil(window, gaps));
    await completeJob(trx, job.id, tally.counts());
  });
}

interface Tally {
  readonly gaps: Gap[];
  /** Repositories that could not be read: nothing is known of them. */
  readonly unavailable: Set<number>;
  add(batch: SourceBatch, renamed: number): void;
  counts(): JobCounts;
  /** What it cost of GitHub's allowance; nothing for a source that asks elsewhere. */
  usage(): { points?: number; requests?: number };
}

/** Adds up what the batches of one job brought. */
function createTally({ bots }: ScrapeContext): Tally {
  const users = new Set<number>();
  const botIds = new Set<number>();
  const sums = { events: 0, kept: 0, renamed: 0 };
  const skipped: Record<string, number> = {};
  const noticed: Record<string, number> = {};
  const gaps: Gap[] = [];
  const unavailable = new Set<number>();
  const spent: { points?: number; requests?: number } = {};
  return {
    gaps,
    unavailable,
    add(batch, renamed) {
      for (const sighting of batch.sightings) {
        users.add(sighting.id);
        if (isBot(sighting, bots)) botIds.add(sighting.id);
      }
      gaps.push(...batch.gaps);
      for (const { repositoryId } of batch.unavailable ?? []) unavailable.add(repositoryId);
      for (const { points, requests } of batch.usage ?? []) {
        spent.points = (spent.points ?? 0) + points;
        spent.requests = (spent.requests ?? 0) + requests;
      }
      sums.events += batch.read;
      sums.kept += batch.kept;
      sums.renamed += renamed;
      addCounts(skipped, batch.skipped);
      addCounts(noticed, batch.noticed);
    },
    usage: () => spent,
    counts: () => ({ ...sums, users: users.size, bots: botIds.size, skipped, noticed }),
  };
}

function addCounts(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [reason, count] of Object.entries(counts)) sums[reason] = (sums[reason] ?? 0) + count;
}
