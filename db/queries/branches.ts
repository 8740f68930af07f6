import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../client.ts';
import { slugOf } from './slug.ts';

/** What is known of the default branches of repositories in the past. */

/** Stores the first push to a branch that the archive shows. */
export async function saveFirstPush(
  trx: Db,
  { repositoryId, branch, at }: { repositoryId: number; branch: string; at: Date },
): Promise<void> {
  await sql`
    INSERT INTO branch_pushes AS known (repository_id, branch, first_pushed_at)
    SELECT id, ${branch}, ${at}::timestamptz FROM repositories WHERE id = ${repositoryId}
    ON CONFLICT (repository_id, branch) DO UPDATE SET
      first_pushed_at = LEAST(known.first_pushed_at, excluded.first_pushed_at)
  `.execute(trx);
}

/** A branch that GitHub states as the default one; the one that it stated before was it until now. */
export async function saveDefaultBranch(
  trx: Db,
  repositoryId: number,
  branch: string,
  statedAt: Date,
): Promise<void> {
  await insertFormer(
    trx,
    sql`SELECT id, default_branch, ${statedAt}::timestamptz FROM repositories
      WHERE id = ${repositoryId} AND configured_default_branch IS NULL
        AND default_branch <> ${branch}`,
  );
  await trx
    .updateTable('repositories')
    .set({ default_branch: branch })
    .where('id', '=', repositoryId)
    .execute();
}

/** Configured branches that are about to replace others: these were the default ones until now. */
export async function saveReplacedBranches(
  trx: Db,
  wanted: readonly { readonly slug: string; readonly branch: string | null }[],
): Promise<void> {
  await insertFormer(
    trx,
    sql`SELECT row.id, COALESCE(configured_default_branch, default_branch), now()
      FROM repositories AS row JOIN unnest(
        ${wanted.map(({ slug }) => slug)}::text[], ${wanted.map(({ branch }) => branch)}::text[]
      ) AS wanted (slug, branch) ON wanted.slug = ${slugOf('row')}
      WHERE COALESCE(configured_default_branch, default_branch)
        <> COALESCE(wanted.branch, default_branch)`,
  );
}

/** Of a branch that was the default one twice, the later end counts. */
async function insertFormer(trx: Db, rows: RawBuilder<unknown>): Promise<void> {
  await sql`
    INSERT INTO former_default_branches AS known (repository_id, branch, until) ${rows}
    ON CONFLICT (repository_id, branch) DO UPDATE SET
      until = GREATEST(known.until, excluded.until)
  `.execute(trx);
}
