import { sql } from 'kysely';
import type { RepositoryName } from '../../pipeline/domain/names.ts';
import type { Db } from '../client.ts';

/** A repository that some run has tracked. */
export interface KnownRepository extends RepositoryName {
  /** As GitHub's API has stated it; null: not yet. */
  readonly githubId: number | null;
  /** False: it left the configuration. */
  readonly isTracked: boolean;
  /** Owners that it had before, in lower case. */
  readonly formerOwners: readonly string[];
}

/** Every repository, by id. */
export async function readKnownRepositories(db: Db): Promise<KnownRepository[]> {
  const { rows } = await sql<KnownRepository>`
    SELECT owner, name, status <> 'ARCHIVED' AS "isTracked",
      CASE WHEN is_github_id_stated THEN github_id END AS "githubId",
      ARRAY(SELECT DISTINCT split_part(slug, '/', 1) FROM repository_names
        WHERE repository_id = repositories.id ORDER BY 1) AS "formerOwners"
    FROM repositories ORDER BY id
  `.execute(db);
  return rows;
}
