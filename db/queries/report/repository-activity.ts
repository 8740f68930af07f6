import { sql } from 'kysely';
import type { ContributionKind } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { readJsonRows } from '../../json-rows.ts';
import { allCounts } from '../counts.ts';
import { eligibleContributions } from '../eligible-contributions.ts';
import { scores } from '../score.ts';
import { boardOrder, isRanked } from './boards.ts';

/** What happened in each repository, of all repositories at once; excluded people are in none of it. */

const moment = (date: Date) => sql`${date.toISOString()}::timestamptz`;

/** Contributions: repository, week from `from` on (counted from 0), kind, and how many. */
export function readKindWeeks(db: Db, from: Date, now: Date) {
  const recent = eligibleContributions(now, sql`c.occurred_at >= ${moment(from)}`);
  return readJsonRows<[number, number, ContributionKind, number]>(
    db,
    [sql`w.repository_id`, sql`w.week`, sql`w.kind`, sql`w.n`],
    sql`FROM (
      SELECT c.repository_id, c.kind, count(*) AS n,
        floor(date_part('epoch', c.occurred_at - ${moment(from)}) / 604800) AS week
      FROM ${recent} AS c GROUP BY c.repository_id, c.kind, week) AS w`,
  );
}

/** People: repository, month (`YYYY-MM`, UTC), how many were active, and how many for the first time. */
export function readPeopleMonths(db: Db, now: Date) {
  return readJsonRows<[number, string, number, number]>(
    db,
    [sql`m.repository_id`, sql`m.month`, sql`m.people`, sql`m.newcomers`],
    sql`FROM (
      SELECT a.repository_id, a.month, count(*) AS people,
        count(*) FILTER (WHERE a.month = a.first) AS newcomers
      FROM (
        SELECT d.*, min(d.month) OVER (PARTITION BY d.repository_id, d.user_id) AS first
        FROM (
          SELECT DISTINCT c.repository_id, c.user_id,
            to_char(c.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
          FROM ${eligibleContributions(now)} AS c) AS d) AS a
      GROUP BY a.repository_id, a.month) AS m`,
  );
}

/** The scores of all time of each repository's board, highest first. */
export function readScores(db: Db) {
  return readJsonRows<[number, number[]]>(
    db,
    [sql`s.repository_id`, sql`s.scores`],
    sql`FROM (
      SELECT b.repository_id, json_agg(b.total_score ORDER BY b.total_score DESC) AS scores
      FROM repository_leaderboards b WHERE b.period = 'all' AND ${isRanked}
      GROUP BY b.repository_id) AS s`,
  );
}

/** The same at a moment of the past, by present weights. @param version of these */
export function readPastScores(db: Db, version: string, past: Date) {
  const periods = [{ period: 'all', from: null }] as const;
  const inputs = { version, now: past, periods, today: '' };
  return readJsonRows<[number, number[]]>(
    db,
    [sql`s.repository_id`, sql`s.scores`],
    sql`FROM (
      WITH ${allCounts(inputs).counts}, scores AS (${scores(version)})
      SELECT repository_id, json_agg(total_score ORDER BY total_score DESC) AS scores
      FROM scores WHERE total_score > 0 GROUP BY repository_id) AS s`,
  );
}

/** The first people of each repository's board of a year, in its order: repository, id and login. */
export function readFirstOfYear(db: Db, most: number) {
  return readJsonRows<[number, number, string]>(
    db,
    [sql`f.repository_id`, sql`f.user_id`, sql`f.login`],
    sql`FROM (
      SELECT b.repository_id, b.user_id, u.login,
        row_number() OVER (PARTITION BY b.repository_id ORDER BY ${boardOrder}) AS place
      FROM repository_leaderboards b JOIN github_users u ON u.github_id = b.user_id
      WHERE b.period = 'year' AND ${isRanked}
      ORDER BY b.repository_id, place) AS f
    WHERE f.place <= ${most}`,
  );
}

/** Reviews since a moment by the given people: repository, reviewer, author of the pull request, number. */
export function readReviewPairs(db: Db, people: readonly number[], since: Date, now: Date) {
  const reviews = eligibleContributions(
    now,
    sql`c.kind = 'PR_REVIEWED' AND c.occurred_at >= ${moment(since)}`,
  );
  return readJsonRows<[number, number, number, number]>(
    db,
    [sql`p.repository_id`, sql`p.reviewer`, sql`p.author`, sql`p.n`],
    sql`FROM (
      SELECT c.repository_id, c.user_id AS reviewer, coalesce(a.alias_of, a.github_id) AS author,
        count(*) AS n
      FROM ${reviews} AS c
      JOIN LATERAL (
        SELECT pull.user_id FROM contribution_events pull
        WHERE pull.repository_id = c.repository_id AND pull.user_id IS NOT NULL AND pull.event_id IN
          ('pr:' || c.subject_number || ':opened', 'pr:' || c.subject_number || ':merged')
        LIMIT 1) AS opened ON true
      JOIN github_users a ON a.github_id = opened.user_id
      WHERE c.user_id = ANY(${people}::bigint[])
      GROUP BY c.repository_id, reviewer, author) AS p`,
  );
}

/** Repository, the median in seconds, and the number of pull requests it is of. */
type Median = [number, number, number];

/**
 * How long pull requests waited for the first review by somebody else: those that got it since a
 * moment, and whose opening is known.
 */
export function readReviewWaits(db: Db, since: Date, now: Date) {
  const reviews = eligibleContributions(now, sql`c.kind = 'PR_REVIEWED'`);
  return readMedians(
    db,
    sql`(SELECT repository_id, subject_number, min(occurred_at) AS at FROM ${reviews} AS c
      GROUP BY repository_id, subject_number HAVING min(occurred_at) >= ${moment(since)})`,
    now,
  );
}

/** How long the pull requests that were merged since a moment were open, as far as it is known. */
export function readMergeWaits(db: Db, since: Date, now: Date) {
  const merges = eligibleContributions(
    now,
    sql`c.kind = 'PR_MERGED' AND c.occurred_at >= ${moment(since)}`,
  );
  return readMedians(
    db,
    sql`(SELECT repository_id, subject_number, occurred_at AS at FROM ${merges} AS c)`,
    now,
  );
}

function readMedians(db: Db, ends: ReturnType<typeof sql>, now: Date): Promise<Median[]> {
  const opened = eligibleContributions(now, sql`c.kind = 'PR_OPENED'`);
  return readJsonRows<Median>(
    db,
    [sql`m.repository_id`, sql`m.median`, sql`m.n`],
    sql`FROM (
      SELECT e.repository_id, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (
        ORDER BY date_part('epoch', e.at - o.occurred_at)) AS median
      FROM ${ends} AS e JOIN ${opened} AS o ON o.repository_id = e.repository_id
        AND o.event_id = 'pr:' || e.subject_number || ':opened' AND o.occurred_at <= e.at
      GROUP BY e.repository_id) AS m`,
  );
}
