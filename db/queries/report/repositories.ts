import { sql } from 'kysely';
import { CONTRIBUTION_KINDS, countColumn } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';

/** A tracked repository with what its board of all time sums to. */
export interface TrackedRepositoryRow {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly github_id: number | null;
  readonly status: 'PENDING' | 'ACTIVE' | 'FAILED';
  readonly failure_reason: string | null;
  readonly default_branch: string | null;
  readonly description: string | null;
  readonly stars: number | null;
  readonly forks: number | null;
  readonly language: string | null;
  readonly topics: string[] | null;
  readonly license: string | null;
  readonly is_archived_on_github: boolean;
  readonly last_scraped_at: Date | null;
  readonly data_until: Date | null;
  readonly contributors: number;
  readonly totals: Record<string, number>;
}

const totals = sql.join(
  CONTRIBUTION_KINDS.map((kind) => {
    const column = sql.ref(`b.${countColumn(kind)}`);
    return sql`${sql.lit(kind)}, coalesce(sum(${column}), 0)`;
  }),
);

/** All repositories that are tracked now, by name. */
export async function readTrackedRepositories(db: Db): Promise<TrackedRepositoryRow[]> {
  const { rows } = await sql<TrackedRepositoryRow>`
    SELECT r.id, r.owner, r.name, r.github_id, r.status, r.failure_reason,
      coalesce(r.configured_default_branch, r.default_branch) AS default_branch, r.description,
      r.stars, r.forks, r.language, r.topics, r.license, r.is_archived_on_github,
      r.last_scraped_at, r.data_until, sums.contributors, sums.totals
    FROM repositories r
    CROSS JOIN LATERAL (
      SELECT count(*) AS contributors, jsonb_build_object(${totals}) AS totals
      FROM repository_leaderboards b WHERE b.repository_id = r.id AND b.period = 'all'
    ) AS sums
    WHERE r.status <> 'ARCHIVED'
    ORDER BY lower(r.owner) COLLATE "C", lower(r.name) COLLATE "C"
  `.execute(db);
  return rows;
}

/** What was read of tracked repositories, newest first. */
export async function readWindows(db: Db) {
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
export type WindowsById = ReadonlyMap<number, readonly WindowRow[]>;
