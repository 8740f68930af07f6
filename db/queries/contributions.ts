import { type RawBuilder, sql } from 'kysely';
import type { Contribution } from '../../pipeline/domain/contribution.ts';
import type { Db } from '../client.ts';
import { listOf } from './looks.ts';

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
 * replaces what it stated before. A title is replaced by another, never by none. The rows of the accounts must exist.
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
      subject_number, lines_added, lines_deleted, title, reference, branch, source, missed_at)
    SELECT DISTINCT ON (new.repository_id, new.event_id) new.repository_id, new.event_id,
      new.kind, new.user_id, new.occurred_at, new.subject_number, new.lines_added,
      new.lines_deleted, new.title, new.reference, new.branch, new.source,
      (SELECT clock FROM calculations WHERE new.occurred_at < clock)
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
        ${column((row) => row.title ?? null)}::text[],
        ${column((row) => row.reference ?? null)}::text[],
        ${column((row) => row.branch ?? null)}::text[]
      ) AS t (repository_id, event_id, kind, user_id, occurred_at, subject_number,
        lines_added, lines_deleted, title, reference, branch)
    ) AS new
    ORDER BY new.repository_id, new.event_id, ${precedence('new')}
    ON CONFLICT (repository_id, event_id) DO UPDATE SET
      kind = excluded.kind, user_id = excluded.user_id, occurred_at = excluded.occurred_at,
      subject_number = excluded.subject_number, lines_added = excluded.lines_added,
      lines_deleted = excluded.lines_deleted, source = excluded.source, branch = excluded.branch,
      title = ${latest('title')}, reference = ${latest('reference')}
    WHERE (excluded.source = 'github' OR
        (${precedence('excluded')}) < (${precedence('contribution_events')}))
      AND (excluded.user_id, excluded.occurred_at, excluded.lines_added, excluded.lines_deleted,
          excluded.source, excluded.branch, ${latest('title')}, ${latest('reference')})
        IS DISTINCT FROM (contribution_events.user_id, contribution_events.occurred_at,
          contribution_events.lines_added, contribution_events.lines_deleted,
          contribution_events.source, contribution_events.branch, contribution_events.title,
          contribution_events.reference)
  `.execute(db);
  await fillTitles(db, contributions);
  return Number(result.numAffectedRows ?? 0);
}

/** What GitHub states today replaces what is stored; of other sources, see `fillTitles`. */
const latest = (column: 'title' | 'reference') => sql`
  CASE WHEN excluded.source = 'github'
    THEN coalesce(${sql.ref(`excluded.${column}`)}, ${sql.ref(`contribution_events.${column}`)})
    ELSE ${sql.ref(`contribution_events.${column}`)} END`;

/**
 * Stores the titles and references of archives, also of versions that are not the better ones
 * otherwise: a version without a title may be that. GitHub's own stays; of two that archives state,
 * the first in the order of bytes, whichever comes first.
 */
async function fillTitles(db: Db, contributions: readonly Contribution[]): Promise<void> {
  const known = contributions.filter(({ title, reference }) => title || reference);
  if (known.length === 0) return;
  await sql`
    UPDATE contribution_events AS stored SET title = ${filled('title')},
      reference = ${filled('reference')}
    FROM (
      SELECT repository_id, event_id, min(title COLLATE "C") AS title,
        min(reference COLLATE "C") AS reference
      FROM unnest(
        ${known.map((row) => row.repositoryId)}::bigint[],
        ${known.map((row) => row.eventId)}::text[],
        ${known.map((row) => row.title ?? null)}::text[],
        ${known.map((row) => row.reference ?? null)}::text[]
      ) AS t (repository_id, event_id, title, reference)
      GROUP BY repository_id, event_id
    ) AS new
    WHERE stored.repository_id = new.repository_id AND stored.event_id = new.event_id
      AND (stored.title, stored.reference)
        IS DISTINCT FROM (${filled('title')}, ${filled('reference')})
  `.execute(db);
}

const filled = (column: 'title' | 'reference') => {
  const [stored, given] = [sql.ref(`stored.${column}`), sql.ref(`new.${column}`)];
  return sql`CASE WHEN stored.source = 'github' THEN coalesce(${stored}, ${given})
    ELSE least(${stored} COLLATE "C", ${given}) END`;
};

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

/**
 * Deletes contributions that no longer exist on GitHub, such as commits of a rewritten branch, and
 * the parts of their co-authors. Returns how many rows were deleted.
 */
export async function deleteContributions(
  trx: Db,
  repositoryId: number,
  eventIds: readonly string[],
): Promise<number> {
  if (eventIds.length === 0) return 0;
  const { numAffectedRows } = await sql`
    DELETE FROM contribution_events
    WHERE repository_id = ${repositoryId} AND (event_id = ANY(${eventIds}::text[])
      OR (kind = 'COMMIT' AND substring(event_id FROM '^commit:[^:]+') = ANY(${eventIds}::text[])))
  `.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Deletes all that belongs to some issues or pull requests. Returns how many rows were deleted. */
export async function deleteContributionsOfNumbers(
  trx: Db,
  repositoryId: number,
  numbers: readonly number[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM contribution_events
    WHERE repository_id = ${repositoryId} AND subject_number = ANY(${numbers}::integer[])
  `.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/**
 * Deletes what only the archive credits from windows that were read completely from GitHub. The
 * rule: GitHub's lists are the authority for the time that they were read of. A commit that is not
 * among the branch's is a merge commit or was removed by a force push; an issue, a comment or a
 * review that is not in its list was deleted, transferred or hidden since. A list that holds
 * something that could not be read or stored is no authority. Returns how many rows were deleted.
 */
export async function deleteUnknownToGithub(
  trx: Db,
  repositoryIds: readonly number[],
): Promise<number> {
  const result = await sql`
    DELETE FROM contribution_events AS archived USING scrape_windows AS read, source_cursors AS list
    WHERE archived.repository_id = ANY(${repositoryIds}::bigint[]) AND archived.source <> 'github'
      AND read.repository_id = archived.repository_id AND read.source = 'github'
      AND read.completeness = 1
      AND archived.occurred_at >= read.window_from AND archived.occurred_at < read.window_to
      AND list.repository_id = archived.repository_id
      AND list.list = ${listOf('archived')} AND NOT list.is_doubtful
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
