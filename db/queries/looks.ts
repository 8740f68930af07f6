import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../client.ts';

/**
 * Looks at the whole of a list of GitHub: what is stored of the list is noted as unseen, what GitHub
 * shows is taken off that note, and what is left at the end is gone from GitHub. The note is a
 * table, so that a look may take several nights and may be killed at any moment.
 */

/** The list of GitHub that shows a contribution, by the beginning of its event id. */
export const listOf = (table: string): RawBuilder<string> => sql`
  CASE split_part(${sql.ref(`${table}.event_id`)}, ':', 1)
    WHEN 'pr' THEN 'pull_requests' WHEN 'review' THEN 'pull_requests' WHEN 'issue' THEN 'issues'
    WHEN 'release' THEN 'releases' WHEN 'comment' THEN 'issue_comments'
    WHEN 'review_comment' THEN 'review_comments' WHEN 'commit_comment' THEN 'commit_comments'
    WHEN 'commit' THEN 'commits' END`;

interface ListOfRepository {
  readonly repositoryId: number;
  readonly list: string;
}

/** Begins a look at all of a list from a moment on; an earlier one that did not end is forgotten. */
export async function beginLook(
  trx: Db,
  { repositoryId, list, from }: ListOfRepository & { readonly from: Date },
): Promise<void> {
  await deleteUnseen(trx, { repositoryId, list });
  await sql`
    INSERT INTO unseen_contributions (repository_id, event_id, list)
    SELECT repository_id, event_id, ${list} FROM contribution_events AS known
    WHERE repository_id = ${repositoryId} AND occurred_at >= ${from} AND ${listOf('known')} = ${list}
  `.execute(trx);
  await sql`
    UPDATE source_cursors SET is_doubtful = false
    WHERE repository_id = ${repositoryId} AND list = ${list}`.execute(trx);
}

/** Notes that GitHub shows these contributions, whether or not they count. */
export async function markSeen(
  trx: Db,
  seen: readonly { readonly repositoryId: number; readonly eventId: string }[],
): Promise<void> {
  if (seen.length === 0) return;
  await sql`
    DELETE FROM unseen_contributions AS unseen USING unnest(
      ${seen.map(({ repositoryId }) => repositoryId)}::bigint[],
      ${seen.map(({ eventId }) => eventId)}::text[]
    ) AS seen (repository_id, event_id)
    WHERE unseen.repository_id = seen.repository_id AND unseen.event_id = seen.event_id
  `.execute(trx);
}

/** Something of these lists could not be read or stored: nothing is taken out because of them. */
export async function markDoubtful(trx: Db, lists: readonly ListOfRepository[]): Promise<void> {
  for (const { repositoryId, list } of lists) {
    await sql`
      UPDATE source_cursors SET is_doubtful = true
      WHERE repository_id = ${repositoryId} AND list = ${list}`.execute(trx);
  }
}

/**
 * Ends a look: deletes what it did not meet, unless the list is doubtful. Returns how many
 * contributions were deleted.
 */
export async function endLook(
  trx: Db,
  { repositoryId, list, at }: ListOfRepository & { readonly at: Date },
): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM contribution_events AS gone USING unseen_contributions AS unseen, source_cursors AS read
    WHERE gone.repository_id = ${repositoryId} AND unseen.repository_id = gone.repository_id
      AND unseen.event_id = gone.event_id AND unseen.list = ${list}
      AND read.repository_id = gone.repository_id AND read.list = ${list} AND NOT read.is_doubtful
  `.execute(trx);
  await deleteUnseen(trx, { repositoryId, list });
  await sql`
    UPDATE source_cursors SET looked_at = ${at}
    WHERE repository_id = ${repositoryId} AND list = ${list}`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

async function deleteUnseen(trx: Db, { repositoryId, list }: ListOfRepository): Promise<void> {
  await trx
    .deleteFrom('unseen_contributions')
    .where('repository_id', '=', repositoryId)
    .where('list', '=', list)
    .execute();
}

/** The numbers of issues or pull requests of which a look at a list has not met something. */
export async function readUnseenNumbers(
  db: Db,
  repositoryId: number,
  list: string,
): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    SELECT DISTINCT known.subject_number AS number
    FROM unseen_contributions AS unseen JOIN contribution_events AS known
      USING (repository_id, event_id)
    WHERE unseen.repository_id = ${repositoryId} AND unseen.list = ${list}
      AND known.subject_number IS NOT NULL
    ORDER BY 1
  `.execute(db);
  return rows.map(({ number }) => number);
}

/** How many items of a list GitHub's own rows say were made in a time. */
export async function countMade(
  db: Db,
  repositoryId: number,
  list: string,
  from: Date,
  to: Date,
): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    SELECT count(*) AS made FROM contribution_events AS known
    WHERE repository_id = ${repositoryId} AND source = 'github' AND ${listOf('known')} = ${list}
      AND kind IN ('ISSUE_OPENED', 'PR_OPENED', 'COMMENT')
      AND occurred_at >= ${from} AND occurred_at < ${to}
  `.execute(db);
  return rows[0]?.made ?? 0;
}

/** A list of a tracked repository, and when the last look at all of it began. */
export interface Look extends ListOfRepository {
  /** Null: no look was ever complete. */
  readonly lookedAt: Date | null;
  /** Where what is known of the repository begins. */
  readonly knownFrom: Date;
}

/** The last looks at the lists of the repositories that can be read, oldest first. */
export async function readLooks(db: Db, lists: readonly string[]): Promise<Look[]> {
  const { rows } = await sql<Look>`
    SELECT read.repository_id AS "repositoryId", read.list, read.looked_at AS "lookedAt",
      known.since AS "knownFrom"
    FROM source_cursors AS read JOIN repositories AS r ON r.id = read.repository_id
      JOIN (SELECT repository_id, min(window_from) AS since FROM scrape_windows
        WHERE source = 'github' AND completeness > 0 GROUP BY repository_id) AS known
        ON known.repository_id = r.id
    WHERE r.status = 'ACTIVE' AND read.list = ANY(${lists}::text[])
    ORDER BY read.looked_at NULLS FIRST, read.repository_id, read.list COLLATE "C"
  `.execute(db);
  return rows;
}

/** The oldest of the last looks at the lists of each repository, by its id; null: one is missing. */
export async function readOldestLooks(
  db: Db,
  lists: readonly string[],
): Promise<Map<number, Date | null>> {
  const { rows } = await sql<{ id: number; oldest: Date | null }>`
    SELECT repository_id AS id,
      CASE WHEN count(*) = count(looked_at) THEN min(looked_at) END AS oldest
    FROM source_cursors WHERE list = ANY(${lists}::text[]) GROUP BY repository_id
  `.execute(db);
  return new Map(rows.map(({ id, oldest }) => [id, oldest]));
}
