import { sql } from 'kysely';
import type { KnownPerson, Profile } from '../../pipeline/domain/people.ts';
import type { Db } from '../client.ts';

/** Accounts that may be looked up: people and organisations; no bots, nobody who opted out. */
export const mayBeLookedUp = sql`u.github_id > 0 AND NOT u.is_bot AND NOT u.is_opted_out
  AND u.type IS DISTINCT FROM 'Bot' AND u.type IS DISTINCT FROM 'Mannequin'`;

/**
 * Contributors whose profile was never fetched, and then those whose profile is older than a moment:
 * of these, the oldest `share` of all profiles and at least `fewest`, so that the profiles of one
 * night do not all fall due on one night.
 */
export async function readPeopleWithoutProfile(
  db: Db,
  staleBefore: Date,
  limit: number,
  due: { readonly share: number; readonly fewest: number },
): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    WITH missing AS (
      SELECT u.github_id AS id, u.login, u.profile_fetched_at FROM github_users u
      WHERE ${mayBeLookedUp}
        AND (u.profile_fetched_at IS NULL OR u.profile_fetched_at < ${staleBefore})
        AND EXISTS (SELECT FROM contribution_events c WHERE c.user_id = u.github_id)
    ), due AS (
      SELECT * FROM missing WHERE profile_fetched_at IS NOT NULL
      ORDER BY profile_fetched_at, id
      LIMIT GREATEST(${due.fewest}::integer, (SELECT ceil(count(*) * ${due.share}::numeric)
        FROM github_users WHERE profile_fetched_at IS NOT NULL))
    )
    SELECT id, login FROM (
      SELECT * FROM missing WHERE profile_fetched_at IS NULL UNION ALL SELECT * FROM due
    ) AS people
    ORDER BY profile_fetched_at NULLS FIRST, id
    LIMIT ${limit}
  `.execute(db);
  return rows;
}

/**
 * Of the first `top` on the global board (null: all), those whose social accounts are older than a
 * moment.
 */
export async function readPeopleToEnrich(
  db: Db,
  staleBefore: Date,
  top: number | null,
): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    SELECT u.github_id AS id, u.login
    FROM (
      SELECT user_id, rank FROM global_leaderboard WHERE period = 'all' AND total_score > 0
      ORDER BY rank, user_id LIMIT ${top}
    ) AS first
    JOIN github_users u ON u.github_id = first.user_id
    LEFT JOIN contributor_enrichments e ON e.github_id = u.github_id
    WHERE ${mayBeLookedUp} AND (e.fetched_at IS NULL OR e.fetched_at < ${staleBefore})
    ORDER BY first.rank, u.github_id
  `.execute(db);
  return rows;
}

/**
 * Deletes the profiles of people who opted out. Their logins stay: opt-outs are matched by them.
 */
export async function erasePersonalData(trx: Db): Promise<void> {
  await sql`
    DELETE FROM contributor_enrichments USING github_users u
    WHERE u.github_id = contributor_enrichments.github_id AND u.is_opted_out
  `.execute(trx);
  const unknown = {
    display_name: null,
    avatar_url: null,
    company: null,
    location: null,
    email: null,
  };
  await trx
    .updateTable('github_users')
    .set({ ...unknown, profile_fetched_at: null })
    .where('is_opted_out', '=', true)
    .where('profile_fetched_at', 'is not', null)
    .execute();
}

/** Stores a profile. Null is an account that is gone: only the look-up is stored. */
export async function updateProfile(
  trx: Db,
  id: number,
  profile: Profile | null,
  fetchedAt: Date,
): Promise<void> {
  await trx
    .updateTable('github_users')
    .set({
      profile_fetched_at: fetchedAt,
      ...(profile && {
        type: profile.type,
        display_name: profile.displayName,
        avatar_url: profile.avatarUrl,
        company: profile.company,
        location: profile.location,
        email: profile.email,
      }),
    })
    .where('github_id', '=', id)
    .execute();
}

export interface Enrichment {
  readonly id: number;
  readonly status: 'FOUND' | 'NOTHING' | 'FAILED';
  readonly twitter: string | null;
  readonly website: string | null;
  readonly email: string | null;
  readonly linkedin: string | null;
  readonly accounts: readonly { readonly provider: string; readonly url: string }[];
  readonly errorMessage: string | null;
}

export async function upsertEnrichment(
  trx: Db,
  { id, accounts, errorMessage, ...found }: Enrichment,
  fetchedAt: Date,
): Promise<void> {
  const row = {
    ...found,
    github_id: id,
    source: 'github',
    accounts: JSON.stringify(accounts),
    error_message: errorMessage,
    fetched_at: fetchedAt,
  };
  await trx
    .insertInto('contributor_enrichments')
    .values(row)
    .onConflict((conflict) => conflict.column('github_id').doUpdateSet(row))
    .execute();
}

/** The accounts of people that have no name: nobody who opted out, and no bot. */
export async function readUnnamed(db: Db): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    SELECT u.github_id AS id, u.login FROM github_users u
    WHERE ${mayBeLookedUp} AND u.display_name IS NULL ORDER BY u.github_id`.execute(db);
  return rows;
}

/** Stores names of accounts, of which nothing else is known. */
export async function storeNames(
  trx: Db,
  names: readonly { readonly id: number; readonly name: string }[],
): Promise<void> {
  await sql`
    UPDATE github_users SET display_name = n.name
    FROM unnest(${names.map(({ id }) => id)}::bigint[], ${names.map(({ name }) => name)}::text[])
      AS n (id, name)
    WHERE github_id = n.id`.execute(trx);
}
