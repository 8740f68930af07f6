import type { Db } from '../../../db/client.ts';
import { saveFirstPush } from '../../../db/queries/branches.ts';
import { deleteContributions } from '../../../db/queries/contributions.ts';
import { insertDeadLetters } from '../../../db/queries/dead-letters.ts';
import { addUsage, upsertListPositions } from '../../../db/queries/github-lists.ts';
import type { Job } from '../../../db/queries/jobs.ts';
import { markUnavailable, saveDatedOutside } from '../../../db/queries/repositories.ts';
import { updateMetadata } from '../../../db/queries/repository-renames.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import { refusalOf } from '../../../db/transactions.ts';
import type { RepositoryMetadata } from '../../domain/repository.ts';
import type { RepositoryUpdate } from '../../domain/source.ts';

/**
 * Stores a batch's updates of repositories, in the batch's transaction. Returns how many metadata
 * the database rejected; the metadata of before stay.
 */
export async function saveUpdates(
  trx: Db,
  job: Job,
  updates: readonly RepositoryUpdate[],
  now: Date,
): Promise<number> {
  let refused = 0;
  for (const update of updates) {
    if (update.type !== 'metadata') await saveUpdate(trx, job, update, now);
    else if (!(await saveMetadata(trx, job, update.metadata, now))) refused += 1;
  }
  return refused;
}

/** Returns false if the database refuses what GitHub says: that is then a dead letter. */
async function saveMetadata(
  trx: Db,
  job: Job,
  metadata: RepositoryMetadata,
  now: Date,
): Promise<boolean> {
  const reason = await refusalOf(trx, () => updateMetadata(trx, metadata, now));
  if (reason === null) return true;
  const { repositoryId, owner, name } = metadata;
  const payload = { repository_id: repositoryId, metadata_of: `${owner}/${name}` };
  await insertDeadLetters(trx, [
    { jobId: job.id, source: job.source, errorClass: 'constraint', errorMessage: reason, payload },
  ]);
  return false;
}

type OtherUpdate = Exclude<RepositoryUpdate, { readonly type: 'metadata' }>;

async function saveUpdate(trx: Db, job: Job, update: OtherUpdate, now: Date) {
  switch (update.type) {
    case 'pushed':
      return await saveFirstPush(trx, update);
    case 'removed':
      return await deleteContributions(trx, update.repositoryId, update.eventIds);
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
      return await addUsage(trx, [update.usage], now);
    case 'stopped':
    case 'read':
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
