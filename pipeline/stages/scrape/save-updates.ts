import type { Db } from '../../../db/client.ts';
import { deleteContributions } from '../../../db/queries/contributions.ts';
import { addUsage, upsertListPositions } from '../../../db/queries/github-lists.ts';
import { markUnavailable } from '../../../db/queries/repositories.ts';
import { updateMetadata } from '../../../db/queries/repository-renames.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import type { RepositoryUpdate } from '../../domain/source.ts';

/** Stores a batch's updates of repositories, in the batch's transaction. */
export async function saveUpdates(
  trx: Db,
  source: string,
  updates: readonly RepositoryUpdate[],
  now: Date,
): Promise<void> {
  for (const update of updates) await saveUpdate(trx, source, update, now);
}

async function saveUpdate(trx: Db, source: string, update: RepositoryUpdate, now: Date) {
  switch (update.type) {
    case 'metadata':
      return await updateMetadata(trx, update.metadata, now);
    case 'removed':
      return await deleteContributions(trx, update.repositoryId, update.eventIds);
    case 'positions':
      return await upsertListPositions(trx, update.positions);
    case 'unavailable':
      return await markUnavailable(trx, update.repositoryId, update.reason);
    case 'known': {
      const { repositoryId, window } = update;
      const scraped = { source, repositoryIds: [repositoryId], window, gaps: [] };
      return await recordScrapedWindow(trx, scraped);
    }
    case 'usage':
      return await addUsage(trx, [update.usage], now);
    case 'stopped':
      // Recorded at the end of the job, as a gap in its window.
      return;
  }
}
