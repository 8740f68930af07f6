import { sql } from 'kysely';
import type { PictureType } from '../../pipeline/domain/picture.ts';
import type { Db } from '../client.ts';
import { readByCursor } from '../transactions.ts';
import { mayBeLookedUp } from './profiles.ts';

/** A person whose picture is due. */
export interface PersonToPicture {
  readonly id: number;
  /** Of the picture that is stored; null: none is, or it came without. */
  readonly etag: string | null;
}

export interface DuePictures {
  /** Those looked for before it are due, if the last look brought one, */
  readonly staleBefore: Date;
  /** and if it did not. */
  readonly failedBefore: Date;
  /** Most people who have a page, and places on the first pages of a board. */
  readonly pages: number;
  readonly firstPlaces: number;
  readonly limit: number;
}

/**
 * People who may have a page or stand on the first pages of a board, and whose picture is due: in
 * the order in which pages are given, the best first.
 */
export async function readPeopleToPicture(
  db: Db,
  { staleBefore, failedBefore, pages, firstPlaces, limit }: DuePictures,
): Promise<PersonToPicture[]> {
  const { rows } = await sql<PersonToPicture>`
    WITH active AS (
      SELECT user_id FROM global_leaderboard WHERE period = 'quarter' AND total_score > 0
    ), first AS (
      SELECT user_id FROM global_leaderboard WHERE total_score > 0 AND rank <= ${firstPlaces}
      UNION
      SELECT user_id FROM repository_leaderboards WHERE total_score > 0 AND rank <= ${firstPlaces}
    ), placed AS (
      SELECT user_id, row_number() OVER (ORDER BY
        CASE WHEN rank <= ${firstPlaces} THEN 0 WHEN user_id IN (SELECT user_id FROM active) THEN 1
          ELSE 2 END, rank, user_id) AS place
      FROM global_leaderboard WHERE period = 'all' AND total_score > 0
    )
    SELECT u.github_id AS id, CASE WHEN a.bytes IS NOT NULL THEN a.etag END AS etag
    FROM placed p
    JOIN github_users u ON u.github_id = p.user_id
    LEFT JOIN avatars a ON a.user_id = u.github_id
    WHERE ${mayBeLookedUp}
      AND (p.place <= ${pages} OR p.user_id IN (SELECT user_id FROM first))
      AND (a.looked_at IS NULL
        OR a.looked_at < CASE WHEN a.failure IS NULL THEN ${staleBefore}::timestamptz
          ELSE ${failedBefore}::timestamptz END)
    ORDER BY p.place LIMIT ${limit}
  `.execute(db);
  return rows;
}

export interface FoundPicture {
  readonly type: PictureType;
  readonly bytes: Buffer;
  readonly etag: string | null;
}

/** Stores what a look brought: a picture, or none, as the account is gone. */
export async function storeAvatar(
  db: Db,
  user_id: number,
  picture: FoundPicture | null,
  { lookedAt: looked_at, failure }: { readonly lookedAt: Date; readonly failure: string | null },
): Promise<void> {
  const { type = null, bytes = null, etag = null } = picture ?? {};
  const found = { type, bytes, etag, looked_at, failure };
  await db
    .insertInto('avatars')
    .values({ user_id, ...found })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(found))
    .execute();
}

/** Notes a look that changed nothing, or why it failed; a picture of before stays. */
export async function noteAvatarLook(
  db: Db,
  user_id: number,
  { lookedAt: looked_at, failure }: { readonly lookedAt: Date; readonly failure: string | null },
): Promise<void> {
  await db
    .insertInto('avatars')
    .values({ user_id, type: null, bytes: null, etag: null, looked_at, failure })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ looked_at, failure }))
    .execute();
}

export interface StoredAvatar {
  readonly id: number;
  readonly type: PictureType;
  readonly size: number;
}

const shown = sql`FROM avatars a JOIN github_users u ON u.github_id = a.user_id
  WHERE a.bytes IS NOT NULL AND u.alias_of IS NULL AND ${mayBeLookedUp}`;

/** The pictures that may be shown, without their bytes. */
export async function readAvatarSizes(db: Db): Promise<StoredAvatar[]> {
  const { rows } = await sql<StoredAvatar>`
    SELECT a.user_id AS id, a.type, octet_length(a.bytes) AS size ${shown} ORDER BY a.user_id
  `.execute(db);
  return rows;
}

/** The bytes of the pictures that may be shown, one after the other. `db` is a transaction. */
export function readAvatars(
  db: Db,
): AsyncIterable<{ readonly id: number; readonly type: PictureType; readonly bytes: Buffer }> {
  return readByCursor(db, sql`SELECT a.user_id AS id, a.type, a.bytes ${shown} ORDER BY a.user_id`);
}

/** Deletes pictures of people who opted out, of bots, and of accounts that count for another one. */
export async function eraseAvatars(trx: Db): Promise<void> {
  await sql`DELETE FROM avatars a USING github_users u
    WHERE u.github_id = a.user_id AND (u.alias_of IS NOT NULL OR NOT (${mayBeLookedUp}))`.execute(
    trx,
  );
}

/** Deletes pictures that nobody looked for since a moment; null: all. Returns how many. */
export async function deleteAvatars(trx: Db, before: Date | null): Promise<number> {
  const result = await sql`
    DELETE FROM avatars WHERE ${before}::timestamptz IS NULL OR looked_at < ${before}::timestamptz
  `.execute(trx);
  return Number(result.numAffectedRows);
}
