import { sql } from 'kysely';
import type { Db } from '../client.ts';
import { readJsonRows } from '../json-rows.ts';

/** Who and what stands on the boards of a preview. */

/** An account with its flags. */
export type PreviewAccount = readonly [
  id: number,
  login: string,
  isBot: boolean,
  isOptedOut: boolean,
  aliasOf: number | null,
];

/** All accounts, in order of id. */
export function readPreviewAccounts(trx: Db): Promise<PreviewAccount[]> {
  const names = ['github_id', 'login', 'is_bot', 'is_opted_out', 'alias_of'];
  return readJsonRows<PreviewAccount>(
    trx,
    names.map((name) => sql.ref(name)),
    sql`FROM (SELECT * FROM github_users ORDER BY github_id) AS u`,
  );
}

export interface PreviewRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** It is not configured: it has no board. */
  readonly isArchived: boolean;
}

/** All repositories, by name. */
export function readPreviewRepositories(trx: Db): Promise<PreviewRepository[]> {
  return trx
    .selectFrom('repositories')
    .select(['id', 'owner', 'name', sql<boolean>`status = 'ARCHIVED'`.as('isArchived')])
    .orderBy(sql`owner COLLATE "C"`)
    .orderBy(sql`name COLLATE "C"`)
    .execute();
}
