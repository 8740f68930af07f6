import { sql } from 'kysely';
import { ID_LEARNED_LATE } from '../../pipeline/domain/gaps.ts';
import { asciiLower, fullName } from '../../pipeline/domain/names.ts';
import type {
  ConfiguredRepository,
  RepositoryDescription,
} from '../../pipeline/domain/repository.ts';
import type { DatedOutside, TrackedRepository } from '../../pipeline/domain/source.ts';
import { LONGEST, toStoredText } from '../../pipeline/domain/stored-value.ts';
import { earlierOf } from '../../pipeline/domain/window.ts';
import { withoutSecrets } from '../../pipeline/util/secrets.ts';
import type { Db } from '../client.ts';
import { takeLock } from '../transactions.ts';
import { saveReplacedBranches } from './branches.ts';
import { slugOf } from './slug.ts';

export interface Reconciled {
  readonly added: number;
  /** Left the configuration: off the boards, history kept. */
  readonly archived: number;
  /** Came back into the configuration. */
  readonly restored: number;
}

/** Makes the tracked repositories those of the configuration. Run it in a transaction. */
export async function reconcileRepositories(
  trx: Db,
  wanted: readonly ConfiguredRepository[],
): Promise<Reconciled> {
  const slugs = wanted.map(({ owner, name }) => asciiLower(`${owner}/${name}`));
  const archived = await sql`
    UPDATE repositories SET status = 'ARCHIVED'
    WHERE status <> 'ARCHIVED' AND ${slugOf('repositories')} <> ALL(${slugs}::text[])
  `.execute(trx);
  const restored = await sql`
    UPDATE repositories SET failure_reason = NULL,
      status = CASE WHEN last_scraped_at IS NULL THEN 'PENDING' ELSE 'ACTIVE' END
    WHERE status = 'ARCHIVED' AND ${slugOf('repositories')} = ANY(${slugs}::text[])
  `.execute(trx);
  const before = await countRepositories(trx);
  await upsertWanted(trx, wanted);
  return {
    added: (await countRepositories(trx)) - before,
    archived: Number(archived.numAffectedRows ?? 0),
    restored: Number(restored.numAffectedRows ?? 0),
  };
}

/**
 * Assigns the ids here and not by the sequence, which does not go back when a transaction fails:
 * the same configuration gives the same ids. No id is assigned twice, even after its row was
 * deleted: old records may still contain it.
 */
async function upsertWanted(trx: Db, wanted: readonly ConfiguredRepository[]): Promise<void> {
  await takeLock(trx, 'repositoryIds');
  await saveReplacedBranches(
    trx,
    wanted.map((one) => ({ slug: asciiLower(fullName(one)), branch: one.defaultBranch })),
  );
  await sql`
    WITH wanted AS (
      SELECT * FROM unnest(
        ${wanted.map((repository) => repository.owner)}::text[],
        ${wanted.map((repository) => repository.name)}::text[],
        ${wanted.map((repository) => repository.neverRescrapeBefore?.toISOString() ?? null)}::timestamptz[],
        ${wanted.map((repository) => repository.defaultBranch)}::text[]
      ) WITH ORDINALITY AS t (owner, name, never_rescrape_before, default_branch, place)
    ), updated AS (
      UPDATE repositories SET never_rescrape_before = wanted.never_rescrape_before,
        configured_default_branch = wanted.default_branch
      FROM wanted
      WHERE lower(repositories.owner COLLATE "C") = lower(wanted.owner COLLATE "C")
        AND lower(repositories.name COLLATE "C") = lower(wanted.name COLLATE "C")
      RETURNING place
    )
    INSERT INTO repositories
      (id, owner, name, status, never_rescrape_before, configured_default_branch)
    SELECT (SELECT GREATEST(max(id), (SELECT last_id FROM repository_counter), 0)
        FROM repositories) + row_number() OVER (ORDER BY place),
      owner, name, 'PENDING', never_rescrape_before, default_branch
    FROM wanted WHERE place NOT IN (SELECT place FROM updated)
    ORDER BY place
  `.execute(trx);
  await saveLastId(trx);
}

/** The counter is a row, so that it is rolled back with a transaction that fails. */
async function saveLastId(trx: Db): Promise<void> {
  await sql`
    INSERT INTO repository_counter AS counter (id, last_id)
    SELECT 1, COALESCE(max(id), 0) FROM repositories
    ON CONFLICT (id) DO UPDATE SET last_id = excluded.last_id
    WHERE counter.last_id < excluded.last_id
  `.execute(trx);
}

async function countRepositories(trx: Db): Promise<number> {
  const { count } = await trx
    .selectFrom('repositories')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Keeps every repository from being deleted until the transaction ends: a merge of two rows would
 * take away one whose board is being written. Other changes of the rows are not held up.
 */
export async function lockRepositories(trx: Db): Promise<void> {
  await sql`SELECT FROM repositories ORDER BY id FOR KEY SHARE`.execute(trx);
}

/** A tracked repository with what planning needs. */
export interface RepositoryToPlan {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly neverRescrapeBefore: Date | null;
  readonly lastScrapedAt: Date | null;
  readonly dataUntil: Date | null;
  /**
   * End of what the source has read without a gap, or the start of what it has to read again; null:
   * it has read nothing.
   */
  readonly lastWindowEnd: Date | null;
  /** A window of the source ends after the run's clock: a wrong clock stored it. */
  readonly hasFutureWindow: boolean;
  /** A job of the source that has not ended, and is no recheck, contains it. */
  readonly isQueued: boolean;
}

/** A window that was read before the id of the repository was known. */
const TO_READ_AGAIN = JSON.stringify([{ reason: ID_LEARNED_LATE }]);

/**
 * The tracked repositories: never scraped first, then the most stale, then the most stars. Those
 * that failed come last, so that no other repository waits for them. What was read counts from
 * `since` to the first gap; a window that ends after `until` was stored by a wrong clock.
 */
export async function readRepositoriesToPlan(
  db: Db,
  source: string,
  since: Date,
  until: Date,
): Promise<RepositoryToPlan[]> {
  const { rows } = await sql<RepositoryToPlan>`
    SELECT id, owner, name, never_rescrape_before AS "neverRescrapeBefore",
      last_scraped_at AS "lastScrapedAt", data_until AS "dataUntil",
      LEAST((SELECT upper(covered) FROM (
          SELECT unnest(range_agg(tstzrange(window_from, window_to))) AS covered
          FROM scrape_windows WHERE repository_id = id AND source = ${source}
            AND window_to > ${since} AND window_to <= ${until} AND completeness > 0
        ) AS windows ORDER BY lower(covered) LIMIT 1),
        (SELECT min(GREATEST(window_from, ${since})) FROM scrape_windows
          WHERE repository_id = id AND source = ${source} AND window_to > ${since}
            AND window_to <= ${until} AND gaps @> ${TO_READ_AGAIN}::jsonb)) AS "lastWindowEnd",
      EXISTS (SELECT FROM scrape_windows WHERE repository_id = id AND source = ${source}
        AND window_to > ${until}) AS "hasFutureWindow",
      EXISTS (SELECT FROM scrape_jobs WHERE source = ${source}
        AND status IN ('QUEUED', 'RUNNING', 'RETRYING') AND job_type <> 'recheck'
        AND repositories.id = ANY(repository_ids)) AS "isQueued"
    FROM repositories
    WHERE status <> 'ARCHIVED'
    ORDER BY status = 'FAILED', last_scraped_at NULLS FIRST, stars DESC NULLS LAST, id
  `.execute(db);
  return rows;
}

export type ActiveRepository = Awaited<ReturnType<typeof readActiveRepositories>>[number];

/** The repositories that could be read when they were last scraped. */
export async function readActiveRepositories(db: Db) {
  return db
    .selectFrom('repositories')
    .select(['id', 'owner', 'name', 'data_until as dataUntil'])
    .where('status', '=', 'ACTIVE')
    .orderBy('id')
    .execute();
}

/** When the archive saw the id of a repository last under its name; null if GitHub stated the id. */
const idSeenAt = sql<Date | null>`(SELECT last_seen_at FROM repository_ids AS seen
  WHERE NOT is_github_id_stated AND seen.repository_id = repositories.id
    AND seen.github_id = repositories.github_id)`;

const firstPushAt = sql<Date | null>`(SELECT first_pushed_at FROM branch_pushes AS pushed
  WHERE pushed.repository_id = repositories.id
    AND pushed.branch = COALESCE(configured_default_branch, default_branch))`;

const formerBranches = sql<{ branch: string; until: string }[]>`(
  SELECT COALESCE(jsonb_agg(jsonb_build_object('branch', branch, 'until', to_jsonb(until))
    ORDER BY branch COLLATE "C"), '[]') FROM former_default_branches AS former
  WHERE former.repository_id = repositories.id)`;

/**
 * The repositories with the given ids, as a source takes them; without those that were archived.
 */
export async function readRepositoriesById(
  db: Db,
  ids: readonly number[],
): Promise<TrackedRepository[]> {
  const rows = await selectTracked(db).where('id', 'in', ids).execute();
  return rows.map(toTracked);
}

/** The repository of a name, as a source takes it; null if none is tracked under it. */
export async function findTrackedRepository(
  db: Db,
  owner: string,
  name: string,
): Promise<TrackedRepository | null> {
  const row = await selectTracked(db)
    .where(slugOf('repositories').$castTo<string>(), '=', asciiLower(`${owner}/${name}`))
    .executeTakeFirst();
  return row ? toTracked(row) : null;
}

const selectTracked = (db: Db) =>
  db
    .selectFrom('repositories')
    .select(['id', 'owner', 'name', 'github_id', 'configured_default_branch', 'default_branch'])
    .select(['never_rescrape_before', idSeenAt.as('idSeenAt'), firstPushAt.as('firstPushAt')])
    .select(formerBranches.as('formerBranches'))
    .where('status', '<>', 'ARCHIVED')
    .orderBy('id');

type TrackedRow = Awaited<ReturnType<ReturnType<typeof selectTracked>['execute']>>[number];

function toTracked(row: TrackedRow): TrackedRepository {
  return {
    id: row.id,
    owner: row.owner,
    name: row.name,
    githubId: row.github_id,
    idSeenAt: row.idSeenAt,
    defaultBranch: row.configured_default_branch ?? row.default_branch,
    configuredBranch: row.configured_default_branch,
    formerBranches: row.formerBranches.map(({ branch, until }) => ({
      branch,
      until: new Date(until),
    })),
    firstPushAt: row.firstPushAt,
    neverRescrapeBefore: row.never_rescrape_before,
  };
}

/**
 * Stores that repositories were read until `dataUntil`. `scrapedAt` is the clock of the run; null
 * where the read is partial, so that the repository stays due. Only the source `github` clears the
 * failure of a repository: no other source knows whether GitHub can show it. No mark is stored, and
 * none stays, that lies beyond the clock of this machine: it would stop the reading until then.
 */
export async function markScraped(
  trx: Db,
  ids: readonly number[],
  scrapedAt: Date | null,
  dataUntil: Date,
  source = 'github',
): Promise<void> {
  const isGithub = sql<boolean>`${source}::text = 'github'`;
  const clock = new Date();
  const newer = (column: 'last_scraped_at' | 'data_until', mark: Date | null) => sql<Date>`GREATEST(
    CASE WHEN ${sql.ref(column)} <= ${clock} THEN ${sql.ref(column)} END,
    ${mark && earlierOf(mark, clock)}::timestamptz)`;
  await sql`
    UPDATE repositories SET
      failure_reason = CASE WHEN ${isGithub} THEN NULL ELSE failure_reason END,
      status = CASE WHEN status = 'ARCHIVED' OR (status = 'FAILED' AND NOT ${isGithub})
        THEN status ELSE 'ACTIVE' END,
      last_scraped_at = ${newer('last_scraped_at', scrapedAt)},
      data_until = ${newer('data_until', dataUntil)}
    WHERE id = ANY(${ids}::bigint[])
  `.execute(trx);
}

/** Stores that a repository can't be read, and why. Returns whether that was not known yet. */
export async function markUnavailable(
  trx: Db,
  repositoryId: number,
  reason: string,
): Promise<boolean> {
  const failure_reason = toStoredText(withoutSecrets(reason), LONGEST.description);
  const { numUpdatedRows } = await trx
    .updateTable('repositories')
    .set({ status: 'FAILED', failure_reason })
    .where('id', '=', repositoryId)
    .where('status', '<>', 'ARCHIVED')
    .where(sql<boolean>`(status <> 'FAILED' OR failure_reason IS DISTINCT FROM ${failure_reason})`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Stores how many commits of a repository are dated outside of what is read, or adds some. */
export async function saveDatedOutside(
  trx: Db,
  repositoryId: number,
  { before, after, isWhole }: DatedOutside,
): Promise<void> {
  await sql`
    UPDATE repositories SET
      commits_before_window = CASE WHEN ${isWhole} THEN COALESCE(${before}, commits_before_window)
        ELSE COALESCE(commits_before_window, 0) + COALESCE(${before}::integer, 0) END,
      commits_after_window = CASE WHEN ${isWhole} THEN ${after}::integer
        ELSE COALESCE(commits_after_window, 0) + ${after}::integer END
    WHERE id = ${repositoryId}
  `.execute(trx);
}

/** Stores what is shown of repositories, for a source without an API that states it. */
export async function describeRepositories(
  db: Db,
  repositories: readonly RepositoryDescription[],
): Promise<void> {
  for (const { owner, name, description, language, stars, topics } of repositories) {
    await db
      .updateTable('repositories')
      .set({ description, language, stars, topics: JSON.stringify(topics) })
      .where(sql<string>`lower(owner COLLATE "C")`, '=', asciiLower(owner))
      .where(sql<string>`lower(name COLLATE "C")`, '=', asciiLower(name))
      .execute();
  }
}
