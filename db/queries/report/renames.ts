import { sql } from 'kysely';
import type { Db } from '../../client.ts';

/**
 * Former logins that match a pattern, of people with a rank of all time whose present login matches
 * it, too. Of several holders of a login, the last one counts; left out is a login that is somebody's
 * present one, or that anybody who is on no board has held.
 */
export async function readRenames(db: Db, pattern: RegExp) {
  const { rows } = await sql<{ former_login: string; username: string }>`
    WITH held AS (
      SELECT DISTINCT ON (lower(l.login COLLATE "C")) lower(l.login COLLATE "C") AS slug,
        l.login, l.github_id
      FROM github_user_logins l
      ORDER BY slug, l.last_seen_at DESC, l.github_id DESC, l.login COLLATE "C"
    )
    SELECT held.login AS former_login, u.login AS username
    FROM held
    JOIN github_users u USING (github_id)
    JOIN global_leaderboard b ON b.user_id = u.github_id AND b.period = 'all' AND b.total_score > 0
    WHERE held.login ~ ${pattern.source} AND u.login ~ ${pattern.source}
      AND NOT EXISTS (
        SELECT FROM github_users now WHERE lower(now.login COLLATE "C") = held.slug)
      AND NOT EXISTS (
        SELECT FROM github_user_logins l JOIN github_users other USING (github_id)
        WHERE lower(l.login COLLATE "C") = held.slug
          AND (other.is_bot OR other.is_opted_out OR other.alias_of IS NOT NULL))
    ORDER BY held.slug`.execute(db);
  return rows;
}
