import { type RawBuilder, sql } from 'kysely';
import type { Account, AccountObservation } from '../../pipeline/domain/contribution.ts';
import { asciiLower } from '../../pipeline/domain/names.ts';
import type { Flags } from '../../pipeline/domain/people.ts';
import type { Db } from '../client.ts';
import { readJsonRows } from '../json-rows.ts';
import { takeLock } from '../transactions.ts';

/**
 * Stores which accounts were seen under which logins, inside a transaction, and returns how many
 * known accounts got another login.
 *
 * Identity is the numeric id. The login of an account is the one it was last seen under, unless
 * another account was seen under that login later: then it is `{login}_old_{id}`.
 * The whole history decides that, so the order of reading makes no difference.
 */
export async function recordAccounts(
  trx: Db,
  observations: readonly AccountObservation[],
): Promise<number> {
  if (observations.length === 0) return 0;
  await takeLock(trx, 'logins');
  const ids = [...new Set(observations.map((seen) => seen.id))];
  const logins = [...new Set(observations.map((seen) => asciiLower(seen.login)))];
  await assignIds(trx, observations);
  await insertMissing(trx, observations);
  await extendHistory(trx, observations);
  return await resolveLogins(trx, ids, logins);
}

/** A login that was stored without an id (under a negative one) gets its id. */
async function assignIds(trx: Db, observations: readonly AccountObservation[]): Promise<void> {
  await sql`
    UPDATE github_users AS known SET github_id = seen.id
    FROM unnest(${observations.map((s) => s.id)}::bigint[], ${observations.map((s) => s.login)}::text[])
      AS seen (id, login)
    WHERE known.github_id < 0 AND lower(known.login COLLATE "C") = lower(seen.login COLLATE "C")
      AND NOT EXISTS (SELECT FROM github_users AS other WHERE other.github_id = seen.id)
  `.execute(trx);
}

/** No login of GitHub has a control character, so this name is nobody's login. */
const placeholder = (id: RawBuilder<unknown>) => sql`chr(1) || ${id}`;

/** Inserts new accounts under a placeholder; `resolveLogins` gives them their login. */
async function insertMissing(trx: Db, observations: readonly AccountObservation[]): Promise<void> {
  await sql`
    INSERT INTO github_users (github_id, login, type)
    SELECT seen.id, ${placeholder(sql.ref('seen.id'))}, max(seen.type)
    FROM unnest(${observations.map((s) => s.id)}::bigint[], ${observations.map((s) => s.type)}::text[])
      AS seen (id, type)
    GROUP BY seen.id
    ORDER BY seen.id
    ON CONFLICT (github_id) DO UPDATE SET type = excluded.type
      WHERE github_users.type IS NULL AND excluded.type IS NOT NULL
  `.execute(trx);
}

async function extendHistory(trx: Db, observations: readonly AccountObservation[]): Promise<void> {
  await sql`
    INSERT INTO github_user_logins AS known (github_id, login, first_seen_at, last_seen_at)
    SELECT seen.id, seen.login, min(seen.first_seen_at), max(seen.last_seen_at)
    FROM unnest(
      ${observations.map((s) => s.id)}::bigint[],
      ${observations.map((s) => s.login)}::text[],
      ${observations.map((s) => s.firstSeenAt.toISOString())}::timestamptz[],
      ${observations.map((s) => s.lastSeenAt.toISOString())}::timestamptz[]
    ) AS seen (id, login, first_seen_at, last_seen_at)
    GROUP BY seen.id, seen.login
    ORDER BY seen.id, seen.login
    ON CONFLICT (github_id, login) DO UPDATE SET
      first_seen_at = LEAST(known.first_seen_at, excluded.first_seen_at),
      last_seen_at = GREATEST(known.last_seen_at, excluded.last_seen_at)
      WHERE excluded.first_seen_at < known.first_seen_at
        OR excluded.last_seen_at > known.last_seen_at
  `.execute(trx);
}

/**
 * Gives each account of the observations, and each that shares a login, the login by its history.
 */
async function resolveLogins(
  trx: Db,
  ids: readonly number[],
  logins: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ github_id: number; login: string; is_new: boolean }>`
    WITH concerned AS (
      SELECT unnest(${ids}::bigint[]) AS github_id
      UNION
      SELECT github_id FROM github_user_logins
      WHERE lower(login COLLATE "C") = ANY(${logins}::text[])
    ), latest AS (
      SELECT DISTINCT ON (github_id) github_id, login, last_seen_at
      FROM github_user_logins JOIN concerned USING (github_id)
      ORDER BY github_id, last_seen_at DESC, login COLLATE "C"
    ), resolved AS (
      SELECT latest.github_id, CASE WHEN EXISTS (
        SELECT FROM github_user_logins AS other
        WHERE lower(other.login COLLATE "C") = lower(latest.login COLLATE "C")
          AND other.github_id <> latest.github_id
          AND (other.last_seen_at, other.github_id) > (latest.last_seen_at, latest.github_id)
      ) THEN latest.login || '_old_' || latest.github_id ELSE latest.login END AS login
      FROM latest
    )
    SELECT github_id, resolved.login, starts_with(known.login, chr(1)) AS is_new
    FROM resolved JOIN github_users AS known USING (github_id)
    WHERE known.login <> resolved.login
  `.execute(trx);
  if (rows.length === 0) return 0;
  // In two steps: two accounts may exchange their logins, and a login is unique at any moment.
  const changed = rows.map((row) => row.github_id);
  await sql`UPDATE github_users SET login = ${placeholder(sql.ref('github_id'))}
    WHERE github_id = ANY(${changed}::bigint[])`.execute(trx);
  await sql`
    UPDATE github_users AS known SET login = resolved.login
    FROM unnest(${changed}::bigint[], ${rows.map((row) => row.login)}::text[])
      AS resolved (github_id, login)
    WHERE known.github_id = resolved.github_id
  `.execute(trx);
  return rows.filter((row) => !row.is_new).length;
}

/** An account with the flags that are stored of it. */
export type FlaggedAccount = Account & Flags;

/** Rows held at once: a few megabytes. */
const BATCH = 20_000;

/** All accounts in order of id, in batches. */
export async function* readFlaggedAccounts(db: Db): AsyncGenerator<FlaggedAccount[]> {
  let after: number | null = null;
  for (;;) {
    const users = await readUsersAfter(db, after);
    if (users.length > 0) yield users;
    if (users.length < BATCH) return;
    after = users.at(-1)?.id ?? null;
  }
}

async function readUsersAfter(db: Db, after: number | null): Promise<FlaggedAccount[]> {
  type Row = [number, string, Account['type'], boolean, boolean, number | null];
  const names = ['github_id', 'login', 'type', 'is_bot', 'is_opted_out', 'alias_of'];
  const rows = await readJsonRows<Row>(
    db,
    names.map((name) => sql.ref(name)),
    sql`FROM (SELECT * FROM github_users WHERE ${after}::bigint IS NULL OR github_id > ${after}
      ORDER BY github_id LIMIT ${sql.lit(BATCH)}) AS u`,
  );
  return rows.map(([id, login, type, ...flags]) => {
    const [isBot, isOptedOut, aliasOf] = flags;
    return { id, login, type, isBot, isOptedOut, aliasOf };
  });
}

/** Accounts that were ever seen under one of the logins (in lower case). */
export async function readHoldersOfLogins(db: Db, logins: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ github_id: number }>`
    SELECT DISTINCT github_id FROM github_user_logins
    WHERE lower(login COLLATE "C") = ANY(${logins}::text[])
  `.execute(db);
  return rows.map((row) => row.github_id);
}

/** The given ids that have a row. */
export async function readKnownUserIds(db: Db, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ github_id: number }>`
    SELECT github_id FROM github_users WHERE github_id = ANY(${ids}::bigint[])
  `.execute(db);
  return rows.map((row) => row.github_id);
}

/** Writes the flags of the given accounts. */
export async function updateFlags(db: Db, users: readonly FlaggedAccount[]): Promise<void> {
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
