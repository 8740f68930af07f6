import type { Db } from '../../../db/client.ts';
import { deleteContributions } from '../../../db/queries/contributions.ts';
import { addUsage, upsertCursors } from '../../../db/queries/github-lists.ts';
import { markUnavailable } from '../../../db/queries/repositories.ts';
import { updateMetadata } from '../../../db/queries/repository-renames.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import type { SourceBatch } from '../../domain/source.ts';

/**
 * Stores what a batch brings besides contributions, in the batch's transaction: what a repository
 * is called now, what is no fact any more, how far its lists are read, what that cost.
 */
export async function storeFindings(
  trx: Db,
  source: string,
  batch: SourceBatch,
  now: Date,
): Promise<void> {
  for (const metadata of batch.metadata ?? []) await updateMetadata(trx, metadata, now);
  const removed = Map.groupBy(batch.removed ?? [], (fact) => fact.repositoryId);
  for (const [repositoryId, facts] of removed) {
    await deleteContributions(
      trx,
      repositoryId,
      facts.map((fact) => fact.eventId),
    );
  }
  await upsertCursors(trx, batch.cursors ?? []);
  for (const { repositoryId, reason } of batch.unavailable ?? []) {
    await markUnavailable(trx, repositoryId, reason);
  }
  for (const { repositoryId, window } of batch.known ?? []) {
    await recordScrapedWindow(trx, { source, repositoryIds: [repositoryId], window, gaps: [] });
  }
  await addUsage(trx, batch.usage ?? [], now);
}
