import { type RawBuilder, sql } from 'kysely';
import type { ContributionKind } from '../../pipeline/domain/contribution.ts';
import type { Period } from '../../pipeline/domain/period.ts';
import type { Db } from '../client.ts';
import { COUNT_COLUMNS, KINDS, TALLY_COLUMNS } from './board-columns.ts';
import { credited } from './credited.ts';

/** What a calculation of the boards depends on, beside the tables. */
export interface BoardTerms {
  /** Version of the weights, as stored in `scoring_weights`. */
  readonly version: string;
  /** Contributions before it count. */
  readonly now: Date;
  /** Longest first, each within the one before; `from` is the first moment that counts. */
  readonly spans: readonly { readonly period: Period; readonly from: Date | null }[];
  /** UTC date: ranks are compared with the last snapshot before it. */
  readonly today: string;
}

const columns = (names: readonly string[], table?: string) =>
  sql.join(names.map((name) => sql.ref(table ? `${table}.${name}` : name)));

/** Makes a second calculation wait for the first one's transaction. The key is any number of ours. */
export async function lockBoards(trx: Db): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(20260102)`.execute(trx);
}

/**
 * Replaces the boards of all repositories and returns the number of entries.
 * All of them: as the clock moves, contributions enter and leave a period of a quiet repository.
 * Run it in a transaction, so that a reader never sees half a board.
 */
export async function replaceRepositoryBoards(trx: Db, terms: BoardTerms): Promise<number> {
  await trx.deleteFrom('repository_leaderboards').execute();
  const result = await sql`
    INSERT INTO repository_leaderboards (repository_id, period, user_id, total_score, points,
      ${columns(TALLY_COLUMNS)}, rank, previous_rank)
    WITH tallies AS (${tallies(terms)}), scores AS (${scores(terms)})
    ${ranked(sql`s.repository_id`, sql`s.repository_id,`, sql``, terms.today)}
  `.execute(trx);
  return Number(result.numAffectedRows);
}

/** Replaces the global board by the sums of the repositories' boards; the same promises. */
export async function replaceGlobalBoard(trx: Db, today: string): Promise<number> {
  await trx.deleteFrom('global_leaderboard').execute();
  const result = await sql`
    INSERT INTO global_leaderboard (period, user_id, total_score, points,
      ${columns(TALLY_COLUMNS)}, repositories_contributed, rank, previous_rank)
    WITH scores AS (${sums})
    ${ranked(sql`0`, sql``, sql`s.repositories_contributed,`, today)}
  `.execute(trx);
  return Number(result.numAffectedRows);
}

/**
 * One pass over the contributions: counts and lines by repository, person, kind and depth, which
 * is how many of the nested periods beyond the longest hold the contribution.
 */
function tallies({ now, spans }: BoardTerms): RawBuilder<unknown> {
  const starts = spans.flatMap(({ from }) => (from ? [from.toISOString()] : []));
  return sql`
    SELECT repository_id, user_id, kind,
      width_bucket(occurred_at, ${starts}::timestamptz[]) AS depth, count(*) AS n,
      coalesce(sum(lines_added), 0) AS lines_added,
      coalesce(sum(lines_deleted), 0) AS lines_deleted,
      min(occurred_at) AS first_at, max(occurred_at) AS last_at
    FROM ${credited(now)} AS counted
    GROUP BY 1, 2, 3, 4`;
}

/**
 * The score, and the only place that knows it: the sum over kinds of count × points, and a bonus
 * for lines up to the cap. Exact decimals, so that the parts sum to the whole.
 */
function scores({ version, spans }: BoardTerms): RawBuilder<unknown> {
  const depths = sql.join(spans.map(({ period }, depth) => sql`(${period}, ${depth}::integer)`));
  return sql`
    SELECT repository_id, period, user_id, base + line_bonus AS total_score,
      parts || jsonb_build_object('line_bonus', line_bonus) AS points, ${columns(TALLY_COLUMNS)}
    FROM (
      SELECT t.repository_id, span.period, t.user_id,
        sum(t.n * w.points) AS base,
        trim_scale(round(least(max(w.line_cap), sum(t.lines_added * w.points_per_line_added
          + t.lines_deleted * w.points_per_line_deleted)), 3)) AS line_bonus,
        ${parts((kind) => sql`sum(t.n * w.points) FILTER (WHERE t.kind = ${sql.lit(kind)})`)} AS parts,
        ${counts},
        coalesce(sum(t.lines_added) FILTER (WHERE w.counts_lines), 0) AS lines_added,
        coalesce(sum(t.lines_deleted) FILTER (WHERE w.counts_lines), 0) AS lines_deleted,
        min(t.first_at) AS first_contribution_at, max(t.last_at) AS last_contribution_at
      FROM tallies t
      JOIN (VALUES ${depths}) AS span (period, depth) ON span.depth <= t.depth
      JOIN scoring_weights w ON w.version = ${version} AND w.kind = t.kind
      GROUP BY t.repository_id, span.period, t.user_id
    ) AS summed`;
}

const counts = sql.join(
  KINDS.map(
    (kind) => sql`coalesce(sum(t.n) FILTER (WHERE t.kind = ${sql.lit(kind)}), 0)
      AS ${sql.ref(COUNT_COLUMNS[kind])}`,
  ),
);

/** Points by kind as JSON. */
function parts(points: (kind: ContributionKind) => RawBuilder<unknown>): RawBuilder<unknown> {
  const pairs = KINDS.map((kind) => sql`${sql.lit(kind)}, coalesce(${points(kind)}, 0)`);
  return sql`jsonb_build_object(${sql.join(pairs)})`;
}

/** A global score is the sum of the same person's repository scores, part by part. */
const part = (name: string) => sql`sum((points->>${sql.lit(name)})::numeric)`;
const sums = sql`
  SELECT period, user_id, sum(total_score) AS total_score,
    ${parts(part)} || jsonb_build_object('line_bonus', ${part('line_bonus')}) AS points,
    ${sql.join(TALLY_COLUMNS.map((name) => sql`${aggregate(name)} AS ${sql.ref(name)}`))},
    count(*) AS repositories_contributed
  FROM repository_leaderboards
  GROUP BY period, user_id`;

function aggregate(name: (typeof TALLY_COLUMNS)[number]): RawBuilder<unknown> {
  if (name === 'first_contribution_at') return sql`min(${sql.ref(name)})`;
  if (name === 'last_contribution_at') return sql`max(${sql.ref(name)})`;
  return sql`sum(${sql.ref(name)})`;
}

/**
 * Ranks `scores` within each board, ties sharing a rank (1, 2, 2, 4), and looks each rank up in
 * the board's last snapshot before today. `board` is the repository's id, 0 for the global board.
 */
function ranked(
  board: RawBuilder<unknown>,
  key: RawBuilder<unknown>,
  extra: RawBuilder<unknown>,
  today: string,
): RawBuilder<unknown> {
  return sql`
    , boards AS (SELECT DISTINCT ${board} AS repository_id, period FROM scores s),
    last_days AS (
      SELECT b.repository_id, b.period, (
        SELECT max(taken_on) FROM leaderboard_snapshots l WHERE l.repository_id = b.repository_id
          AND l.period = b.period AND l.taken_on < ${today}::date
      ) AS taken_on
      FROM boards b
    )
    SELECT ${key} s.period, s.user_id, s.total_score, s.points, ${columns(TALLY_COLUMNS, 's')},
      ${extra} rank() OVER (PARTITION BY ${key} s.period ORDER BY s.total_score DESC),
      previous.rank
    FROM scores s
    LEFT JOIN last_days d ON d.repository_id = ${board} AND d.period = s.period
    LEFT JOIN leaderboard_snapshots previous ON previous.taken_on = d.taken_on
      AND previous.repository_id = d.repository_id AND previous.period = d.period
      AND previous.user_id = s.user_id`;
}
