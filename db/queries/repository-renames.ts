import { sql } from 'kysely';
import { asciiLower } from '../../pipeline/domain/names.ts';
import {
  NOT_FOUND,
  type RepositoryIdentity,
  type RepositoryMetadata,
} from '../../pipeline/domain/repository.ts';
import type { Db } from '../client.ts';
import { saveDefaultBranch } from './branches.ts';
import { precedence } from './contributions.ts';
import { leaveDeletedRepository, leaveOtherId } from './repository-ids.ts';
import { slugOf } from './slug.ts';

/**
 * Stores what GitHub states about a repository. Returns how many contributions were deleted with the
 * repository that had the name before; null: it is the same one.
 */
export async function updateMetadata(
  trx: Db,
  metadata: RepositoryMetadata,
  fetchedAt: Date,
): Promise<number | null> {
  const deleted = await leaveDeletedRepository(trx, metadata);
  await identifyRepository(trx, metadata, fetchedAt);
  await saveDefaultBranch(trx, metadata.repositoryId, metadata.defaultBranch, fetchedAt);
  await trx
    .updateTable('repositories')
    .set({
      description: metadata.description,
      stars: metadata.stars,
      forks: metadata.forks,
      language: metadata.language,
      topics: JSON.stringify(metadata.topics),
      license: metadata.license,
      is_archived_on_github: metadata.isArchived,
      metadata_fetched_at: fetchedAt,
    })
    .where('id', '=', metadata.repositoryId)
    .execute();
  return deleted;
}

/**
 * Stores the id and the name that GitHub states. A rename or a transfer keeps the row and its
 * history: the former name is saved, and a second row of the same repository is merged into it.
 */
export async function identifyRepository(
  trx: Db,
  identity: RepositoryIdentity,
  statedAt: Date,
): Promise<void> {
  const { repositoryId, githubId, owner, name } = identity;
  // Another name of the same repository may have been merged with its row.
  if (!(await leaveOtherId(trx, repositoryId, githubId))) return;
  await mergeRepository(trx, identity);
  await saveFormerName(trx, identity, statedAt);
  await trx
    .updateTable('repositories')
    .set({ owner, name, github_id: githubId, is_github_id_stated: true })
    .where('id', '=', repositoryId)
    .execute();
}

/**
 * Tables that hold the history of a repository, with the columns that form their key beside its id.
 */
const HISTORY = {
  contribution_events: ['event_id'],
  source_cursors: ['list'],
  unseen_contributions: ['event_id'],
  scrape_windows: ['source', 'window_from', 'window_to'],
  missing_numbers: ['number'],
  leaderboard_snapshots: ['taken_on', 'period', 'user_id'],
  github_usage: ['used_on'],
  repository_ids: ['github_id'],
  former_default_branches: ['branch'],
  branch_pushes: ['branch'],
  month_people: ['month', 'user_id'],
  month_events: ['month', 'list', 'event_id'],
} as const;

/**
 * Another row may be the same repository: the one under the former name, or one that was
 * configured under the new name. Its history moves to this row, and it is deleted.
 * A different repository that had the name before loses the name.
 */
async function mergeRepository(
  trx: Db,
  { repositoryId, githubId, owner, name }: RepositoryIdentity,
) {
  const others = await trx
    .selectFrom('repositories')
    .select(['id', 'github_id', 'is_github_id_stated'])
    .where('id', '<>', repositoryId)
    .where((expression) =>
      expression.or([
        expression('github_id', '=', githubId),
        expression.and([
          expression(sql<string>`lower(owner COLLATE "C")`, '=', asciiLower(owner)),
          expression(sql<string>`lower(name COLLATE "C")`, '=', asciiLower(name)),
        ]),
      ]),
    )
    .execute();
  for (const other of others) {
    await leaveOtherId(trx, other.id, githubId);
    if (other.github_id === null || other.github_id === githubId || !other.is_github_id_stated) {
      await moveHistory(trx, other.id, repositoryId);
    } else {
      await trx
        .updateTable('repositories')
        .set({ name: sql<string>`name || '-old-' || id` })
        .where('id', '=', other.id)
        .execute();
    }
  }
}

async function moveHistory(trx: Db, from: number, to: number): Promise<void> {
  // Of two versions of one contribution the better one stays, as in `upsertContributions`, and gets
  // what only the other one knows.
  await sql`
    UPDATE contribution_events AS kept SET title = coalesce(kept.title, other.title),
      reference = coalesce(kept.reference, other.reference)
    FROM contribution_events AS other
    WHERE (kept.repository_id, other.repository_id) IN ((${from}, ${to}), (${to}, ${from}))
      AND kept.event_id = other.event_id
      AND (kept.title IS NULL AND other.title IS NOT NULL
        OR kept.reference IS NULL AND other.reference IS NOT NULL)
  `.execute(trx);
  await sql`
    DELETE FROM contribution_events AS known USING contribution_events AS moved
    WHERE known.repository_id = ${to} AND moved.repository_id = ${from}
      AND known.event_id = moved.event_id AND (${precedence('moved')}) < (${precedence('known')})
  `.execute(trx);
  for (const [table, key] of Object.entries(HISTORY)) {
    const same = key.map((column) => sql`known.${sql.ref(column)} = moved.${sql.ref(column)}`);
    await sql`
      UPDATE ${sql.table(table)} AS moved SET repository_id = ${to}
      WHERE repository_id = ${from} AND NOT EXISTS (
        SELECT FROM ${sql.table(table)} AS known
        WHERE known.repository_id = ${to} AND ${sql.join(same, sql` AND `)})
    `.execute(trx);
  }
  // They have no foreign key: what both rows have would otherwise stay behind.
  for (const table of ['leaderboard_snapshots', 'month_people', 'month_events'] as const)
    await trx.deleteFrom(table).where('repository_id', '=', from).execute();
  await sql`INSERT INTO repository_names (slug, repository_id, learned_at)
    SELECT ${slugOf('repositories')}, ${to}, now() FROM repositories WHERE id = ${from}
    ON CONFLICT (slug) DO UPDATE SET repository_id = ${to}`.execute(trx);
  await sql`UPDATE repository_names SET repository_id = ${to}
    WHERE repository_id = ${from}`.execute(trx);
  await trx.deleteFrom('repositories').where('id', '=', from).execute();
  // After the row, never before: a worker holds the row while it finishes its job, and then locks the job.
  for (const table of TABLES_WITH_IDS) await replaceInList(trx, table, from, to);
}

/** Tables with a column `repository_ids`. */
const TABLES_WITH_IDS = ['scrape_jobs', 'cost_records'] as const;

/** Replaces one id by another; a list that has both keeps one. */
async function replaceInList(
  trx: Db,
  table: (typeof TABLES_WITH_IDS)[number],
  from: number,
  to: number,
) {
  await sql`
    UPDATE ${sql.table(table)} SET repository_ids = CASE
      WHEN ${to} = ANY(repository_ids) THEN array_remove(repository_ids, ${from}::bigint)
      ELSE array_replace(repository_ids, ${from}::bigint, ${to}::bigint) END
    WHERE ${from} = ANY(repository_ids)
  `.execute(trx);
}

/**
 * Saves the present name of the row, if it changes, and deletes the new one from the former names.
 */
async function saveFormerName(
  trx: Db,
  { repositoryId, owner, name }: RepositoryIdentity,
  learnedAt: Date,
): Promise<void> {
  const slug = asciiLower(`${owner}/${name}`);
  await trx.deleteFrom('repository_names').where('slug', '=', slug).execute();
  await sql`
    INSERT INTO repository_names (slug, repository_id, learned_at)
    SELECT ${slugOf('repositories')}, id, ${learnedAt} FROM repositories
    WHERE id = ${repositoryId} AND ${slugOf('repositories')} <> ${slug}
    ON CONFLICT (slug) DO UPDATE SET
      repository_id = excluded.repository_id, learned_at = excluded.learned_at
  `.execute(trx);
}

/**
 * Gives a repository that GitHub has no more under its present name the configured name back that
 * it had before: what has that name now is read, whether it is the same repository or another one.
 */
export async function takeBackNames(
  trx: Db,
  wanted: readonly { readonly owner: string; readonly name: string }[],
): Promise<void> {
  await sql`
    UPDATE repositories AS lost SET owner = wanted.owner, name = wanted.name
    FROM repository_names AS former JOIN unnest(
      ${wanted.map(({ owner }) => owner)}::text[], ${wanted.map(({ name }) => name)}::text[],
      ${wanted.map((one) => asciiLower(`${one.owner}/${one.name}`))}::text[]
    ) AS wanted (owner, name, slug) USING (slug)
    WHERE lost.id = former.repository_id AND lost.failure_reason = ${NOT_FOUND}
      AND NOT EXISTS (SELECT FROM repositories AS holder WHERE ${slugOf('holder')} = former.slug)
  `.execute(trx);
}

/**
 * Replaces former names by present ones, so that a configuration with the former name of a
 * repository still means that repository. One that is listed under both names is returned once.
 */
export async function resolveRenames<T extends { readonly owner: string; readonly name: string }>(
  db: Db,
  wanted: readonly T[],
): Promise<T[]> {
  const nameOf = ({ owner, name }: T) => asciiLower(`${owner}/${name}`);
  const { rows } = await sql<{ slug: string; owner: string; name: string }>`
    SELECT former.slug, present.owner, present.name
    FROM repository_names AS former JOIN repositories AS present ON present.id = former.repository_id
    WHERE former.slug = ANY(${wanted.map(nameOf)}::text[]) AND NOT EXISTS (
      SELECT FROM repositories AS holder
      WHERE ${slugOf('holder')} = former.slug)
  `.execute(db);
  const present = new Map(rows.map((row) => [row.slug, row]));
  const named = wanted.map((repository) => {
    const { owner, name } = present.get(nameOf(repository)) ?? repository;
    return { ...repository, owner, name };
  });
  return [...new Map(named.map((repository) => [nameOf(repository), repository])).values()];
}
