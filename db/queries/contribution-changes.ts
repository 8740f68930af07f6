import { sql } from 'kysely';
import type { Db } from '../client.ts';

/**
 * What changed since the last calculation. The triggers of the tables note it in
 * `contribution_changes`; a note without an account stands for everybody in a repository, one
 * without a repository for an account everywhere.
 */

export interface Calculation {
  /** Contributions before it counted. */
  readonly clock: Date;
  /** What else the result depends on, besides the tables. */
  readonly rules: string;
}

/** The last calculation; null before the first. */
export async function readLastCalculation(trx: Db): Promise<Calculation | null> {
  const row = await trx
    .selectFrom('calculations')
    .select(['clock', 'rules'])
    .where('id', '=', 1)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Marks the notes that the calculation takes into account. Contributions that were stored before
 * their moment and are now in the past count as changed.
 */
export async function takeChanges(trx: Db, last: Date | null, now: Date): Promise<void> {
  if (last) {
    await sql`
      INSERT INTO contribution_changes (repository_id, user_id)
      SELECT DISTINCT repository_id, coalesce(user_id, 0) FROM contribution_events
      WHERE occurred_at >= ${last.toISOString()}::timestamptz
        AND occurred_at < ${now.toISOString()}::timestamptz`.execute(trx);
  }
  await trx.updateTable('contribution_changes').set({ is_taken: true }).execute();
}

/** Deletes the notes that were taken: those that another process made meanwhile stay. */
export async function endCalculation(trx: Db, { clock, rules }: Calculation): Promise<void> {
  await trx.deleteFrom('contribution_changes').where('is_taken', '=', true).execute();
  await trx
    .insertInto('calculations')
    .values({ id: 1, clock, rules })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ clock, rules }))
    .execute();
}

/**
 * The notes as tables of a query: `notes`, the people they concern (`changed_people`, without a
 * repository: everywhere) with their accounts, and the accounts of each repository in which these
 * did anything.
 */
export const changedPeople = sql`
  notes AS (
    SELECT DISTINCT repository_id, user_id FROM contribution_changes
    WHERE user_id IS DISTINCT FROM 0
  ),
  changed_people AS (
    SELECT repository_id, user_id FROM notes WHERE user_id IS NOT NULL
    UNION SELECT n.repository_id, u.alias_of FROM notes n
      JOIN github_users u ON u.github_id = n.user_id WHERE u.alias_of IS NOT NULL
    UNION SELECT n.repository_id, u.github_id FROM notes n
      JOIN github_users u ON u.alias_of = n.user_id
  ),
  changed_accounts AS (
    SELECT repository_id, user_id FROM changed_people
    UNION SELECT p.repository_id, u.github_id FROM changed_people p
      JOIN github_users u ON u.alias_of = p.user_id
  )`;
