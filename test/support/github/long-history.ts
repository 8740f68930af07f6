import { sql } from 'kysely';
import type { Db } from '../../../db/client.ts';

/**
 * Adds contributions of the two years before a moment to the tracked repositories, by SQL: as many
 * in each, and by the same few people however many they are. Numbers have no gap.
 */
export async function addHistory(db: Db, rows: number, people: number, before: string) {
  await sql`
    INSERT INTO github_users (github_id, login, type, profile_fetched_at)
    SELECT 1000000 + n, 'person' || n, 'User', ${before}::timestamptz
    FROM generate_series(0, ${people}::integer - 1) AS n`.execute(db);
  await sql`
    INSERT INTO contributor_enrichments (github_id, status, source, accounts, fetched_at)
    SELECT github_id, 'NOTHING', 'github', '[]', ${before}::timestamptz FROM github_users
    ON CONFLICT DO NOTHING`.execute(db);
  // Of ten: an opening, a review, a merge or a release, a comment, and six commits.
  await sql`
    INSERT INTO contribution_events (repository_id, event_id, kind, user_id, occurred_at,
      subject_number, lines_added, lines_deleted, source)
    SELECT id, CASE kind WHEN 'PR_OPENED' THEN 'pr:' || number || ':opened'
        WHEN 'PR_MERGED' THEN 'pr:' || number || ':merged'
        WHEN 'ISSUE_OPENED' THEN 'issue:' || number || ':opened'
        WHEN 'PR_REVIEWED' THEN 'review:' || id * 10000000 + n
        WHEN 'RELEASE' THEN 'release:' || id * 10000000 + n
        WHEN 'COMMENT' THEN 'comment:' || id * 10000000 + n
        ELSE 'commit:' || md5(id || ' ' || n) END,
      kind,
      1000000 + (place * ${people}::integer / count + n * 31 % (${people}::integer / count)) % ${people}::integer,
      ${before}::timestamptz - (n::double precision * count / ${rows}::double precision)
        * interval '730 days' - interval '1 hour',
      CASE WHEN kind NOT IN ('RELEASE', 'COMMIT') THEN number END,
      CASE WHEN kind IN ('COMMIT', 'PR_MERGED') THEN n % 50 END,
      CASE WHEN kind IN ('COMMIT', 'PR_MERGED') THEN n % 9 END, 'github'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS count
        FROM repositories) AS r
      CROSS JOIN generate_series(0, ${rows}::integer / count - 1) AS n
      CROSS JOIN LATERAL (SELECT n / 10 % 2 = 0 AS is_pull, 4 + n / 10 AS number) AS item
      CROSS JOIN LATERAL (SELECT CASE n % 10
        WHEN 0 THEN CASE WHEN is_pull THEN 'PR_OPENED' ELSE 'ISSUE_OPENED' END
        WHEN 1 THEN CASE WHEN is_pull THEN 'PR_REVIEWED' ELSE 'COMMENT' END
        WHEN 2 THEN CASE WHEN is_pull THEN 'PR_MERGED' ELSE 'RELEASE' END
        WHEN 3 THEN 'COMMENT' ELSE 'COMMIT' END AS kind) AS sort`.execute(db);
  await sql`ANALYZE`.execute(db);
}
