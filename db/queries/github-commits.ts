import { sql } from 'kysely';
import type { Db } from '../client.ts';

/**
 * Where GitHub was read whole, its list of the branch's commits is the truth: what else the
 * archive tells of that time are merge commits, or commits that a force push removed.
 * Returns how many rows were removed.
 */
export async function deleteCommitsUnknownToGithub(
  trx: Db,
  repositoryIds: readonly number[],
): Promise<number> {
  const result = await sql`
    DELETE FROM contribution_events AS told USING scrape_windows AS read
    WHERE told.repository_id = ANY(${repositoryIds}::bigint[])
      AND told.kind = 'COMMIT' AND told.source <> 'github'
      AND read.repository_id = told.repository_id AND read.source = 'github'
      AND read.completeness = 1
      AND told.occurred_at >= read.window_from AND told.occurred_at < read.window_to
  `.execute(trx);
  return Number(result.numAffectedRows ?? 0);
}
