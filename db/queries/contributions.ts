import { type RawBuilder, sql } from 'kysely';
import type { Contribution } from '../../pipeline/domain/contribution.ts';
import type { Db } from '../client.ts';

/**
 * Orders two versions of one contribution: the smaller one stays. It is a total order of whole
 * rows, so that the order in which they arrive makes no difference: GitHub's own before the
 * archive's, a complete merge (which has lines) before a trimmed one, the earlier one, one with an
 * account before one without, and then any other difference.
 */
export function precedence(
  row: 'new' | 'excluded' | 'contribution_events' | 'known' | 'moved',
): RawBuilder<unknown> {
  const column = (name: string) => sql.ref(`${row}.${name}`);
  return sql`
    CASE ${column('source')} WHEN 'github' THEN 0 ELSE 1 END,
    (${column('lines_added')} IS NULL)::integer,
    ${column('occurred_at')},
    (${column('user_id')} IS NULL)::integer,
    COALESCE(${column('user_id')}, 0),
    COALESCE(${column('lines_added')}, 0),
    COALESCE(${column('lines_deleted')}, 0),
    ${column('source')} COLLATE "C",
    COALESCE(${column('branch')}, '') COLLATE "C"`;
}

/**
 * Writes contributions by their natural keys and returns how many rows changed.
 * A stored contribution is replaced only by a better version of it; what GitHub states today
 * replaces what it stated before. The rows of the accounts must exist.
 */
export async function upsertContributions(
  db: Db,
  source: string,
  contributions: readonly Contribution[],
): Promise<number> {
  if (contributions.length === 0) return 0;
  const column = <T>(value: (contribution: Contribution) => T) => contributions.map(value);
  const result = await sql`
    INSERT INTO contribution_events (repository_id, event_id, kind, user_id, occurred_at,
      subject_number, lines_added, lines_deleted, source, branch)
    SELECT DISTINCT ON (new.repository_id, new.event_id) new.repository_id, new.event_id,
      new.kind, new.user_id, new.occurred_at, new.subject_number, new.lines_added,
      new.lines_deleted, new.source, new.branch
    FROM (
      SELECT *, ${source}::text AS source FROM unnest(
        ${column((row) => row.repositoryId)}::bigint[],
        ${column((row) => row.eventId)}::text[],
        ${column((row) => row.kind)}::text[],
        ${column((row) => row.account?.id ?? null)}::bigint[],
        ${column((row) => row.occurredAt.toISOString())}::timestamptz[],
        ${column((row) => row.subjectNumber)}::integer[],
        ${column((row) => row.linesAdded)}::bigint[],
        ${column((row) => row.linesDeleted)}::bigint[],
        ${column((row) => row.branch ?? null)}::text[]
      ) AS t (repository_id, event_id, kind, user_id, occurred_at, subject_number,
        lines_added, lines_deleted, branch)
    ) AS new
    ORDER BY new.repository_id, new.event_id, ${precedence('new')}
    ON CONFLICT (repository_id, event_id) DO UPDATE SET
      kind = excluded.kind, user_id = excluded.user_id, occurred_at = excluded.occurred_at,
      subject_number = excluded.subject_number, lines_added = excluded.lines_added,
      lines_deleted = excluded.lines_deleted, source = excluded.source, branch = excluded.branch
    WHERE (excluded.source = 'github' OR
        (${precedence('excluded')}) < (${precedence('contribution_events')}))
      AND (excluded.user_id, excluded.occurred_at, excluded.lines_added, excluded.lines_deleted,
          excluded.source, excluded.branch)
        IS DISTINCT FROM (contribution_events.user_id, contribution_events.occurred_at,
          contribution_events.lines_added, contribution_events.lines_deleted,
          contribution_events.source, contribution_events.branch)
  `.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/**
 * Corrects what could not be decided when it was read: a trimmed merge is credited to the author
 * of the pull request, and reviews of one's own pull request are deleted. The author is known from
 * the opening or the merge of the pull request, whichever source reported them.
 * Boards do not depend on the deletion: `eligibleContributions` applies the same rule, aliases
 * included. It keeps the stored rows equal, whether or not the source knew the author.
 */
export async function attributeContributions(
  db: Db,
  repositoryIds: readonly number[],
): Promise<{ credited: number; selfReviews: number }> {
  const credited = await sql`
    UPDATE contribution_events AS merged SET user_id = opened.user_id
    FROM contribution_events AS opened
    WHERE merged.repository_id = ANY(${repositoryIds}::bigint[])
      AND merged.kind = 'PR_MERGED' AND merged.lines_added IS NULL AND merged.source <> 'github'
      AND opened.repository_id = merged.repository_id
      AND opened.event_id = 'pr:' || merged.subject_number || ':opened'
      AND opened.user_id IS NOT NULL AND merged.user_id IS DISTINCT FROM opened.user_id
  `.execute(db);
  const byOpening = await deleteOwnReviews(db, repositoryIds, 'opened');
  const byMerge = await deleteOwnReviews(db, repositoryIds, 'merged');
  return { credited: Number(credited.numAffectedRows ?? 0), selfReviews: byOpening + byMerge };
}

/** Deletes reviews by the author of the pull request, known from its opening or its merge. */
async function deleteOwnReviews(
  db: Db,
  repositoryIds: readonly number[],
  fact: 'opened' | 'merged',
): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM contribution_events AS review USING contribution_events AS pull
    WHERE review.repository_id = ANY(${repositoryIds}::bigint[])
      AND review.kind = 'PR_REVIEWED'
      AND pull.repository_id = review.repository_id
      AND pull.event_id = 'pr:' || review.subject_number || ${sql.lit(`:${fact}`)}
      AND pull.user_id = review.user_id
  `.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Deletes contributions that no longer exist on GitHub, such as commits of a rewritten branch. */
export async function deleteContributions(
  db: Db,
  repositoryId: number,
  eventIds: readonly string[],
): Promise<void> {
  if (eventIds.length === 0) return;
  await db
    .deleteFrom('contribution_events')
    .where('repository_id', '=', repositoryId)
    .where(sql<boolean>`event_id = ANY(${eventIds}::text[])`)
    .execute();
}

/** Event ids of the commits that the source `github` stored from a moment on. */
export async function readGithubCommitIds(
  db: Db,
  repositoryId: number,
  from: Date,
): Promise<string[]> {
  const rows = await db
    .selectFrom('contribution_events')
    .select('event_id')
    .where('repository_id', '=', repositoryId)
    .where('kind', '=', 'COMMIT')
    .where('source', '=', 'github')
    .where('occurred_at', '>=', from)
    .execute();
  return rows.map((row) => row.event_id);
}

/**
 * Deletes the archive's commits from windows that were read completely from GitHub, whose list of
 * the branch's commits is the truth: the archive's other commits of that time are merge commits,
 * or were removed by a force push. Returns how many rows were deleted.
 */
export async function deleteCommitsUnknownToGithub(
  trx: Db,
  repositoryIds: readonly number[],
): Promise<number> {
  const result = await sql`
    DELETE FROM contribution_events AS archived USING scrape_windows AS read
    WHERE archived.repository_id = ANY(${repositoryIds}::bigint[])
      AND archived.kind = 'COMMIT' AND archived.source <> 'github'
      AND read.repository_id = archived.repository_id AND read.source = 'github'
      AND read.completeness = 1
      AND archived.occurred_at >= read.window_from AND archived.occurred_at < read.window_to
  `.execute(trx);
  return Number(result.numAffectedRows ?? 0);
}

/**
 * Deletes the archive's commits on the other one of `main` and `master` that were pushed after the
 * first push to the default branch: windows are read in any order. Returns how many were deleted.
 */
export async function deleteCommitsOfOtherBranch(
  trx: Db,
  repositoryIds: readonly number[],
): Promise<number> {
  const result = await sql`
    DELETE FROM contribution_events AS pushed USING repositories AS row, branch_pushes AS first
    WHERE pushed.repository_id = ANY(${repositoryIds}::bigint[])
      AND pushed.kind = 'COMMIT' AND pushed.source <> 'github' AND pushed.branch IS NOT NULL
      AND row.id = pushed.repository_id AND first.repository_id = row.id
      AND first.branch = COALESCE(row.configured_default_branch, row.default_branch)
      AND first.branch <> pushed.branch AND pushed.occurred_at >= first.first_pushed_at
      AND NOT EXISTS (SELECT FROM former_default_branches AS former
        WHERE former.repository_id = row.id AND former.branch = pushed.branch
          AND pushed.occurred_at < former.until)
  `.execute(trx);
  return Number(result.numAffectedRows ?? 0);
}

/** Whether any contribution is stored. */
export async function hasContributions(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('contribution_events')
    .select('event_id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
