import { sql } from 'kysely';
import { ID_LEARNED_LATE } from '../../pipeline/domain/gaps.ts';
import type { RepositoryIdentity } from '../../pipeline/domain/repository.ts';
import {
  type BatchIdentity,
  type IdSighting,
  SOURCE_NAMES,
  SOURCE_TRAITS,
} from '../../pipeline/domain/source.ts';
import type { Db } from '../client.ts';
import { forgetListPositions } from './github-lists.ts';

/** GitHub's ids of the tracked repositories: stated by GitHub, else shown by the archive. */

const ARCHIVES: readonly string[] = SOURCE_NAMES.filter(
  (name) => SOURCE_TRAITS[name].eras === 'archive',
);

/**
 * Stores what a batch of a job shows of the ids, before its contributions are stored. Returns our
 * ids of the repositories whose contributions in the batch are of another repository (`foreign`), and
 * how many that were stored before were `deleted`, as they are of another one.
 */
export async function saveIdentity(
  trx: Db,
  jobId: number,
  { sightings, githubIds, missed, believed }: BatchIdentity,
): Promise<{ readonly foreign: ReadonlySet<number>; readonly deleted: number }> {
  await upsertSightings(trx, sightings);
  const { changed, deleted } = await settleIds(trx, jobId, sightings.length > 0);
  const foreign = await findForeign(trx, githubIds);
  // What was under the names of two rows is of one of them: the job may have given it to the other,
  // and a row that lost its id, and what it was given by it, may have it back by the end of the job.
  const given = [...changed].filter(([id, githubId]) => {
    const isOfAnother = believed.has(id) && believed.get(id) !== githubId;
    return isOfAnother || missed.includes(id);
  });
  await markUnreadInJob(trx, jobId, [...given.map(([id]) => id), ...foreign]);
  return { foreign, deleted };
}

/** The rows whose stored id is not the one that a batch was read by; the others stay as they are. */
async function findForeign(
  trx: Db,
  githubIds: BatchIdentity['githubIds'],
): Promise<ReadonlySet<number>> {
  if (githubIds.size === 0) return new Set();
  // A change of these rows waits until what is stored by them is committed.
  const rows = await trx
    .selectFrom('repositories')
    .select(['id', 'github_id'])
    .where('id', 'in', [...githubIds.keys()])
    .orderBy('id')
    .forShare()
    .execute();
  const stored = new Map(rows.map((row) => [row.id, row.github_id]));
  const foreign = [...githubIds].filter(([id, githubId]) => stored.get(id) !== githubId);
  return new Set(foreign.map(([id]) => id));
}

async function upsertSightings(trx: Db, sightings: readonly IdSighting[]): Promise<void> {
  if (sightings.length === 0) return;
  await sql`
    INSERT INTO repository_ids AS known (repository_id, github_id, first_seen_at, last_seen_at)
    SELECT seen.* FROM unnest(
      ${sightings.map((one) => one.repositoryId)}::bigint[],
      ${sightings.map((one) => one.githubId)}::bigint[],
      ${sightings.map((one) => one.firstSeenAt.toISOString())}::timestamptz[],
      ${sightings.map((one) => one.lastSeenAt.toISOString())}::timestamptz[]
    ) AS seen (repository_id, github_id, first_seen_at, last_seen_at)
    JOIN repositories AS row ON row.id = seen.repository_id
    ORDER BY 1, 2
    ON CONFLICT (repository_id, github_id) DO UPDATE SET
      first_seen_at = LEAST(known.first_seen_at, excluded.first_seen_at),
      last_seen_at = GREATEST(known.last_seen_at, excluded.last_seen_at)
  `.execute(trx);
}

interface IdChange {
  readonly id: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly is_read_by_name: boolean;
}

/**
 * The rows whose id is not that of the sightings: the one seen last under the name of the row. An
 * id that was seen under the names of two rows is that of the row where it was seen last; one that
 * GitHub has stated stays where it is.
 */
async function findChanges(trx: Db): Promise<IdChange[]> {
  const { rows } = await sql<IdChange>`
    WITH best AS (
      SELECT DISTINCT ON (row.id) row.id, seen.github_id, seen.last_seen_at
      FROM repositories AS row JOIN repository_ids AS seen ON seen.repository_id = row.id
      WHERE row.github_id IS NULL OR NOT row.is_github_id_stated
      ORDER BY row.id, seen.last_seen_at DESC, seen.github_id DESC
    ), winner AS (
      SELECT DISTINCT ON (github_id) github_id, id FROM best
      WHERE NOT EXISTS (SELECT FROM repositories AS stated
        WHERE stated.github_id = best.github_id AND stated.is_github_id_stated)
      ORDER BY github_id, last_seen_at DESC, id
    )
    SELECT row.id, row.github_id AS before, winner.github_id AS after, row.is_read_by_name
    FROM best JOIN repositories AS row ON row.id = best.id
      LEFT JOIN winner ON winner.id = row.id
    WHERE row.github_id IS DISTINCT FROM winner.github_id
    ORDER BY row.id
  `.execute(trx);
  return rows;
}

/** Gives each row the id that the sightings say. Returns the rows that got another one, with it. */
async function settleIds(trx: Db, jobId: number, hasNews: boolean) {
  const expected = hasNews ? await findChanges(trx) : [];
  let deleted = 0;
  if (expected.length === 0) return { changed: new Map<number, number | null>(), deleted };
  await sql`
    SELECT FROM repositories WHERE id = ANY(${expected.map(({ id }) => id)}::bigint[])
    ORDER BY id FOR UPDATE`.execute(trx);
  const changes = await findChanges(trx);
  for (const change of changes) deleted += await leaveId(trx, change, jobId);
  for (const { id, after } of changes) {
    await trx
      .updateTable('repositories')
      .set({ github_id: after, is_github_id_stated: after === null })
      .where('id', '=', id)
      .execute();
  }
  return { changed: new Map(changes.map(({ id, after }) => [id, after])), deleted };
}

/** The id of a row, which nobody else changes until the transaction ends. */
const lockRow = (trx: Db, repositoryId: number) =>
  trx
    .selectFrom('repositories')
    .select(['id', 'github_id as before', 'is_github_id_stated', 'is_read_by_name'])
    .where('id', '=', repositoryId)
    .forUpdate()
    .executeTakeFirst();

/**
 * Takes from a row the id that the archive has shown and what came with it, if GitHub now states
 * another one: a repository that had the name before. An id that GitHub has stated stays. Returns
 * false if there is no such row (any more).
 */
export async function leaveOtherId(
  trx: Db,
  repositoryId: number,
  githubId: number,
): Promise<boolean> {
  const row = await lockRow(trx, repositoryId);
  if (!row) return false;
  const isStated = row.before !== null && row.is_github_id_stated;
  if (row.before !== githubId && !isStated) await leaveId(trx, row, null);
  return true;
}

/**
 * Takes the id of before from a row, with what the archive gave by it; what was read by it, or by the
 * name alone, counts as not read. The job that shows the new id has read its window by the new one.
 * Returns how many contributions were deleted.
 */
async function leaveId(
  trx: Db,
  { id, before, is_read_by_name }: Pick<IdChange, 'id' | 'before' | 'is_read_by_name'>,
  jobId: number | null,
): Promise<number> {
  let deleted = 0;
  await trx
    .updateTable('repositories')
    .set({ github_id: null, is_read_by_name: false })
    .where('id', '=', id)
    .execute();
  if (before !== null) {
    const { numAffectedRows } = await sql`DELETE FROM contribution_events
      WHERE repository_id = ${id} AND source = ANY(${ARCHIVES}::text[])`.execute(trx);
    deleted = Number(numAffectedRows ?? 0);
    await trx.deleteFrom('branch_pushes').where('repository_id', '=', id).execute();
  }
  if (before !== null || is_read_by_name) await forgetWindows(trx, id);
  await sql`
    UPDATE scrape_jobs SET unread_repository_ids = unread_repository_ids || ${id}::bigint
    WHERE source = ANY(${ARCHIVES}::text[]) AND status IN ('QUEUED', 'RUNNING', 'RETRYING')
      AND (status = 'RUNNING' OR checkpoint IS NOT NULL) AND ${id} = ANY(repository_ids)
      AND id IS DISTINCT FROM ${jobId}::bigint AND ${id} <> ALL(unread_repository_ids)
  `.execute(trx);
  return deleted;
}

/**
 * Takes from a row all that came with the id that GitHub stated before, if GitHub states another one
 * now: that repository was deleted, and another one has its name. All is read again by the new id.
 * Ranks and closed months that were published stay. Returns how many contributions were deleted;
 * null: it is the same repository.
 */
export async function leaveDeletedRepository(
  trx: Db,
  { repositoryId: id, githubId }: RepositoryIdentity,
): Promise<number | null> {
  const row = await lockRow(trx, id);
  if (!row?.is_github_id_stated || row.before === null || row.before === githubId) return null;
  const deleted = await leaveId(trx, row, null);
  const { numDeletedRows } = await trx
    .deleteFrom('contribution_events')
    .where('repository_id', '=', id)
    .executeTakeFirst();
  for (const table of [
    'unseen_contributions',
    'missing_numbers',
    'former_default_branches',
  ] as const)
    await trx.deleteFrom(table).where('repository_id', '=', id).execute();
  await forgetListPositions(trx, [id]);
  await trx
    .deleteFrom('scrape_windows')
    .where('repository_id', '=', id)
    .where('source', 'not in', ARCHIVES)
    .execute();
  await trx
    .updateTable('repositories')
    .set({ commits_before_window: null, commits_after_window: null, default_branch: null })
    .where('id', '=', id)
    .execute();
  return deleted + Number(numDeletedRows);
}

/** The windows stay as gaps, so that they are seen, and read again by the next run. */
async function forgetWindows(trx: Db, repositoryId: number): Promise<void> {
  await sql`
    UPDATE scrape_windows SET completeness = 0, gaps = jsonb_build_array(jsonb_build_object(
      'from', to_jsonb(window_from), 'to', to_jsonb(window_to), 'reason', ${ID_LEARNED_LATE}::text))
    WHERE repository_id = ${repositoryId} AND source = ANY(${ARCHIVES}::text[])
  `.execute(trx);
}

/** Events of these repositories went by in the job before their ids were known. */
async function markUnreadInJob(trx: Db, jobId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    UPDATE scrape_jobs SET unread_repository_ids = ARRAY(
      SELECT DISTINCT unnest(unread_repository_ids || ${ids}::bigint[]) ORDER BY 1)
    WHERE id = ${jobId}`.execute(trx);
}

/** Notes that a window of the archive was read of repositories whose id is still not known. */
export async function markReadByName(
  trx: Db,
  source: string,
  repositoryIds: readonly number[],
): Promise<void> {
  if (!ARCHIVES.includes(source)) return;
  await sql`
    UPDATE repositories SET is_read_by_name = true
    WHERE id = ANY(${repositoryIds}::bigint[]) AND github_id IS NULL`.execute(trx);
}

/** Our ids of the tracked repositories whose id GitHub has not stated. */
export async function readUnstatedIds(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('repositories')
    .select('id')
    .where('status', '<>', 'ARCHIVED')
    .where((on) => on.or([on('github_id', 'is', null), on('is_github_id_stated', '=', false)]))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Other repositories that the archive saw under the names of tracked ones. */
export function readOtherIds(db: Db) {
  return db
    .selectFrom('repository_ids as seen')
    .innerJoin('repositories as r', 'r.id', 'seen.repository_id')
    .where('r.status', '!=', 'ARCHIVED')
    .where((on) => on('seen.github_id', 'is distinct from', on.ref('r.github_id')))
    .select(['seen.repository_id', 'seen.github_id', 'seen.first_seen_at', 'seen.last_seen_at'])
    .orderBy('seen.repository_id')
    .orderBy('seen.first_seen_at')
    .orderBy('seen.github_id')
    .execute();
}
