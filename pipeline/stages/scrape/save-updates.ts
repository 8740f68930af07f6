import type { Db } from '../../../db/client.ts';
import { saveFirstPush } from '../../../db/queries/branches.ts';
import {
  deleteContributions,
  deleteContributionsOfNumbers,
} from '../../../db/queries/contributions.ts';
import { insertDeadLetters } from '../../../db/queries/dead-letters.ts';
import { addUsage, upsertListPositions } from '../../../db/queries/github-lists.ts';
import type { Job } from '../../../db/queries/jobs.ts';
import { beginLook, endLook, markDoubtful } from '../../../db/queries/looks.ts';
import { insertMissingNumbers } from '../../../db/queries/missing-numbers.ts';
import { markUnavailable, saveDatedOutside } from '../../../db/queries/repositories.ts';
import { updateMetadata } from '../../../db/queries/repository-renames.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import { refusalOf } from '../../../db/transactions.ts';
import type { RepositoryMetadata } from '../../domain/repository.ts';
import type { RepositoryUpdate } from '../../domain/source.ts';

/** What became of a batch's updates. */
export interface UpdateResult {
  /** Descriptions of repositories that the database rejected; those of before stay. */
  readonly metadataRefused: number;
  /** Contributions that are gone from GitHub. */
  readonly deleted: number;
  /** Repositories that were deleted, and whose names other ones have now. */
  readonly replaced: number;
}

/** Stores a batch's updates of repositories, in the batch's transaction. */
export async function saveUpdates(
  trx: Db,
  job: Job,
  updates: readonly RepositoryUpdate[],
  now: Date,
): Promise<UpdateResult> {
  const result = { metadataRefused: 0, deleted: 0, replaced: 0 };
  for (const update of updates) {
    if (update.type !== 'metadata') {
      result.deleted += await saveUpdate(trx, job, update, now);
      continue;
    }
    const saved = await saveMetadata(trx, job, update.metadata, now);
    if (saved === 'refused') result.metadataRefused += 1;
    else if (saved !== null) {
      result.replaced += 1;
      result.deleted += saved;
    }
  }
  return result;
}

/**
 * Returns how many contributions went with the repository that had the name before; null: it is the
 * same one. If the database refuses what GitHub says, that is a dead letter.
 */
async function saveMetadata(
  trx: Db,
  job: Job,
  metadata: RepositoryMetadata,
  now: Date,
): Promise<number | null | 'refused'> {
  let deleted: number | null = null;
  const reason = await refusalOf(trx, async () => {
    deleted = await updateMetadata(trx, metadata, now);
  });
  if (reason === null) return deleted;
  const { repositoryId, owner, name } = metadata;
  const payload = { repository_id: repositoryId, metadata_of: `${owner}/${name}` };
  await insertDeadLetters(trx, [
    { jobId: job.id, source: job.source, errorClass: 'constraint', errorMessage: reason, payload },
  ]);
  return 'refused';
}

type OtherUpdate = Exclude<RepositoryUpdate, { readonly type: 'metadata' }>;

/** Stores an update, and returns how many contributions were deleted because of it. */
async function saveUpdate(trx: Db, job: Job, update: OtherUpdate, now: Date): Promise<number> {
  switch (update.type) {
    case 'removed':
      return await deleteContributions(trx, update.repositoryId, update.eventIds);
    case 'gone':
      await insertMissingNumbers(trx, update.repositoryId, update.numbers, now);
      return await deleteContributionsOfNumbers(
        trx,
        update.repositoryId,
        update.numbers.map(({ number }) => number),
      );
    case 'look_ended':
      return await endLook(trx, update);
    default:
      await saveNews(trx, job, update, now);
      return 0;
  }
}

type News = Exclude<OtherUpdate, { readonly type: 'removed' | 'gone' | 'look_ended' }>;

async function saveNews(trx: Db, job: Job, update: News, now: Date): Promise<void> {
  switch (update.type) {
    case 'pushed':
      return await saveFirstPush(trx, update);
    case 'look_begun':
      return await beginLook(trx, update);
    case 'doubtful':
      return await markDoubtful(trx, [update]);
    case 'positions':
      return await upsertListPositions(trx, update.positions);
    case 'dated_outside':
      return await saveDatedOutside(trx, update.repositoryId, update);
    case 'unavailable':
      return await saveUnavailable(trx, job, update.repositoryId, update.reason);
    case 'known': {
      const { repositoryId, window } = update;
      const scraped = { source: job.source, repositoryIds: [repositoryId], window, gaps: [] };
      return await recordScrapedWindow(trx, scraped);
    }
    case 'usage':
      return await addUsage(trx, [update.usage], now, job.job_type === 'recheck');
    case 'stopped':
    case 'read':
    case 'doubted':
      // Recorded at the end of the job: the first as a gap in its window.
      return;
  }
}

/** Once for each reason, and again when all is asked for again, the repository is a dead letter. */
async function saveUnavailable(
  trx: Db,
  { id: jobId, source, job_type }: Job,
  repositoryId: number,
  errorMessage: string,
): Promise<void> {
  const isNews = await markUnavailable(trx, repositoryId, errorMessage);
  if (!isNews && job_type !== 'full') return;
  const payload = { repository_id: repositoryId };
  await insertDeadLetters(trx, [{ jobId, source, errorClass: 'refused', errorMessage, payload }]);
}
