import { sql } from 'kysely';
import { PUT_ASIDE } from '../../pipeline/domain/put-aside.ts';
import type { ApiUsage, ListPosition } from '../../pipeline/domain/source.ts';
import { isoDate } from '../../pipeline/domain/time.ts';
import type { Db } from '../client.ts';

/** The stored states of a repository's lists, by the name of the list. */
export async function readListPositions(
  db: Db,
  repositoryId: number,
): Promise<Map<string, unknown>> {
  const rows = await db
    .selectFrom('source_cursors')
    .select(['list', 'state'])
    .where('repository_id', '=', repositoryId)
    .execute();
  return new Map(rows.map((row) => [row.list, row.state]));
}

/** What is stored of the parts of repositories that were put aside, by repository. */
export async function readPartsPutAside(db: Db): Promise<Map<number, unknown>> {
  const rows = await db
    .selectFrom('source_cursors')
    .select(['repository_id', 'state'])
    .where('list', '=', PUT_ASIDE)
    .execute();
  return new Map(rows.map(({ repository_id, state }) => [repository_id, state]));
}

/** Stores states, in the transaction that stores what was read up to them. */
export async function upsertListPositions(
  trx: Db,
  positions: readonly ListPosition[],
): Promise<void> {
  for (const { repositoryId, list, state } of positions) {
    await sql`
      INSERT INTO source_cursors (repository_id, list, state)
      VALUES (${repositoryId}, ${list}, ${JSON.stringify(state)}::jsonb)
      ON CONFLICT (repository_id, list) DO UPDATE SET state = excluded.state, updated_at = now()
    `.execute(trx);
  }
}

/** Makes all lists of repositories unread. What is wanted of them stays, so that all is read again. */
export async function forgetListPositions(
  trx: Db,
  repositoryIds: readonly number[],
): Promise<void> {
  await sql`
    DELETE FROM source_cursors
    WHERE repository_id = ANY(${repositoryIds}::bigint[]) AND list <> 'wanted'
  `.execute(trx);
}

/** Adds to the usage of GitHub's API by repository and UTC date. */
export async function addUsage(trx: Db, usage: readonly ApiUsage[], usedAt: Date): Promise<void> {
  const usedOn = isoDate(usedAt);
  for (const { repositoryId, points, requests } of usage) {
    if (points === 0 && requests === 0) continue;
    await sql`
      INSERT INTO github_usage AS known (repository_id, used_on, points, requests)
      VALUES (${repositoryId}, ${usedOn}::date, ${points}, ${requests})
      ON CONFLICT (repository_id, used_on) DO UPDATE SET
        points = known.points + excluded.points, requests = known.requests + excluded.requests
    `.execute(trx);
  }
}

/** The usage of each repository on the last date (UTC, `YYYY-MM-DD`) on which points were spent on it. */
export async function readLastUsage(
  db: Db,
): Promise<Map<number, { readonly points: number; readonly usedOn: string }>> {
  const { rows } = await sql<{ id: number; points: number; usedOn: string }>`
    SELECT DISTINCT ON (repository_id) repository_id AS id, points,
      to_char(used_on, 'YYYY-MM-DD') AS "usedOn"
    FROM github_usage ORDER BY repository_id, used_on DESC
  `.execute(db);
  return new Map(rows.map(({ id, ...usage }) => [id, usage]));
}
