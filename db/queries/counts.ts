import { type RawBuilder, sql } from 'kysely';
import { CONTRIBUTION_KINDS, countColumn } from '../../pipeline/domain/contribution-kinds.ts';
import { periodStart } from '../../pipeline/domain/time.ts';
import { changedPeople } from './contribution-changes.ts';
import { eligibleContributions, firstContributions } from './eligible-contributions.ts';
import type { BoardInputs } from './score.ts';

/** Counts of what each person did in each repository and period. */
export interface Counts {
  /** Tables of a query, with `counts_by_period` among them. */
  readonly counts: RawBuilder<unknown>;
  /** Whether the entry of a board `b` is counted anew: without a count, it is no more. */
  readonly isConcerned: RawBuilder<boolean>;
}

/**
 * Of everybody, by one pass over all contributions, or over some.
 * @param which a condition on `c`
 */
export function allCounts(inputs: BoardInputs, which?: RawBuilder<boolean>): Counts {
  const contributions = eligibleContributions(inputs.now, which);
  return {
    counts: sql`counts_by_depth AS (${countsByDepth(inputs, contributions)}),
      counts_by_period AS (${countsByPeriod(inputs)})`,
    isConcerned: sql`true`,
  };
}

/**
 * Of whoever changed since the last calculation, by all that these did; and of whoever did anything
 * that the periods have left behind since, by taking that off the stored entry. All of it is one
 * statement, which sees the notes and the contributions of one moment.
 */
export function changedCounts(inputs: BoardInputs, last: Date): Counts {
  const ofChanged = sql`(SELECT c.* FROM changed_places p CROSS JOIN LATERAL (
    SELECT * FROM ${eligibleContributions(
      inputs.now,
      sql`c.user_id = p.user_id AND c.repository_id = p.repository_id`,
    )} AS one OFFSET 0) AS c)`;
  return {
    counts: sql`${changedPeople},
      changed_places AS (${changedPlaces}),
      counts_by_depth AS (SELECT * FROM (${countsByDepth(inputs, ofChanged)}) AS t
        WHERE ${isChanged('t')}),
      left_behind AS (${leftBehind(inputs, last)}),
      counts_by_period AS (${countsByPeriod(inputs)} UNION ALL ${remaining(inputs)})`,
    isConcerned: sql`(${isChanged('b')} OR (b.repository_id, b.period, b.user_id) IN (
      SELECT repository_id, period, user_id FROM left_behind))`,
  };
}

/** The repositories and accounts whose contributions are counted again. */
const changedPlaces = sql`
  SELECT repository_id, user_id FROM changed_accounts WHERE repository_id IS NOT NULL
  UNION SELECT c.repository_id, c.user_id FROM changed_accounts a
    CROSS JOIN LATERAL (SELECT DISTINCT repository_id, user_id FROM contribution_events
      WHERE user_id = a.user_id) AS c WHERE a.repository_id IS NULL
  UNION SELECT c.repository_id, c.user_id FROM notes n
    CROSS JOIN LATERAL (SELECT DISTINCT repository_id, user_id FROM contribution_events
      WHERE repository_id = n.repository_id AND user_id IS NOT NULL) AS c
    WHERE n.user_id IS NULL`;

/** Whether a person of a table is counted again in a repository. */
const isChanged = (table: string): RawBuilder<boolean> => {
  const repository = sql.ref(`${table}.repository_id`);
  const user = sql.ref(`${table}.user_id`);
  return sql`(${repository} IN (SELECT repository_id FROM notes WHERE user_id IS NULL)
    OR ${user} IN (SELECT user_id FROM changed_people WHERE repository_id IS NULL)
    OR (${repository}, ${user}) IN (
      SELECT repository_id, user_id FROM changed_people WHERE repository_id IS NOT NULL))`;
};

/**
 * One pass over contributions: counts and lines by repository, person, kind and depth. The depth is
 * the number of periods, besides the longest, that contain the contribution.
 */
function countsByDepth(
  { version, periods }: BoardInputs,
  contributions: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const starts = periods.flatMap(({ from }) => (from ? [from.toISOString()] : []));
  return sql`
    SELECT c.repository_id, c.user_id, c.kind,
      width_bucket(c.occurred_at, ${starts}::timestamptz[]) AS depth, ${sumsOf('c')},
      min(c.occurred_at) AS first_at, max(c.occurred_at) AS last_at
    FROM ${contributions} AS c
    JOIN scoring_weights w ON w.version = ${version} AND w.kind = c.kind
    GROUP BY 1, 2, 3, 4`;
}

const sumsOf = (table: string) => sql`count(*)::integer AS n,
  coalesce(sum(${sql.ref(`${table}.lines_added`)}) FILTER (WHERE w.counts_lines), 0)::bigint
    AS lines_added,
  coalesce(sum(${sql.ref(`${table}.lines_deleted`)}) FILTER (WHERE w.counts_lines), 0)::bigint
    AS lines_deleted`;

/** What each person did in each repository and period, from the table `counts_by_depth`. */
function countsByPeriod({ periods }: BoardInputs): RawBuilder<unknown> {
  const depths = sql.join(periods.map(({ period }, depth) => sql`(${period}, ${depth}::integer)`));
  return sql`
    SELECT t.repository_id, p.period, t.user_id, ${byKind},
      sum(t.lines_added)::bigint AS lines_added, sum(t.lines_deleted)::bigint AS lines_deleted,
      min(t.first_at) AS first_contribution_at, max(t.last_at) AS last_contribution_at
    FROM counts_by_depth t
    JOIN (VALUES ${depths}) AS p (period, depth) ON p.depth <= t.depth
    GROUP BY t.repository_id, p.period, t.user_id`;
}

const byKind = sql.join(
  CONTRIBUTION_KINDS.map(
    (kind) => sql`coalesce(sum(t.n) FILTER (WHERE t.kind = ${sql.lit(kind)}), 0)
      AS ${sql.ref(countColumn(kind))}`,
  ),
);

/** What counted in the periods of the last calculation and is now before them, of the others. */
function leftBehind({ version, now, periods }: BoardInputs, last: Date): RawBuilder<unknown> {
  const bounds = periods.flatMap(({ period, from }) =>
    from ? [{ period, was: periodStart(period, last) as Date, from }] : [],
  );
  const moment = (date: Date) => sql`${date.toISOString()}::timestamptz`;
  const within = bounds.map(
    ({ was, from }) => sql`c.occurred_at >= ${moment(was)} AND c.occurred_at < ${moment(from)}`,
  );
  const rows = bounds.map(
    ({ period, was, from }) => sql`(${period}, ${moment(was)}, ${moment(from)})`,
  );
  return sql`
    SELECT c.repository_id, p.period, c.user_id, c.kind, p.now_from, ${sumsOf('c')}
    FROM ${eligibleContributions(now, sql`(${sql.join(within, sql` OR `)})`)} AS c
    JOIN (VALUES ${sql.join(rows)}) AS p (period, was_from, now_from)
      ON c.occurred_at >= p.was_from AND c.occurred_at < p.now_from
    JOIN scoring_weights w ON w.version = ${version} AND w.kind = c.kind
    WHERE NOT ${isChanged('c')}
    GROUP BY c.repository_id, p.period, c.user_id, c.kind, p.now_from`;
}

/** The stored entries without what their periods have left behind. */
function remaining({ now }: BoardInputs): RawBuilder<unknown> {
  const counts = CONTRIBUTION_KINDS.map((kind) => {
    const name = countColumn(kind);
    return sql`b.${sql.id(name)} - l.${sql.id(name)} AS ${sql.id(name)}`;
  });
  const first = firstContributions(now, {
    chosen: sql`SELECT github_id FROM github_users
      WHERE github_id = b.user_id OR alias_of = b.user_id`,
    // No `=`, for which all of the repository's contributions could be searched.
    where: sql`c.repository_id IS NOT DISTINCT FROM b.repository_id AND c.occurred_at >= l.now_from`,
    order: sql`c.occurred_at`,
    limit: 1,
  });
  return sql`
    SELECT b.repository_id, b.period, b.user_id, ${sql.join(counts)},
      b.lines_added - l.lines_added, b.lines_deleted - l.lines_deleted,
      rest.first_at, b.last_contribution_at
    FROM (SELECT t.repository_id, t.period, t.user_id, t.now_from, ${byKind},
        sum(t.lines_added)::bigint AS lines_added, sum(t.lines_deleted)::bigint AS lines_deleted
      FROM left_behind t GROUP BY t.repository_id, t.period, t.user_id, t.now_from) AS l
    JOIN repository_leaderboards b ON b.repository_id = l.repository_id
      AND b.period = l.period AND b.user_id = l.user_id
    CROSS JOIN LATERAL (SELECT min(occurred_at) AS first_at FROM (${first}) AS one) AS rest
    WHERE rest.first_at IS NOT NULL`;
}
