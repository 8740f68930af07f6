import { sql } from 'kysely';
import type { Db } from '../client.ts';
import { accountsOf } from './eligible-contributions.ts';

/**
 * Marks the repositories whose boards the given accounts can be on: where they contributed,
 * and where accounts that count for them did.
 */
export async function markRepositoriesOf(db: Db, userIds: readonly number[]): Promise<void> {
  await sql`
    UPDATE repositories SET is_dirty = true
    WHERE NOT is_dirty AND id IN (
      SELECT repository_id FROM contribution_events WHERE user_id IN (${accountsOf(userIds)})
    )
  `.execute(db);
}

/** Marks every repository: other weights change every board. */
export async function markAllRepositories(db: Db): Promise<void> {
  await db
    .updateTable('repositories')
    .set({ is_dirty: true })
    .where('is_dirty', '=', false)
    .execute();
}

/**
 * Takes the marks away and returns how many there were. To be done before the boards are read
 * anew, in the same transaction: whoever adds contributions meanwhile waits and marks again.
 */
export async function clearMarks(trx: Db): Promise<number> {
  const result = await trx
    .updateTable('repositories')
    .set({ is_dirty: false })
    .where('is_dirty', '=', true)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
