import { sql } from 'kysely';
import {
  CONTRIBUTION_KINDS,
  type ContributionKind,
  countColumn,
} from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { isRanked } from './boards.ts';

/** `owner/name` of a repository `r`. */
export const fullName = sql<string>`r.owner || '/' || r.name`;

/** The order of repositories `r`: by name without regard to case, and by bytes. */
export const nameOrder = sql`lower(r.owner COLLATE "C"), lower(r.name COLLATE "C")`;

const totals = sql.join(
  CONTRIBUTION_KINDS.map((kind) => {
    const column = sql.ref(`b.${countColumn(kind)}`);
    return sql`${sql.lit(kind)}, coalesce(sum(${column}), 0)`;
  }),
);

/** The status of a repository `r`; while a worker reads it, that. */
const status = sql<'PENDING' | 'ACTIVE' | 'FAILED' | 'SCRAPING'>`CASE WHEN EXISTS (
  SELECT FROM scrape_jobs WHERE status = 'RUNNING' AND lease_until > now()
    AND r.id = ANY(repository_ids)) THEN 'SCRAPING' ELSE r.status END`;

/** All repositories that are tracked now, by name, with the sums of their boards of all time. */
export function readPublishedRepositories(db: Db) {
  return db
    .selectFrom('repositories as r')
    .innerJoinLateral(
      (expression) =>
        expression
          .selectFrom('repository_leaderboards as b')
          .select(({ fn }) => [
            fn.countAll<number>().filterWhere(isRanked).as('contributors'),
            sql<Record<ContributionKind, number>>`jsonb_build_object(${totals})`.as('totals'),
          ])
          .whereRef('b.repository_id', '=', 'r.id')
          .where('b.period', '=', 'all')
          .as('sums'),
      (join) => join.onTrue(),
    )
    .select(['r.id', 'r.owner', 'r.name', 'r.github_id', status.as('status'), 'r.failure_reason'])
    .select(({ fn }) =>
      fn.coalesce('r.configured_default_branch', 'r.default_branch').as('default_branch'),
    )
    .select(['r.description', 'r.stars', 'r.forks', 'r.language', 'r.topics', 'r.license'])
    .select(['r.is_archived_on_github as archived', 'r.last_scraped_at', 'r.data_until'])
    .select(['sums.contributors', 'sums.totals'])
    .where('r.status', '!=', 'ARCHIVED')
    .orderBy(nameOrder)
    .execute();
}

export type PublishedRepository = Awaited<ReturnType<typeof readPublishedRepositories>>[number];

/** What was read of tracked repositories, newest first. */
export function readWindows(db: Db) {
  return db
    .selectFrom('scrape_windows as w')
    .innerJoin('repositories as r', 'r.id', 'w.repository_id')
    .where('r.status', '!=', 'ARCHIVED')
    .select(['w.repository_id', 'w.source', 'w.window_from', 'w.window_to', 'w.completeness'])
    .select('w.gaps')
    .orderBy('w.window_to', 'desc')
    .orderBy('w.window_from', 'desc')
    .orderBy('w.source')
    .execute();
}

export type WindowRow = Awaited<ReturnType<typeof readWindows>>[number];

/**
 * Requests to GitHub's API about each tracked repository, on the newest `days` days that had
 * any; newest first.
 */
export function readUsageDays(db: Db, days: number) {
  const place = sql<number>`
    row_number() OVER (PARTITION BY u.repository_id ORDER BY u.used_on DESC)`;
  const placed = db
    .selectFrom('github_usage as u')
    .innerJoin('repositories as r', 'r.id', 'u.repository_id')
    .where('r.status', '!=', 'ARCHIVED')
    .select(['u.repository_id', 'u.used_on as date', 'u.points', 'u.requests', place.as('place')]);
  return db
    .selectFrom(placed.as('days'))
    .select(['repository_id', 'date', 'points', 'requests'])
    .where('place', '<=', days)
    .orderBy('repository_id')
    .orderBy('date', 'desc')
    .execute();
}

export type UsageDay = Awaited<ReturnType<typeof readUsageDays>>[number];
