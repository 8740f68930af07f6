import { sql } from 'kysely';
import type { Db } from '../client.ts';
import { changedPeople } from './contribution-changes.ts';
import { eligibleContributions } from './eligible-contributions.ts';
import { GLOBAL_BOARD } from './leaderboards.ts';

/**
 * Counts the contributions of each person by week (from Monday, UTC): by kind, and in each
 * repository. Of everybody, or of whoever changed since the last calculation. Run it in the
 * transaction of the calculation.
 */
export async function updateContributorWeeks(trx: Db, now: Date, isAll: boolean): Promise<void> {
  const isConcerned = isAll ? sql`true` : sql`b.user_id IN (SELECT user_id FROM concerned)`;
  const contributions = isAll
    ? eligibleContributions(now)
    : sql`(SELECT c.* FROM (SELECT DISTINCT user_id FROM accounts) AS a CROSS JOIN LATERAL (
        SELECT * FROM ${eligibleContributions(now, sql`c.user_id = a.user_id`)} AS one OFFSET 0
      ) AS c WHERE c.user_id IN (SELECT user_id FROM concerned))`;
  await sql`
    WITH ${changedPeople}, ${concerned},
      counts AS (
        SELECT c.user_id, c.repository_id, c.kind, count(*) AS n,
          date_trunc('week', c.occurred_at AT TIME ZONE 'UTC')::date AS week
        FROM ${contributions} AS c GROUP BY 1, 2, 3, week
      ),
      ${weeksByKind}, ${weeksByBoard},
      removed AS (
        DELETE FROM contributor_weeks b
        WHERE ${isConcerned} AND NOT EXISTS (SELECT FROM by_person s WHERE s.user_id = b.user_id)
      ),
      removed_of_boards AS (
        DELETE FROM board_weeks b WHERE ${isConcerned} AND NOT EXISTS (
          SELECT FROM by_board s WHERE s.user_id = b.user_id AND s.repository_id = b.repository_id)
      ),
      written AS (
        INSERT INTO board_weeks (repository_id, user_id, weeks)
        SELECT repository_id, user_id, weeks FROM by_board
        ON CONFLICT (repository_id, user_id) DO UPDATE SET weeks = excluded.weeks
      )
    INSERT INTO contributor_weeks (user_id, weeks) SELECT user_id, weeks FROM by_person
    ON CONFLICT (user_id) DO UPDATE SET weeks = excluded.weeks`.execute(trx);
}

const weeksByKind = sql`
  by_week AS (
    SELECT user_id, week, json_object_agg(kind, n ORDER BY kind COLLATE "C") AS counts
    FROM (SELECT user_id, week, kind, sum(n) AS n FROM counts GROUP BY 1, 2, 3) AS by_kind
    GROUP BY user_id, week
  ),
  by_person AS (
    SELECT user_id,
      json_agg(json_build_object('week', week, 'counts', counts) ORDER BY week) AS weeks
    FROM by_week GROUP BY user_id
  )`;

/** Weeks are numbered from that of 5 January 1970, a Monday. */
const weeksByBoard = sql`
  by_board AS (
    SELECT repository_id, user_id,
      json_agg(json_build_array((week - DATE '1970-01-05') / 7, n) ORDER BY week) AS weeks
    FROM (
      SELECT coalesce(repository_id, ${sql.lit(GLOBAL_BOARD)}) AS repository_id, user_id, week,
        sum(n) AS n
      FROM counts GROUP BY GROUPING SETS ((repository_id, user_id, week), (user_id, week))
    ) AS totals
    GROUP BY 1, 2
  )`;

/** People and accounts whatever the repository, with everybody of repositories that changed. */
const concerned = sql`
  everybody AS (
    SELECT DISTINCT c.user_id FROM notes n JOIN contribution_events c
      ON c.repository_id = n.repository_id WHERE n.user_id IS NULL AND c.user_id IS NOT NULL
  ),
  concerned AS (
    SELECT user_id FROM changed_people
    UNION SELECT coalesce(u.alias_of, u.github_id) FROM everybody JOIN github_users u
      ON u.github_id = user_id
    UNION SELECT user_id FROM everybody
  ),
  accounts AS (
    SELECT user_id FROM concerned
    UNION SELECT u.github_id FROM github_users u JOIN concerned p ON p.user_id = u.alias_of
  )`;
