import { sql } from 'kysely';
import type { Db } from '../../client.ts';

/** What only the preview of a configuration reads. */

/** The accounts of `ids` that opted out, or that are an alias of one that did. */
export async function readOptedOut(trx: Db, ids: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    SELECT u.github_id AS id FROM github_users u
    LEFT JOIN github_users target ON target.github_id = u.alias_of
    WHERE u.github_id = ANY(${ids}::bigint[])
      AND (u.is_opted_out OR coalesce(target.is_opted_out, false))
  `.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

/** Whether any contribution is stored. */
export async function hasContributions(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('contribution_events')
    .select('event_id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
