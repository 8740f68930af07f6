import { sql } from 'kysely';
import type { AccountType } from '../../pipeline/domain/contribution.ts';
import type { Db } from '../client.ts';

/** An account with the flags it has now. */
export interface FlaggedUser {
  readonly id: number;
  readonly login: string;
  readonly type: AccountType | null;
  readonly isBot: boolean;
  readonly isOptedOut: boolean;
  readonly aliasOf: number | null;
}

/** Rows held at once: a few megabytes. */
const BATCH = 20_000;

/** All accounts in order of id, in batches. */
export async function* readFlaggedUsers(db: Db): AsyncGenerator<FlaggedUser[]> {
  let after: number | null = null;
  for (;;) {
    const users = await readUsersAfter(db, after);
    if (users.length > 0) yield users;
    if (users.length < BATCH) return;
    after = users.at(-1)?.id ?? null;
  }
}

async function readUsersAfter(db: Db, after: number | null): Promise<FlaggedUser[]> {
  return db
    .selectFrom('github_users')
    .select(['github_id as id', 'login', 'type', 'is_bot as isBot'])
    .select(['is_opted_out as isOptedOut', 'alias_of as aliasOf'])
    .$if(after !== null, (query) => query.where('github_id', '>', after))
    .orderBy('github_id')
    .limit(BATCH)
    .execute();
}

/** Accounts that were ever seen under one of the logins (in lower case). */
export async function readHoldersOfLogins(db: Db, logins: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ github_id: number }>`
    SELECT DISTINCT github_id FROM github_user_logins WHERE lower(login) = ANY(${logins}::text[])
  `.execute(db);
  return rows.map((row) => row.github_id);
}

/** Those of the ids that have a row. */
export async function readKnownUserIds(db: Db, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ github_id: number }>`
    SELECT github_id FROM github_users WHERE github_id = ANY(${ids}::bigint[])
  `.execute(db);
  return rows.map((row) => row.github_id);
}

/** Writes the flags of the given accounts. */
export async function updateFlags(db: Db, users: readonly FlaggedUser[]): Promise<void> {
  await sql`
    UPDATE github_users u
    SET is_bot = changed.is_bot, is_opted_out = changed.is_opted_out, alias_of = changed.alias_of
    FROM unnest(
      ${users.map((user) => user.id)}::bigint[],
      ${users.map((user) => user.isBot)}::boolean[],
      ${users.map((user) => user.isOptedOut)}::boolean[],
      ${users.map((user) => user.aliasOf)}::bigint[]
    ) AS changed (github_id, is_bot, is_opted_out, alias_of)
    WHERE u.github_id = changed.github_id
  `.execute(db);
}
